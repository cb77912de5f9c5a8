"""Tokens open what they say, as long and from where they say, and never more than their maker."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils import timezone

from customers.models import Company
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.access.models import ApiToken, IdempotencyRecord, User
from rmaproject.access.roles import all_permissions
from rmaproject.access.scopes import expand, known_scopes, permissions
from rmaproject.access.tokens import create_token, make_token, revoke_token
from rmaproject.shared.errors import Malformed
from tests.access.keys import with_token
from tests.factories import UserFactory, actor_with

HOUR = timedelta(hours=1)
NEW = {"reference": "NEW", "name": "New", "is_customer": True}


@pytest.fixture
def admin(roles):
    return actor_with("Administrator", username="root")


@pytest.fixture
def machine(roles):
    """A user that only programs act as."""
    user = User.objects.create_user("machine")
    user.groups.add(Group.objects.get(name="Integrator"))
    return user


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


def test_a_token_is_shown_once_and_a_repeat_by_key_tells_it_no_more(ada, caplog):
    mine = create_token(ada.user)
    ask = {"name": "Shop", "scopes": ["read"], "allowed_addresses": ["192.0.2.7/24"]}
    key = {"Idempotency-Key": "k-1"}

    with caplog.at_level(logging.DEBUG):
        first = with_token(mine, "POST", "/tokens/", body=ask, headers=key)
    again = with_token(mine, "POST", "/tokens/", body=ask, headers=key)
    row = with_token(mine, path=f"/tokens/{first.json()['id']}/")

    token = first.json()["token"]
    assert first.status_code == 201
    assert first["Cache-Control"] == "no-store"
    assert first["Location"].endswith(f"/api/v1/tokens/{first.json()['id']}/")
    assert again["Idempotency-Replayed"] == "true"
    assert again.json() == {**first.json(), "token": None}
    assert token not in caplog.text
    assert token.encode() not in bytes(IdempotencyRecord.objects.get().body)
    assert row.json() == {key: value for key, value in again.json().items() if key != "token"}
    assert row.json()["allowed_addresses"] == ["192.0.2.0/24"]
    assert with_token(token, REMOTE_ADDR="192.0.2.1").status_code == 200


def test_everybody_lists_their_own_tokens_and_an_administrator_all(ada, admin):
    create_token(ada.user, name="Ada's")
    own, all_ = create_token(ada.user, name="Listing"), create_token(admin.user, name="Root's")

    def names(token: str, path: str = "/tokens/") -> list[str]:
        return [row["name"] for row in with_token(token, path=path).json()["results"]]

    assert names(own) == ["Listing", "Ada's"]
    assert names(all_) == ["Root's", "Listing", "Ada's"]
    assert names(all_, "/tokens/?user=ada&revoked=false") == ["Listing", "Ada's"]
    roots = ApiToken.objects.get(name="Root's")
    assert with_token(own, path=f"/tokens/{roots.uuid}/").status_code == 404
    assert with_token(own, "DELETE", f"/tokens/{roots.uuid}/").status_code == 404
    roots.refresh_from_db()
    assert roots.revoked_at is None


def test_an_administrator_makes_and_revokes_tokens_of_service_users_only(ada, admin, machine):
    token = create_token(admin.user)

    made = with_token(token, "POST", "/tokens/", body={"user": "machine"})
    other = with_token(token, "POST", "/tokens/", body={"user": "ada"})
    ended = with_token(token, "DELETE", f"/tokens/{made.json()['id']}/")

    assert (made.status_code, ended.status_code) == (201, 204)
    assert (other.status_code, other.json()["code"]) == (422, "not_a_service_user")
    assert with_token(made.json()["token"]).status_code == 401
    assert not ApiToken.objects.filter(user=ada.user).exists()


def test_a_clerk_makes_no_tokens_for_others(ada, machine):
    token = create_token(ada.user)

    answer = with_token(token, "POST", "/tokens/", body={"user": "machine"})

    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"scopes": None},
        {"scopes": ["access.manage_users", "customers.create_company"]},
        {"scopes": ["access.manage_users"], "expires_at": None},
        {"scopes": ["access.manage_users"], "expires_at": "2999-01-01T00:00:00Z"},
        {"scopes": ["access.manage_users"], "allowed_addresses": []},
        {"scopes": ["access.manage_users"], "allowed_addresses": ["127.0.0.0/7"]},
        {"scopes": ["access.manage_users"], "allowed_addresses": ["::1"]},
    ],
)
def test_a_token_makes_none_that_is_more_than_itself(admin, asked):
    until = timezone.now() + HOUR
    token = create_token(
        admin.user,
        scopes=["access.manage_users", "read"],
        expires_at=until,
        addresses=["127.0.0.0/8"],
    )
    within = {"expires_at": until.isoformat(), "allowed_addresses": ["127.0.0.1"]}

    answer = with_token(token, "POST", "/tokens/", body={**within, **asked})
    fitting = {**within, "scopes": ["access.manage_users"]}
    allowed = with_token(token, "POST", "/tokens/", body=fitting)

    assert (answer.status_code, answer.json()["code"]) == (403, "exceeds_own_rights")
    assert allowed.status_code == 201
    assert ApiToken.objects.count() == 2


def test_an_administrator_without_sight_of_all_makes_no_token_that_has_it(machine):
    user = UserFactory(username="half")
    known = all_permissions()
    user.user_permissions.set([known[name] for name in set(known) - {"access.see_all_businesses"}])
    token = create_token(user)

    answer = with_token(token, "POST", "/tokens/", body={"user": "machine"})

    assert (answer.status_code, answer.json()["code"]) == (403, "exceeds_own_rights")


def test_a_token_with_scopes_makes_and_ends_none_but_itself(ada):
    token = create_token(ada.user, name="Reader", scopes=["read"])
    create_token(ada.user, name="Other")
    other, own = ApiToken.objects.get(name="Other"), ApiToken.objects.get(name="Reader")

    made = with_token(token, "POST", "/tokens/", body={"scopes": ["read"]})
    ended = with_token(token, "DELETE", f"/tokens/{other.uuid}/")
    itself = with_token(token, "DELETE", f"/tokens/{own.uuid}/")

    assert (made.status_code, ended.status_code, itself.status_code) == (403, 403, 204)
    assert ApiToken.objects.get(name="Other").revoked_at is None
    assert with_token(token).status_code == 401


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"scopes": []}, "no_scopes"),
        ({"scopes": ["x"]}, "unknown_scope"),
        ({"allowed_addresses": ["nowhere"]}, "invalid_address"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "already_over"),
        ({"user": "nobody"}, "not_found"),
        ({"colour": "red"}, "invalid"),
    ],
)
def test_a_token_that_cannot_be_is_refused(ada, asked, code):
    token = create_token(ada.user)

    answer = with_token(token, "POST", "/tokens/", body=asked)

    assert answer.json()["code"] == code
    assert ApiToken.objects.count() == 1


def test_the_command_prints_the_token_alone(ada, capsys):
    call_command("create_token", "ada", scope=["read"], days=2, address=["10.0.0.0/8"], name="Cron")

    token = capsys.readouterr().out.strip()
    row = ApiToken.objects.get()
    assert token.startswith("rma_")
    assert (row.name, row.scopes, row.allowed_addresses) == ("Cron", ["read"], ["10.0.0.0/8"])
    assert timedelta(days=1) < row.expires_at - timezone.now() < timedelta(days=2)
    assert with_token(token, REMOTE_ADDR="10.1.2.3").status_code == 200


@pytest.mark.parametrize("wrong", [{"scope": ["x"]}, {"days": 0}, {"address": ["x"]}])
def test_the_command_says_what_it_cannot_read(ada, wrong):
    with pytest.raises(CommandError):
        call_command("create_token", "ada", **wrong)

    assert not ApiToken.objects.exists()


def test_the_program_itself_may_make_any_token(ada):
    made = make_token(ada.user, actor=SYSTEM, scopes=["read"])

    assert made.row.created_by is None
    assert with_token(made.text).status_code == 200


def test_an_actor_with_scopes_is_told_what_its_key_does_not_open(ada):
    reader = Actor(ada.user, door="test", scopes=expand(["read"]))

    assert reader.may("customers.view_company")
    assert not reader.may("customers.create_company")
    assert reader.scope == ada.scope


def test_a_token_in_the_query_string_opens_nothing(ada):
    token = create_token(ada.user)

    answer = with_token("wrong", path=f"/businesses/?token={token}&access_token={token}")

    assert answer.status_code == 401
    assert json.loads(answer.content)["code"] == "not_authenticated"
