"""Tokens open what they say, as long and from where they say, and never more than their maker."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils import timezone

from customers.models import Company
from rmaproject.access.models import ApiToken
from rmaproject.access.roles import all_permissions
from rmaproject.access.scopes import expand, known_scopes, permissions
from rmaproject.access.tokens import create_token, revoke_token
from rmaproject.shared.errors import Malformed
from tests.access.keys import with_token
from tests.factories import actor_with

HOUR = timedelta(hours=1)

NEW = {"reference": "NEW", "name": "New", "is_customer": True}


def test_scopes_know_every_permission_without_asking_the_database(db):
    assert set(permissions()) == set(all_permissions())
    assert {"read", "write", "customers", "stock", "sales", "returns"} <= set(known_scopes())


def test_short_words_stand_for_permissions():
    assert expand(["customers.view_company"]) == {"customers.view_company"}
    assert "returns.view_return" in expand(["read"])
    assert {name.partition(".")[2][:5] for name in expand(["read"])} == {"view_"}
    assert {name.partition(".")[0] for name in expand(["stock", "sales"])} == {"stock", "sales"}
    assert "returns.approve_return" not in expand(["write"])
    assert "returns.receive_return" in expand(["write"])


def test_a_word_that_is_no_scope_is_refused(ada):
    with pytest.raises(Malformed) as refusal:
        create_token(ada.user, scopes=["everything"])

    assert refusal.value.code == "unknown_scope"


def test_a_token_is_kept_as_a_keyed_digest_with_its_first_letters(ada, settings):
    token = create_token(ada.user, name="Shop")

    row = ApiToken.objects.get()
    assert token.startswith(row.prefix)
    assert len(row.prefix) == 10
    assert row.digest != hashlib.sha256(token.encode()).hexdigest()
    assert row.algorithm == "hmac-sha256"
    settings.TOKEN_PEPPERS = ["another"]
    assert with_token(token).status_code == 401


def test_a_new_pepper_takes_over_from_the_old_one_at_the_next_use(ada, settings):
    token = create_token(ada.user)
    settings.TOKEN_PEPPERS = ["new", *settings.TOKEN_PEPPERS]

    assert with_token(token).status_code == 200
    settings.TOKEN_PEPPERS = ["new"]

    assert with_token(token).status_code == 200


def test_a_token_of_an_old_installation_goes_on_and_gets_a_keyed_digest(ada):
    plain = hashlib.sha256(b"rma_old").hexdigest()
    ApiToken.objects.create(user=ada.user, digest=plain, algorithm="sha256")

    assert with_token("rma_old").status_code == 200

    row = ApiToken.objects.get()
    assert row.algorithm == "hmac-sha256"
    assert row.digest != plain
    assert with_token("rma_old").status_code == 200


def test_a_plain_digest_is_no_token_where_the_row_says_it_is_keyed(ada):
    plain = hashlib.sha256(b"rma_forged").hexdigest()
    ApiToken.objects.create(user=ada.user, digest=plain)

    assert with_token("rma_forged").status_code == 401


def test_a_token_opens_only_its_scopes(ada):
    token = create_token(ada.user, scopes=["read"])

    seen = with_token(token, path="/companies/")
    refused = with_token(token, "POST", "/companies/", body=NEW)

    assert seen.status_code == 200
    assert refused.status_code == 403
    assert refused.json()["code"] == "insufficient_scope"
    assert refused.json()["facts"] == {"permission": "customers.create_company"}
    challenge = 'Bearer error="insufficient_scope", scope="customers.create_company"'
    assert refused["WWW-Authenticate"] == challenge
    assert not Company.objects.exists()


def test_scopes_give_no_right_that_the_user_lacks(roles):
    viewer = actor_with("Viewer")
    token = create_token(viewer.user, scopes=["customers"])

    refused = with_token(token, "POST", "/companies/", body=NEW)

    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")


def test_a_token_ends_when_it_says(ada, monkeypatch):
    token = create_token(ada.user, expires_at=timezone.now() + HOUR)

    before = with_token(token).status_code
    later = timezone.now() + HOUR
    monkeypatch.setattr("rmaproject.shared.clock.timezone.now", lambda: later)

    assert (before, with_token(token).status_code) == (200, 401)


def test_a_token_is_taken_only_from_its_networks(ada, caplog):
    token = create_token(ada.user, addresses=["192.0.2.0/24", "2001:db8::7"])

    def status(address: str) -> int:
        return with_token(token, REMOTE_ADDR=address).status_code

    assert status("192.0.2.9") == 200
    assert status("::ffff:192.0.2.9") == 200
    assert status("2001:db8::7") == 200
    assert status("192.0.3.9") == 401
    assert status("2001:db8::8") == 401
    assert status("") == 401


def test_what_visitors_write_of_their_address_is_not_believed(ada, settings):
    token = create_token(ada.user, addresses=["192.0.2.1"])
    told = {"X-Forwarded-For": "192.0.2.1"}

    direct = with_token(token, headers=told, REMOTE_ADDR="198.51.100.1")
    settings.BEHIND_PROXY = True
    forged = {"X-Forwarded-For": "192.0.2.1, 198.51.100.1"}
    behind = with_token(token, headers=forged, REMOTE_ADDR="127.0.0.1")
    proxied = {"X-Forwarded-For": "198.51.100.1, 192.0.2.1"}
    right = with_token(token, headers=proxied, REMOTE_ADDR="127.0.0.1")

    assert (direct.status_code, behind.status_code, right.status_code) == (401, 401, 200)


def test_the_last_use_is_kept_once_a_minute(ada, caplog, monkeypatch):
    token = create_token(ada.user)

    with_token(token, REMOTE_ADDR="192.0.2.1")
    first = ApiToken.objects.get()
    with_token(token, REMOTE_ADDR="192.0.2.2")
    soon = ApiToken.objects.get()
    later = timezone.now() + timedelta(minutes=1)
    monkeypatch.setattr("rmaproject.shared.clock.timezone.now", lambda: later)
    with caplog.at_level(logging.INFO, logger="rmaproject.security"):
        with_token(token, REMOTE_ADDR="192.0.2.2")

    assert first.last_used_address == "192.0.2.1"
    assert (soon.last_used_at, soon.last_used_address) == (first.last_used_at, "192.0.2.1")
    assert ApiToken.objects.get().last_used_address == "192.0.2.2"
    assert f"Token {token[:10]} used from another address" in caplog.text


def test_a_use_that_cannot_be_noted_fails_no_request(ada, monkeypatch):
    token = create_token(ada.user)

    def broken(*args: object, **kwargs: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(QuerySet, "update", broken)

    assert with_token(token).status_code == 200


def test_a_revoked_token_is_refused_at_once_with_those_made_with_it(ada, caplog):
    parent = create_token(ada.user)
    child = with_token(parent, "POST", "/tokens/", body={"name": "Child"}).json()["token"]
    assert with_token(child).status_code == 200

    with caplog.at_level(logging.INFO, logger="rmaproject.security"):
        revoke_token(ApiToken.objects.get(name="").pk, actor=ada)

    answer = with_token(parent)
    assert (answer.status_code, with_token(child).status_code) == (401, 401)
    assert answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert f"Token {parent[:10]} revoked by" in caplog.text


def test_whoever_is_inactive_or_lost_a_role_is_refused_at_once(ada):
    token = create_token(ada.user)
    held = with_token(token, path="/companies/").status_code

    ada.user.groups.clear()
    lost = with_token(token, path="/companies/").status_code
    ada.user.is_active = False
    ada.user.save()

    assert (held, lost, with_token(token).status_code) == (200, 403, 401)


def test_a_new_password_ends_no_token(ada):
    token = create_token(ada.user)

    ada.user.set_password("another long pass phrase")
    ada.user.save()

    assert with_token(token).status_code == 200
