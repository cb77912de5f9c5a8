"""A preview is what then happens: by the same services, to the cent, and nothing of it stays."""

from __future__ import annotations

from decimal import Decimal

import pytest

from returns.services import (
    ArrivalInput,
    DisposeInput,
    ReceiveInput,
    add_extra_line,
    credit_return,
    dispose_return,
    receive_return,
)
from returns.services.previewing import (
    as_foreseen,
    preview_request,
    preview_return,
    request_as_foreseen,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.shared import clock
from rmaproject.shared.errors import Conflict
from sales.models import CreditNote
from tests.changes import picture
from tests.factories import ask_return, discount, goods, sell
from tests.returns.kits import kit
from tests.returns.looking_ahead import asked, disposition
from tests.returns.ruling import publish, rule


def test_nothing_of_a_preview_stays_and_nobody_is_told(
    business, bo, django_capture_on_commit_callbacks
):
    sale = sell(business, bo, goods("TENT", "3", "50.00"))
    rma = ask_return(sale)
    before = picture()

    with django_capture_on_commit_callbacks() as callbacks:
        preview_request(**asked(sale, 1))
        preview_return(rma.pk, "issue", actor=SYSTEM)

    assert picture() == before
    assert callbacks == []


def test_a_preview_shows_every_component(business, bo):
    sale = sell(
        business,
        bo,
        goods("TENT", "2", "60.50"),
        goods("PEG", "10", "1.09", vat_percent=Decimal(9)),
        discount("-12.10"),
    )

    result = preview_request(**asked(sale, 1, 10)).result

    assert (result["verb"], result["allowed"], result["stopped"]) == ("create", True, None)
    assert [(line["sku"], line["quantity"]) for line in result["lines"]] == [
        ("TENT", "1"),
        ("PEG", "10"),
    ]
    (note,) = result["credit_notes"]
    assert note["invoice"] == sale.invoices.get().reference
    assert [(row["kind"], row["sku"], row["gross"]) for row in note["lines"]] == [
        ("goods", "TENT", "60.50"),
        ("discount", None, "-5.55"),
        ("goods", "PEG", "10.90"),
        ("discount", None, "-1.00"),
    ]
    assert [(row["vat_percent"], row["gross"]) for row in note["rates"]] == [
        ("9", "10.90"),
        ("21", "53.95"),
    ]
    (total,) = result["totals"]
    assert [(row["kind"], row["name"], row["gross"]) for row in total["components"]] == [
        ("goods", "", "71.40"),
        ("discount", "", "-6.55"),
    ]
    assert (total["currency"], total["gross"], total["to_refund"]) == ("EUR", "64.85", "64.85")
    dock = business.returns_location.code
    assert {
        (row["sku"], row["quantity"], row["to"], row["to_state"]) for row in result["stock"]
    } == {
        ("TENT", "1", dock, "held"),
        ("PEG", "10", dock, "held"),
    }


def test_an_unpaid_invoice_is_settled_first(business, bo):
    sale = sell(business, bo, goods("TENT", "2", "50.00"), paid=False)

    (note,) = preview_request(**asked(sale, 1)).result["credit_notes"]

    assert note["settles"] == [{"invoice": sale.invoices.get().reference, "amount": "50.00"}]
    assert note["to_refund"] == "0.00"


def test_units_sold_by_serial_are_foreseen_without_naming_one(business, bo):
    sale = sell(business, bo, goods("DRILL", "3", "80.00", serials=("A", "B", "C")))

    result = preview_request(**asked(sale, 2)).result

    assert result["stopped"] is None
    assert [(row["sku"], row["quantity"]) for row in result["stock"]] == [("DRILL", "2")]
    assert result["totals"][0]["gross"] == "160.00"


def test_a_refusal_is_an_answer_line_by_line(business, bo):
    sale = sell(business, bo, goods("TENT", "2"), goods("PEG", "5"))

    seen = preview_request(**asked(sale, 3, 5))

    assert (seen.result["allowed"], seen.token) == (False, None)
    assert seen.result["refusal"]["code"] == "exceeds_returnable"
    assert [(line["sku"], line["allowed"], line["code"]) for line in seen.result["lines"]] == [
        ("TENT", False, "exceeds_returnable"),
        ("PEG", True, "allowed"),
    ]
    assert seen.result["credit_notes"] == []


def test_a_step_that_would_be_refused_ends_the_look_ahead(business, bo):
    business.returns_location = None
    business.save()
    sale = sell(business, bo, goods("TENT", "2"))

    result = preview_request(**asked(sale, 1)).result

    assert result["allowed"]
    assert result["stopped"]["step"] == "receive"
    assert result["stopped"]["code"] == "location_missing"
    assert result["credit_notes"] == []


def test_the_same_question_has_the_same_token_and_another_has_another(business, bo):
    sale = sell(business, bo, goods("TENT", "3"))

    tokens = [preview_request(**asked(sale, quantity)).token for quantity in (1, 1, 2)]

    assert tokens[0] == tokens[1] != tokens[2]


def test_a_return_is_made_as_it_was_foreseen(business, bo):
    sale = sell(business, bo, goods("TENT", "3"))
    token = preview_request(**asked(sale, 1)).token

    made = request_as_foreseen(token, **asked(sale, 1))

    assert (made.status, made.lines.get().quantity, made.lines.get().received) == ("pending", 1, 0)
    assert CreditNote.objects.count() == 0


def test_acting_on_a_stale_preview_is_refused_with_the_new_one(business, bo):
    sale = sell(business, bo, goods("TENT", "3", "50.00"), discount("-10.00"))
    token = preview_request(**asked(sale, 1)).token
    other = sell(business, bo, goods("ROPE", "1", "20.00"), paid=False)
    before = picture()

    with pytest.raises(Conflict) as refused:
        request_as_foreseen(token, **asked(sale, 1))

    assert refused.value.code == "stale_preview"
    fresh = refused.value.facts["preview"]
    (note,) = fresh["credit_notes"]
    assert note["settles"] == [{"invoice": other.invoices.get().reference, "amount": "20.00"}]
    assert picture() == before
    assert request_as_foreseen(fresh["preview"], **asked(sale, 1)).status == "pending"


def test_a_credit_is_booked_as_it_was_foreseen_and_not_when_it_is_another(business, bo):
    sale = sell(business, bo, goods("TENT", "3", "50.00"))
    rma = ask_return(sale, "2", issued=True)
    line = rma.lines.get()
    receive_return(rma.pk, ReceiveInput(lines=[ArrivalInput(line, Decimal(2))]), actor=SYSTEM)
    dispose_return(rma.pk, [DisposeInput(line, disposition("restock"))], actor=SYSTEM)
    seen = preview_return(rma.pk, "credit", actor=SYSTEM)

    def book():
        return credit_return(rma.pk, actor=SYSTEM)

    fee = {"kind": "fee", "name": "Fee", "gross_unit_price": Decimal(-5)}
    add_extra_line(rma.pk, fee, actor=SYSTEM)
    with pytest.raises(Conflict) as refused:
        as_foreseen(seen.token, rma.pk, "credit", book, actor=SYSTEM)
    assert (refused.value.code, CreditNote.objects.count()) == ("stale_preview", 0)
    fresh = refused.value.facts["preview"]
    assert (seen.result["totals"][0]["gross"], fresh["totals"][0]["gross"]) == ("100.00", "95.00")

    (note,) = as_foreseen(fresh["preview"], rma.pk, "credit", book, actor=SYSTEM)

    assert note.gross == 95


def test_what_was_credited_before_is_not_foreseen_again(business, bo):
    sale = sell(business, bo, goods("TENT", "4", "50.00"))
    rma = ask_return(sale, "3", issued=True)
    line = rma.lines.get()
    receive_return(rma.pk, ReceiveInput(lines=[ArrivalInput(line, Decimal(1))]), actor=SYSTEM)
    dispose_return(rma.pk, [DisposeInput(line, disposition("restock"))], actor=SYSTEM)
    credit_return(rma.pk, actor=SYSTEM)

    result = preview_return(rma.pk, "receive", actor=SYSTEM).result

    assert [note["gross"] for note in result["credit_notes"]] == ["100.00"]
    assert [(row["quantity"], row["to_state"]) for row in result["stock"]] == [("2", "held")]


def test_a_verb_that_is_not_legal_answers_so(business, bo):
    rma = ask_return(sell(business, bo, goods("TENT", "1")))

    seen = preview_return(rma.pk, "credit", actor=SYSTEM)

    assert seen.result["refusal"]["code"] == "illegal_transition"
    assert seen.token is None


def test_a_preview_says_what_every_rule_says_of_a_line(business, bo):
    publish(
        business,
        rule("window", {"days": 30, "from": "shipment"}),
        rule("final_sale", {"final": False}),
        rule("fee", {"percent": "10"}),
    )
    late = sell(business, bo, goods("TENT", "2", "50.00"))
    fresh = sell(business, bo, goods("PEG", "2", "50.00"), on=clock.today(business))
    both = asked(late, 1) | {"lines": [*asked(late, 1)["lines"], *asked(fresh, 1)["lines"]]}

    refused = preview_request(**both).result
    allowed = preview_request(**both, override_reason="A good customer").result

    assert refused["refusal"]["code"] == "not_eligible"
    assert [
        [(check["aspect"], check["allowed"], check["code"]) for check in line["checks"]]
        for line in refused["lines"]
    ] == [
        [("final_sale", True, "not_final"), ("window", False, "outside_window")],
        [("final_sale", True, "not_final"), ("window", True, "within_window")],
    ]
    first, second = allowed["lines"]
    assert (first["allowed"], first["overridden"], first["code"]) == (True, True, "outside_window")
    assert first["facts"]["days"] == 30
    assert (second["overridden"], second["code"], second["fee_percent"]) == (False, "allowed", "10")
    assert allowed["policy"] == refused["policy"] or refused["policy"] is None


def test_fees_and_shipping_are_components_by_their_names(business, bo):
    publish(
        business,
        rule("fee", {"percent": "10"}),
        rule("shipping", {"paid_by": "customer", "amount": "5", "refund_original": "full"}),
    )
    parcel = goods("", "1", "4.95", kind="shipping", name="Parcel")
    sale = sell(business, bo, goods("TENT", "2", "50.00"), discount("-10.00"), parcel)

    (total,) = preview_request(**asked(sale, 2)).result["totals"]

    assert [(row["kind"], row["name"], row["gross"]) for row in total["components"]] == [
        ("goods", "", "100.00"),
        ("discount", "", "-10.00"),
        ("shipping", "Parcel", "4.95"),
        ("shipping", "Return shipping", "-5.00"),
        ("fee", "Restocking fee 10 %", "-9.00"),
    ]
    assert (total["gross"], total["to_refund"], total["kept"]) == ("80.95", "80.95", "0.00")


def test_a_refund_is_foreseen_with_its_way_and_what_it_waits_for(business, bo):
    publish(business, rule("refund", {"approval_above": "30", "four_eyes_above": "60"}))
    sale = sell(business, bo, goods("TENT", "2", "50.00"))

    small, large = (preview_request(**asked(sale, count)).result for count in (1, 2))

    bank = {"currency": "EUR", "via": "bank", "gateway": "", "state": "waiting_details"}
    assert small["refunds"] == [{**bank, "amount": "50.00"}]
    asks = {"what": "refund", "code": "above_limit", "rule": ""}
    facts = {"above": "30.00", "currency": "EUR"}
    assert small["approvals"] == [
        {**asks, "amounts": {"EUR": "50.00"}, "four_eyes": False, "facts": facts}
    ]
    assert [row["four_eyes"] for row in large["approvals"]] == [True]


def test_what_no_payment_holds_is_kept_and_not_refunded(business, bo):
    sale = sell(business, bo, goods("TENT", "1", "50.00"))
    rma = ask_return(sale, "1", issued=True)
    sorry = {"kind": "goodwill", "name": "Sorry", "gross_unit_price": 70}
    add_extra_line(rma.pk, sorry, actor=SYSTEM)

    totals = preview_return(rma.pk, "receive", actor=SYSTEM).result["totals"]

    assert [(row["gross"], row["applied"], row["to_refund"], row["kept"]) for row in totals] == [
        ("120.00", "0.00", "50.00", "70.00")
    ]


def test_an_approval_is_foreseen_with_its_reason(business, bo):
    publish(business, rule("approval", {"needed": "above", "above": "60", "four_eyes": True}))
    sale = sell(business, bo, goods("TENT", "2", "50.00"))

    approvals = [preview_request(**asked(sale, count)).result["approvals"] for count in (1, 2)]

    returns = [[row for row in rows if row["what"] == "return"] for rows in approvals]
    assert returns[0] == []
    (asks,) = returns[1]
    assert (asks["code"], asks["four_eyes"], asks["amounts"]) == (
        "above_limit",
        True,
        {"EUR": "100.00"},
    )
    assert (asks["facts"]["above"], asks["facts"]["currency"]) == ("60", "EUR")


def test_kits_are_foreseen_part_by_part_with_their_kit(business, bo):
    kit("CAMP", ("TENT", "1"), ("PEG", "6"))
    sale = sell(business, bo, goods("CAMP", "2", "9.99"))

    result = preview_request(**asked(sale, 1)).result

    sold = sale.lines.get(kind="kit")
    assert [(row["sku"], row["quantity"], row["kit"]) for row in result["lines"]] == [
        ("TENT", "1", "CAMP"),
        ("PEG", "6", "CAMP"),
    ]
    assert {row["kit_line"] for row in result["lines"]} == {str(sold.uuid)}
    assert result["totals"][0]["gross"] == "9.99"
    refused = preview_request(**asked(sale, 3)).result
    assert [(row["sku"], row["allowed"]) for row in refused["lines"]] == [("CAMP", False)]


def test_what_goes_back_to_the_customer_is_foreseen(business, bo):
    sale = sell(business, bo, goods("TENT", "3"), goods("PEG", "3"), goods("ROPE", "3"))
    wishes = ("repair", "sent_back", "replacement")

    result = preview_request(**asked(sale, 1, 2, 3, outcomes=wishes)).result

    assert (result["stopped"], result["credit_notes"]) == (None, [])
    assert [(row["kind"], row["sku"], row["quantity"]) for row in result["outbound"]] == [
        ("repaired", "TENT", "1"),
        ("replacement", "ROPE", "3"),
        ("send_back", "PEG", "2"),
    ]
    left = [row["sku"] for row in result["stock"] if row["from"] and not row["to"]]
    assert left == ["PEG", "TENT"]
