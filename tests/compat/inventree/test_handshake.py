from __future__ import annotations

from typing import Any

import pytest

from rmaproject.access.actors import Actor
from rmaproject.access.models import ApiToken
from tests.compat.inventree.calling import Caller, basic, body
from tests.factories import actor_with

pytestmark = pytest.mark.django_db


def test_anybody_may_ask_whose_server_this_is() -> None:
    told = body(Caller().get(""))

    assert told == {
        "server": "InvenTree",
        "version": "1",
        "instance": "Returns desk",
        "apiVersion": 400,
        "worker_running": True,
        "plugins_enabled": False,
    }


def test_a_name_and_password_tell_who_calls(ada: Actor) -> None:
    told = body(Caller().get("user/me/", **basic("ada")))

    assert told["username"] == "ada"
    assert [group["name"] for group in told["groups"]] == ["Manager"]


@pytest.mark.parametrize("header", ["Basic eA==", "Basic !!", "Token no", "Basic YWRhOndyb25n"])
def test_a_wrong_credential_is_401_with_a_challenge(ada: Actor, header: str) -> None:
    answer = Caller().get("user/me/", Authorization=header)

    assert set(body(answer, 401)) == {"detail"}
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="api"'


def test_a_token_of_a_name_is_the_same_each_time_and_opens_the_door(ada: Actor) -> None:
    first = body(Caller().get("user/token/?name=mine", **basic("ada")))
    again = body(Caller().get("user/token/?name=mine", **basic("ada")))
    other = body(Caller().get("user/token/?name=other", **basic("ada")))

    assert first == again
    assert first["token"] != other["token"]
    me = body(Caller().get("user/me/", Authorization=f"Token {first['token']}"))
    assert me["username"] == "ada"
    assert ApiToken.objects.filter(user=ada.user, name="mine").count() == 1


def test_a_revoked_token_does_not_come_back_by_its_name(ada: Actor, business: Any) -> None:
    from django.utils import timezone

    old = body(Caller().get("user/token/?name=mine", **basic("ada")))["token"]
    ApiToken.objects.filter(name="mine").update(revoked_at=timezone.now())

    new = body(Caller().get("user/token/?name=mine", **basic("ada")))["token"]

    assert new != old
    body(Caller().get("user/me/", Authorization=f"Token {old}"), 401)
    body(Caller().get("user/me/", Authorization=f"Token {new}"))


def test_a_token_is_not_turned_into_another(ada: Actor) -> None:
    body(Caller(ada).get("user/token/"), 403)


def test_owners_are_users_and_groups_under_one_key(ada: Actor) -> None:
    told = body(Caller(ada).get("user/owner/"))

    models = {(row["owner_model"], row["name"]) for row in told}
    assert {("user", "ada"), ("group", "Manager")} <= models
    assert len({row["pk"] for row in told}) == len(told)
    one = next(row for row in told if row["name"] == "Manager")
    assert body(Caller(ada).get(f"user/owner/{one['pk']}/")) == one


def test_who_names_nobody_sees_only_himself(roles: None) -> None:
    actor_with("Manager", username="hidden")
    viewer = actor_with("Viewer", username="vic")

    told = body(Caller(viewer).get("user/?limit=10"))

    assert [row["username"] for row in told["results"]] == ["vic"]
    assert told["count"] == 1


def test_unknown_parameters_are_refused_by_name(ada: Actor) -> None:
    told = body(Caller(ada).get("user/?colour=red"), 400)

    assert told == {"colour": ["There is no such filter."]}


@pytest.mark.parametrize("query", ["limit=abc", "limit=0", "limit=-1", "offset=x", "ordering=y"])
def test_bad_paging_is_refused(ada: Actor, query: str) -> None:
    assert list(body(Caller(ada).get(f"user/?{query}"), 400)) == [query.partition("=")[0]]


def test_settings_say_what_a_client_may_expect(ada: Actor, business: Any) -> None:
    told = body(Caller(ada).get("settings/global/RETURNORDER_REFERENCE_PATTERN/"))

    assert told["value"] == "RMA-{ref:04d}"
    body(Caller(ada).get("settings/global/OTHER/"), 404)
