"""Counting over REST, as a handheld does it."""

from __future__ import annotations

import pytest

from returns.models import Receipt
from tests.api.caller import problem
from tests.factories import LocationFactory, PartFactory, ask_return, goods, sell
from tests.returns.steps import receive


@pytest.fixture
def rma(business, bo):
    return ask_return(sell(business, bo, goods("TENT", "2", "50.00")), "2", issued=True)


def test_a_handheld_counts_undoes_and_books(api, rma):
    base = f"/returns/{rma.uuid}/count"
    assert api.get(f"{base}/").json()["id"] is None

    first = api.post(f"{base}/scan/", {"code": "TENT", "key": "a"}).json()
    assert [row["verdict"] for row in first["scanned"]] == ["good"]
    again = api.post(f"{base}/scan/", {"code": "TENT", "key": "a"}).json()
    assert [(row["counted"], row["missing"]) for row in again["lines"]] == [("1", "1")]

    api.post(f"{base}/scan/", {"code": "TENT"})
    undone = api.post(f"{base}/undo/", {}).json()
    assert len(undone["scans"]) == 1
    assert api.post(f"{base}/scan/", {"code": "FINISH"}).json()["command"] == "finish"

    assert problem(api.post(f"{base}/finish/", {}), 422)["code"] == "count_short"
    booked = api.post(f"{base}/finish/", {"short_ok": True})
    assert booked.status_code == 201
    assert [line["quantity"] for line in booked.json()["lines"]] == ["1"]
    assert api.get(f"{base}/").json()["id"] is None


def test_a_count_is_parked_taken_up_and_thrown_away(api, rma):
    base = f"/returns/{rma.uuid}/count"
    assert problem(api.post(f"{base}/park/"), 409)["code"] == "no_count"
    api.post(f"{base}/scan/", {"code": "TENT"})

    assert api.post(f"{base}/park/").json()["state"] == "parked"
    assert api.post(f"{base}/resume/").json()["state"] == "open"
    assert api.post(f"{base}/carton/", {"carton": "open"}).json()["carton"] == "open"
    assert api.post(f"{base}/cancel/", {"reason": "wrong parcel"}).json()["id"] is None
    assert not Receipt.objects.exists()


def test_what_a_code_means_is_asked_and_answered(api, rma):
    LocationFactory(code="HAT")
    PartFactory(sku="HAT", name="Hat")
    base = f"/returns/{rma.uuid}/count"
    (asked,) = api.post(f"{base}/scan/", {"code": "HAT"}).json()["scanned"]
    part = next(offer for offer in asked["offered"] if offer["kind"] == "part")

    told = {"scan": asked["id"], "meaning": part["key"]}
    chosen = api.post(f"{base}/choose/", told).json()
    assert [row["sku"] for row in chosen["unexpected"]] == ["HAT"]

    (unknown,) = api.post(f"{base}/scan/", {"code": "77120"}).json()["scanned"]
    told = {"scan": unknown["id"], "description": "A mug"}
    named = api.post(f"{base}/explain/", told).json()
    assert [row["description"] for row in named["unexpected"]] == ["", "A mug"]


def test_a_receipt_is_counted_again(api, rma):
    receipt = receive(rma.lines.get(), "2")
    rma.refresh_from_db()

    answer = api.post(
        f"/returns/{rma.uuid}/receipts/{receipt.uuid}/recount/",
        {"reason": "one more was in it"},
        If_Match=f'"{rma.version}"',
    )

    assert answer.status_code == 201
    assert [row["counted"] for row in answer.json()["lines"]] == ["2"]


def test_a_return_that_is_not_seen_cannot_be_counted(api, rma):
    problem(api.get("/returns/00000000-0000-0000-0000-000000000000/count/"), 404)
    problem(api.post(f"/returns/{rma.uuid}/count/scan/", {}), 400)
    empty = problem(api.post(f"/returns/{rma.uuid}/count/scan/", {"code": ""}), 422)
    assert empty["code"] == "nothing_scanned"
