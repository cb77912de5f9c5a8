"""Webhooks and events over REST."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rmaproject.access.models import IdempotencyRecord
from rmaproject.access.roles import make_roles
from rmaproject.events.models import Event
from rmaproject.webhooks.models import Delivery, Endpoint
from rmaproject.webhooks.services.spreading import spread_all
from tests.api.caller import Caller, codes, problem
from tests.factories import actor_with, ask_return, goods, sell

pytestmark = pytest.mark.django_db
HOOK = {"url": "https://hooks.example/in", "types": ["return.*"]}


@pytest.fixture
def iris(roles) -> Caller:
    """Iris, who connects other systems."""
    return Caller(actor_with("Integrator", username="iris"))


def made(caller: Caller, **values: Any) -> dict[str, Any]:
    answer = caller.post("/webhooks/", {**HOOK, **values})
    assert answer.status_code == 201, answer.content
    return answer.json()  # type: ignore[no-any-return]


def test_a_secret_is_shown_once_and_not_to_a_repeat(iris):
    first = iris.post("/webhooks/", HOOK, Idempotency_Key="k1")
    repeat = iris.post("/webhooks/", HOOK, Idempotency_Key="k1")
    read = iris.get(f"/webhooks/{first.json()['id']}/")

    assert first.json()["secret"].startswith("whsec_")
    assert repeat.json()["id"] == first.json()["id"]
    assert repeat.json()["secret"] is None
    assert "secret" not in read.json()
    assert first.json()["secret"].encode() not in bytes(IdempotencyRecord.objects.get().body)
    assert read.headers["ETag"] == '"1"'


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"url": "https://10.0.0.1/"}, "invalid_url"),
        ({"types": ["return.nothing"]}, "unknown_type"),
        ({"types": []}, "unknown_type"),
        ({"format": "smoke"}, "unknown_format"),
    ],
)
def test_what_can_be_no_webhook_is_refused(iris, values, code):
    body = problem(iris.post("/webhooks/", {**HOOK, **values}), 422)

    assert body["code"] == code
    assert not Endpoint.objects.exists()


def test_a_change_needs_the_version_and_is_kept_in_the_history(iris):
    known = made(iris)
    path = f"/webhooks/{known['id']}/"

    blind = iris.patch(path, {"description": "ERP"})
    good = iris.patch(path, {"description": "ERP", "active": False}, If_Match='"1"')

    assert problem(blind, 428)["code"] == "version_required"
    assert (good.json()["description"], good.json()["disabled_reason"]) == ("ERP", "by_hand")
    history = iris.get(f"{path}history/").json()["results"]
    assert [entry["verb"] for entry in history] == ["create", "edit"]
    assert HOOK["url"] not in str(history)


def test_one_that_was_switched_off_is_enabled_again(iris):
    known = made(iris, active=False)
    path = f"/webhooks/{known['id']}"

    refused = iris.post(f"{path}/test/")
    answer = iris.post(f"{path}/enable/", If_Match='"1"')

    assert problem(refused, 409)["code"] == "webhook_disabled"
    assert (answer.json()["active"], answer.json()["disabled_reason"]) == (True, "")


def test_a_deleted_webhook_is_gone_with_what_waited_for_it(iris, business, bo):
    known = made(iris)
    ask_return(sell(business, bo, goods("TENT")))
    spread_all()

    answer = iris.delete(f"/webhooks/{known['id']}/", If_Match='"1"')

    assert answer.status_code == 204
    assert problem(iris.get(f"/webhooks/{known['id']}/"), 404)["code"] == "not_found"
    assert iris.get("/webhooks/").json()["results"] == []
    assert Delivery.objects.get().state == "cancelled"


def test_webhooks_of_others_do_not_exist_for_who_does_not_keep_the_settings(iris):
    known = made(iris)
    path = f"/webhooks/{known['id']}"
    olga = Caller(actor_with("Integrator", username="olga"))

    answers = [
        olga.get(f"{path}/"),
        olga.patch(f"{path}/", {"url": "https://evil.example/"}, If_Match='"1"'),
        olga.post(f"{path}/rotate-secret/", If_Match='"1"'),
        olga.get(f"{path}/deliveries/"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert Endpoint.objects.get().version == 1


def test_deliveries_show_their_state_and_can_be_told_once_more(iris, business, bo):
    known = made(iris)
    ask_return(sell(business, bo, goods("TENT")))
    spread_all()
    Delivery.objects.update(state="delivered")
    path = f"/webhooks/{known['id']}/deliveries"

    listed = iris.get(f"{path}/").json()["results"]
    again = iris.post(f"{path}/{listed[0]['id']}/replay/")

    assert [(row["type"], row["state"], row["log"]) for row in listed] == [
        ("return.create", "delivered", [])
    ]
    assert again.status_code == 202
    assert again.json()["message_id"] == listed[0]["message_id"]
    assert iris.get(f"{path}/?state=pending").json()["results"] == [again.json()]


def test_a_span_of_time_is_told_once_more(iris, business, bo):
    ask_return(sell(business, bo, goods("TENT")), issued=True)
    known = made(iris)
    span = {"from": "2026-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"}

    answer = iris.post(f"/webhooks/{known['id']}/replay/", span)
    bad = iris.post(f"/webhooks/{known['id']}/replay/", {"from": span["to"], "to": span["from"]})

    assert (answer.status_code, answer.json()["replayed"]) == (202, 2)
    types = Delivery.objects.order_by("pk").values_list("type", flat=True)
    assert list(types) == ["return.create", "return.issue"]
    assert problem(bad, 422)["code"] == "invalid_span"


def test_events_are_read_on_from_the_last_one(iris, business, bo):
    ask_return(sell(business, bo, goods("TENT")), issued=True)

    first = iris.get("/events/?types=return.*&limit=1").json()
    second = iris.get(f"/events/?type=return.*&after={first['results'][0]['id']}").json()
    third = iris.get(f"/events/?type=return.*&after={second['results'][0]['id']}").json()

    assert [row["type"] for row in first["results"]] == ["return.create"]
    assert [row["type"] for row in second["results"]] == ["return.issue"]
    assert third["results"] == []
    assert first["next"]


def test_an_event_over_rest_is_what_its_webhook_tells(iris, business, bo):
    rma = ask_return(sell(business, bo, goods("TENT")))

    (row,) = iris.get(f"/events/?record={rma.uuid}").json()["results"]

    event = Event.objects.get(aggregate_id=rma.uuid)
    assert set(row) == {"id", "type", "timestamp", "version", "data"}
    assert (row["id"], row["data"]) == (str(event.uuid), json.loads(json.dumps(event.data)))


@pytest.mark.parametrize(
    "query",
    ["after=nonsense", "after=00000000-0000-0000-0000-000000000000", "type=magic", "types=*,x"],
)
def test_a_place_or_a_type_that_is_not_known_is_refused(iris, query):
    body = problem(iris.get(f"/events/?{query}"), 400)

    assert body["code"] in {"invalid_cursor", "invalid_parameter"}


def test_unknown_fields_are_refused(iris):
    answer = iris.post("/webhooks/", {**HOOK, "secret": "whsec_mine"})

    assert answer.status_code == 400
    assert codes(answer) == {"/secret": "unknown_field"}


def test_who_may_not_manage_webhooks_is_refused(db):
    make_roles()
    clerk = Caller(actor_with("Service agent"))

    assert problem(clerk.post("/webhooks/", HOOK), 403)["code"] == "not_permitted"
    assert not Endpoint.objects.exists()
