"""Who else is at a record: a hint in one line, for those who see the record, never a lock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from returns.services import issue_return
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.presence.models import Presence
from rmaproject.presence.services import come
from rmaproject.shared import clock
from tests.factories import UserFactory, ask_return, goods, sell
from tests.refunds.money import credited, refund_of
from tests.web.browser import text_of


@pytest.fixture
def order(business, bo):
    return ask_return(sell(business, bo, goods("TENT", "2", "50.00", name="Tent")))


def at_desk(user):
    client = Client()
    client.force_login(user)
    return client


def person(name, *roles):
    return UserFactory(username=name.lower(), first_name=name, roles=roles)


def test_a_colleague_is_named_with_what_is_being_done(ada, order):
    leonie = at_desk(person("Leonie", "Manager"))
    address = f"/presence/{order.uuid}/"

    alone = leonie.post(address, {"doing": "inspect"})
    seen = at_desk(ada.user).post(address, {"doing": "view"})
    both = leonie.get(address)

    assert text_of(alone).strip() == ""
    assert "Leonie is inspecting this" in text_of(seen)
    assert "ada is here too" in text_of(both)


def test_who_does_not_see_the_record_learns_of_nobody_and_is_not_shown(ada, order):
    address = f"/presence/{order.uuid}/"
    at_desk(ada.user).post(address, {"doing": "view"})

    outside = at_desk(person("Eve")).post(address, {"doing": "view"})

    assert text_of(outside).strip() == ""
    assert list(Presence.objects.values_list("user__username", flat=True)) == ["ada"]


def test_who_was_not_heard_of_for_a_while_has_gone(ada, order):
    come(ada, order.uuid, "edit")
    Presence.objects.update(seen_at=clock.now() - timedelta(seconds=30))

    seen = at_desk(person("Leonie", "Manager")).get(f"/presence/{order.uuid}/")
    Presence.objects.update(seen_at=clock.now() - timedelta(minutes=10))
    call_command("prune_presence")

    assert text_of(seen).strip() == ""
    assert not Presence.objects.exists()


def test_a_page_that_asks_often_writes_seldom_but_tells_of_other_work_at_once(ada, order):
    come(ada, order.uuid, "view")
    first = Presence.objects.get().seen_at

    come(ada, order.uuid, "view")
    again = Presence.objects.get().seen_at
    come(Actor(ada.user), order.uuid, "edit")
    row = Presence.objects.get()

    assert again == first
    assert (row.doing, row.seen_at > first) == ("edit", True)


@pytest.mark.parametrize(("page", "doing"), [("inspect", "inspect"), ("count", "receive")])
def test_a_page_of_work_says_what_is_being_done(ada, order, page, doing):
    issue_return(order.pk, actor=SYSTEM)

    shown = text_of(at_desk(ada.user).get(f"/returns/{order.uuid}/{page}/"))

    assert f"/presence/{order.uuid}/" in shown
    assert f'data-doing="{doing}"' in shown


def test_two_people_at_one_refund_know_of_each_other(ada, business, bo):
    refund = refund_of(credited(business, bo))
    at_desk(ada.user).post(f"/presence/{refund.uuid}/", {"doing": "view"})
    clerk = person("Clara", "Warehouse")
    assert not clerk.has_perm("sales.view_refund")

    seen = at_desk(person("Leonie", "Manager"))
    shown = text_of(seen.get(f"/refunds/{refund.uuid}/"))

    assert f"/presence/{refund.uuid}/" in shown
    assert "ada is here too" in text_of(seen.get(f"/presence/{refund.uuid}/"))
    assert text_of(at_desk(clerk).get(f"/presence/{refund.uuid}/")).strip() == ""


def test_a_record_page_says_where_to_ask(ada, order):
    shown = text_of(at_desk(ada.user).get(f"/returns/{order.uuid}/edit/"))

    assert f"/presence/{order.uuid}/" in shown
    assert 'data-doing="edit"' in shown
