"""A return that happened elsewhere, told in one call and taken once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from returns.models import ReturnOrder
from sales.models import CreditNote
from tests.api.caller import Caller, pointers, problem
from tests.factories import actor_with, discount, goods, sell


@pytest.fixture
def sale(business, bo):
    return sell(business, bo, goods("TENT", "3", "50.00"), goods("PEG", "10", "1.00"))


def told(sale, **more):
    line = {"order_line": str(sale.lines.get(part__sku="TENT").uuid), "quantity": "2"}
    return {
        "business": "1000",
        "customer": "BO",
        "reference": "RET-1",
        "received_on": "2026-03-05",
        "lines": [line],
        **more,
    }


def test_a_finished_return_is_booked_at_once(api, sale):
    response = api.post("/returns/record", told(sale, credit_reference="CN-THEIRS"))

    body = response.json()
    assert response.status_code == 201, body
    assert response.headers["Location"].endswith(f"/api/v1/returns/{body['id']}/")
    assert (body["status"], body["goods"], body["reference"]) == ("complete", "received", "RET-1")
    line = body["lines"][0]
    assert (line["received"], line["accepted"], line["credited"]) == ("2", "2", "2")
    assert body["receipts"][0]["received_on"] == "2026-03-05"
    note = CreditNote.objects.get()
    assert (note.reference, note.gross, note.series_number) == ("CN-THEIRS", Decimal(100), None)


def test_the_same_again_is_the_first_return_and_other_content_a_conflict(api, sale):
    first = api.post("/returns/record/", told(sale))
    same = told(sale)
    same["lines"][0]["quantity"] = "2.000"
    again = api.post("/returns/record/", same)
    other = api.post("/returns/record/", told(sale, note="other"))

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert problem(other, 409)["code"] == "reference_exists"
    assert (ReturnOrder.objects.count(), CreditNote.objects.count()) == (1, 1)


def test_a_given_price_is_credited_as_given(api, sale):
    body = told(sale)
    body["lines"][0] |= {"gross_unit_price": "12.345", "vat_percent": "9", "vat_type": "REDUCED"}

    assert api.post("/returns/record/", body).status_code == 201
    line = CreditNote.objects.get().lines.get()
    assert (line.given, line.gross, line.tax) == (True, Decimal("24.69"), Decimal("2.04"))
    assert (line.vat_percent, line.vat_type) == (Decimal(9), "REDUCED")


def test_a_given_vat_amount_is_taken_for_the_whole_line(api, sale):
    body = told(sale)
    body["lines"][0] |= {"gross_unit_price": "10", "vat_amount": "3.33"}

    assert api.post("/returns/record/", body).status_code == 201
    line = CreditNote.objects.get().lines.get()
    assert (line.gross, line.tax, line.vat_percent) == (Decimal(20), Decimal("3.33"), Decimal(21))


def test_extra_lines_are_credited_with_the_goods(api, sale):
    fee = {"kind": "fee", "name": "Restocking", "gross_unit_price": "-4.00", "vat_percent": "21"}

    body = api.post("/returns/record/", told(sale, extra_lines=[fee])).json()

    assert body["extra_lines"][0]["credited"] is True
    assert CreditNote.objects.get().gross == Decimal(96)


def test_a_blind_line_is_credited_by_its_given_price_only(api, sale):
    blind = {"part": "PEG", "quantity": "2"}

    priced = api.post(
        "/returns/record/",
        told(sale, lines=[{**blind, "gross_unit_price": "1.10", "vat_percent": "21"}]),
    )
    assert priced.json()["lines"][0]["credited"] == "2"
    assert CreditNote.objects.get().gross == Decimal("2.20")
    unpriced = api.post("/returns/record/", told(sale, lines=[blind], reference="RET-2"))
    assert unpriced.json()["lines"][0]["credited"] == "0"


def test_waived_units_are_credited_and_never_received(api, sale):
    body = told(sale)
    body["lines"][0] |= {"quantity": "1", "waived": "1"}

    line = api.post("/returns/record/", body).json()["lines"][0]

    assert (line["received"], line["waived"], line["credited"]) == ("1", "1", "2")
    assert CreditNote.objects.get().gross == Decimal(100)


def test_a_computed_credit_brings_its_part_of_the_discount(api, business, bo):
    sale = sell(business, bo, goods("TENT", "2", "50.00"), discount("-10.00"))
    line = {"order_line": str(sale.lines.get(kind="goods").uuid), "quantity": "1"}

    assert api.post("/returns/record/", told_by(line)).status_code == 201
    assert CreditNote.objects.get().gross == Decimal(45)


def told_by(line):
    return {"business": "1000", "customer": "BO", "lines": [line]}


def test_more_than_was_sold_is_refused_with_the_figures_and_nothing_is_booked(api, sale):
    body = told(sale)
    body["lines"][0]["quantity"] = "4"

    refusal = problem(api.post("/returns/record/", body), 422)

    assert refusal["code"] == "exceeds_returnable"
    assert refusal["facts"]["lines"][0]["returnable"] == "3"
    assert (ReturnOrder.objects.count(), CreditNote.objects.count()) == (0, 0)


def test_what_cannot_be_read_is_malformed(api, sale):
    body = told(sale, colour="red")
    assert pointers(problem(api.post("/returns/record/", body), 400)) == {
        "/colour": "unknown_field"
    }
    body = told(sale)
    body["lines"][0]["vat_percent"] = "21"
    assert pointers(problem(api.post("/returns/record/", body), 400)) == {
        "/lines/0/gross_unit_price": "required"
    }
    assert (
        problem(api.post("/returns/record/", told(sale, lines=[])), 422)["code"] == "lines_missing"
    )
    assert ReturnOrder.objects.count() == 0


def test_recording_needs_its_own_right(business, sale, roles):
    agent = Caller(actor_with("Service agent").user)

    assert problem(agent.post("/returns/record/", told(sale)), 403)["code"] == "not_permitted"
    assert ReturnOrder.objects.count() == 0
