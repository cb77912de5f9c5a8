"""Who makes, lists and ends tokens, for whom, and how much they open."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.utils import timezone

from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.access.models import ApiToken, IdempotencyRecord, User
from rmaproject.access.roles import all_permissions
from rmaproject.access.scopes import expand
from rmaproject.access.tokens import create_token, make_token
from tests.access.keys import with_token
from tests.factories import UserFactory, actor_with


@pytest.fixture
def admin(roles):
    return actor_with("Administrator", username="root")


@pytest.fixture
def machine(roles):
    """A user that only programs act as."""
    user = User.objects.create_user("machine")
    user.groups.add(Group.objects.get(name="Integrator"))
    return user


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
    until = timezone.now() + timedelta(hours=1)
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
