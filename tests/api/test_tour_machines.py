"""The tour of the API, for programs: their keys, what they are told, and many at once."""

from __future__ import annotations

from typing import Any

import pytest

from rmaproject.webhooks.models import Delivery
from rmaproject.webhooks.services.spreading import spread_all
from tests.api.caller import Caller
from tests.factories import BusinessFactory, actor_with, ask_return, goods, sell

pytestmark = pytest.mark.django_db

PEGS = {"part": "PEG", "quantity": "3", "gross_unit_price": "5.00", "vat_percent": "21"}


@pytest.fixture
def api(roles: None) -> Caller:
    """Ada, who may do everything here."""
    return Caller(actor_with("Administrator", username="ada"))


def test_a_token_is_made_and_revoked(api: Caller) -> None:
    told = {
        "name": "Webshop",
        "scopes": ["read", "returns.create_return"],
        "allowed_addresses": ["192.0.2.0/24"],
        "expires_at": "2099-12-31T00:00:00Z",
    }

    made = api.post("/tokens/", told)

    assert made.status_code == 201
    assert made.json()["token"].startswith(made.json()["prefix"])
    path = f"/tokens/{made.json()['id']}/"
    assert api.delete(path).status_code == 204
    assert api.get(path).json()["revoked_at"] is not None


def test_a_webhook_is_made_changed_and_told_again(api: Caller, business: Any, bo: Any) -> None:
    hook = {
        "url": "https://erp.example/hooks/returns",
        "types": ["return.*", "refund.done"],
        "businesses": ["1000"],
        "description": "ERP",
    }
    made = api.post("/webhooks/", hook)
    assert made.status_code == 201
    path = f"/webhooks/{made.json()['id']}/"
    ask_return(sell(business, bo, goods("TENT", "1", "50.00")))
    spread_all()
    (delivery,) = api.get(f"{path}deliveries/").json()["results"]
    Delivery.objects.update(state="delivered")

    again = api.post(f"{path}deliveries/{delivery['id']}/replay/", {})
    assert (again.status_code, again.json()["message_id"]) == (202, delivery["message_id"])
    span = {"from": "2026-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"}
    assert api.post(f"{path}replay/", span).json()["replayed"] == 1
    assert api.post(f"{path}test/", {}).status_code == 202
    secret = api.post(f"{path}rotate-secret/", {}, If_Match=api.get(path)["ETag"])
    assert secret.json()["secret"].startswith("whsec_")
    off = api.patch(path, {"active": False}, If_Match=secret["ETag"])
    assert (off.status_code, off.json()["disabled_reason"]) == (200, "by_hand")
    on = api.post(f"{path}enable/", {}, If_Match=off["ETag"])
    assert (on.status_code, on.json()["active"]) == (200, True)
    assert api.delete(path, If_Match=on["ETag"]).status_code == 204


def test_a_calendar_feed_is_made_and_its_address_changed(api: Caller, business: Any) -> None:
    made = api.post("/calendar-feeds/", {"name": "Due days", "contents": ["return_order"]})
    assert made.status_code == 201
    path = f"/calendar-feeds/{made.json()['id']}/"

    named = api.patch(path, {"name": "All due days"}, If_Match='"1"')
    turned = api.post(f"{path}rotate/", If_Match=named["ETag"])

    assert (named.status_code, named.json()["name"]) == (200, "All due days")
    assert turned.status_code == 200
    assert turned.json()["url"] not in {made.json()["url"], None}
    assert api.delete(path, If_Match=turned["ETag"]).status_code == 204


def test_many_are_changed_at_once(api: Caller, business: Any, bo: Any) -> None:
    returns = [ask_return(sell(business, bo, goods(f"S-{n}", "2", "10.00"))) for n in range(2)]
    held = [
        {"id": str(rma.uuid), "version": rma.version, "reason": "Stock-taking"} for rma in returns
    ]
    order = {"business": "1000", "customer": "BO", "lines": [{**PEGS, "part": "S-0"}]}

    kept = api.post("/returns/bulk/", {"verb": "hold", "items": held}, Idempotency_Key="night-1")
    made = api.post(
        "/sales-orders/bulk/", {"verb": "create", "items": [order] * 2}, Idempotency_Key="night-2"
    )

    for answer, status in ((kept, 200), (made, 201)):
        assert answer.status_code == 200, answer.content
        assert [row["status"] for row in answer.json()["results"]] == [status] * 2


def test_the_clock_of_a_sandbox_is_moved(api: Caller, business: Any) -> None:
    BusinessFactory(code="TOY", sandbox=True)

    moved = api.post("/test/clock/advance/", {"business": "TOY", "days": 40, "hours": 2})

    assert (moved.status_code, moved.json()["business"]) == (200, "TOY")
