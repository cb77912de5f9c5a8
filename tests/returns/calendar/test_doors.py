"""Who may read the calendars, and what of them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from guardian.shortcuts import assign_perm, remove_perm

from returns.services import turn_returns
from rmaproject.access.actors import SYSTEM
from rmaproject.access.tokens import create_token
from tests.factories import BusinessFactory, UserFactory
from tests.returns.calendar.steps import RETURNS, SALES, an_order, an_rma, basic, events


@pytest.mark.parametrize("address", [RETURNS, SALES])
def test_a_session_a_password_and_a_token_open_both(ada, business, address):
    session = Client()
    session.force_login(ada.user)
    token = create_token(ada.user)
    headers = [basic("ada"), f"Token {token}", f"Bearer {token}"]

    assert session.get(address).status_code == 200
    for header in headers:
        assert Client().get(address, headers={"Authorization": header}).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        None,
        basic("ada", "wrong"),
        basic("a\0da"),
        basic("nobody"),
        "Basic ???",
        "Token rma_unknown",
        "Digest x",
    ],
)
def test_anybody_else_is_asked_who_they_are_without_redirect_or_cookie(ada, business, header):
    answer = Client().get(RETURNS, headers={"Authorization": header} if header else {})

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith('Basic realm="')
    assert answer.json()["code"] == "not_authenticated"
    assert not answer.cookies


def test_a_wrong_password_is_not_made_good_by_a_session(ada, business):
    session = Client()
    session.force_login(ada.user)

    answer = session.get(RETURNS, headers={"Authorization": basic("ada", "wrong")})

    assert answer.status_code == 401


def test_reading_opens_no_session(client, business):
    answer = client.get(RETURNS)

    assert not answer.cookies
    assert not client.session.keys()


def test_who_was_made_inactive_reads_no_more(client, ada, business):
    ada.user.is_active = False
    ada.user.save(update_fields=["is_active"])

    assert client.get(RETURNS).status_code == 401


@pytest.mark.parametrize("address", [RETURNS, SALES])
def test_who_lacks_the_right_is_refused(roles, business, address):
    UserFactory(username="dee")

    answer = Client().get(address, headers={"Authorization": basic("dee")})

    assert answer.status_code == 403
    assert answer.json()["code"] == "not_permitted"


def test_a_feed_lists_what_was_granted_and_no_more_once_it_is_taken_back(roles, business, bo, cy):
    group = Group.objects.create(name="Outside")
    group.permissions.set(
        Group.objects.get(name="Viewer").permissions.exclude(codename="see_all_businesses")
    )
    eve = UserFactory(username="eve", roles=["Outside"])
    other = BusinessFactory(code="2000")
    an_rma(business, bo, reference="OURS")
    an_rma(other, cy, reference="THEIRS")
    an_rma(other, cy, reference="HERS", responsible_user=eve)
    an_order(business, bo, reference="OURS")
    an_order(other, cy, reference="THEIRS")
    client = Client(headers={"Authorization": basic("eve")})

    assert set(events(client)) == {"HERS"}
    assert set(events(client, SALES)) == set()

    assign_perm("sales.view_business", eve, business)
    assert set(events(client)) == {"OURS", "HERS"}
    assert set(events(client, SALES)) == {"OURS"}

    remove_perm("sales.view_business", eve, business)
    assert set(events(client)) == {"HERS"}
    assert set(events(client, SALES)) == set()


def test_returns_switched_off_close_their_calendar_alone(client, business, bo):
    an_order(business, bo, reference="SO-1")
    turn_returns(on=False, actor=SYSTEM)

    answer = client.get(RETURNS)

    assert answer.status_code == 403
    assert answer.json()["code"] == "returns_disabled"
    assert set(events(client, SALES)) == {"SO-1"}
