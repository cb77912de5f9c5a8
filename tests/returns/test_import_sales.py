"""The import of a sales ledger: every line ends in one place, and running it again adds nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from customers.models import Company
from customers.services import create_company, edit_company
from returns.importing import run
from returns.models import ExtraLine, LineCredit, ReturnLine, ReturnOrder
from returns.services import turn_returns
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from rmaproject.shared.errors import Busy, Conflict, RuleViolation
from sales.models import Business, CreditNote, Invoice, InvoiceLine, OrderLine, SalesOrder
from stock.models import Part
from tests.factories import goods, sell
from tests.returns.ledgers import (
    HEADER,
    LEDGER,
    REJECTED,
    RETURNED,
    SOLD,
    booked,
    load,
    rejected,
    rows_of_all_tables,
)

pytestmark = pytest.mark.usefixtures("own_folder")


def test_every_line_and_every_penny_ends_in_exactly_one_place(ledger):
    summary = load(ledger)

    counts = [summary[f"lines_{name}"] for name in ("read", "sold", "returned", "rejected")]
    assert counts == [24, SOLD, RETURNED, REJECTED]
    read, imported, refused = (
        Decimal(summary[f"amount_{name}"]) for name in ("read", "imported", "rejected")
    )
    assert imported + refused == read
    assert imported == booked()
    assert (summary["orders"], summary["returns"], summary["blind_returns"]) == (4, 6, 3)
    assert summary["lines_exceeding_known_sales"] == 2


def test_rejected_lines_are_reported_with_line_and_reason(ledger):
    load(ledger)

    assert rejected(ledger) == [
        ("10", "stock_adjustment"),
        ("13", "invalid_quantity"),
        ("14", "invalid_date"),
        ("15", "invalid_price"),
        ("16", "invalid_price"),
        ("17", "wrong_field_count"),
        ("25", "invalid_quantity"),
    ]
    assert not Part.objects.filter(name="many").exists()
    assert not SalesOrder.objects.filter(reference__in=["1004", "1006"]).exists()


def test_an_invoice_becomes_a_shipped_and_invoiced_order_of_its_day(ledger):
    load(ledger)

    order = SalesOrder.objects.get(reference="1001")
    assert (order.customer.reference, order.status) == ("17850", "complete")
    assert order.ordered_on == date(2010, 12, 1)
    assert [
        (line.kind, line.quantity, line.shipped) for line in order.lines.order_by("number")
    ] == [
        ("goods", 10, 10),
        ("goods", 6, 6),
        ("goods", 2, 2),
        ("shipping", 1, 0),
    ]
    invoice = order.invoices.get()
    assert (invoice.reference, invoice.gross, invoice.tax) == ("1001", Decimal("70.62"), 0)
    assert Company.objects.get(reference="13047").country == "IE"


def test_codes_are_one_part_whatever_their_case_and_descriptions(ledger):
    load(ledger)

    assert Part.objects.get(sku__iexact="85123a").name == "WHITE HEART HOLDER"
    sold = OrderLine.objects.filter(part__sku="85123A").order_by("pk")
    assert [line.name for line in sold] == ["WHITE HEART HOLDER", "CREAM HEART HOLDER"]


def test_a_discount_below_zero_stays_a_line_and_lowers_the_invoice(ledger):
    load(ledger)

    lines = InvoiceLine.objects.filter(invoice__reference="1005").order_by("number")
    assert [(line.kind, line.gross) for line in lines] == [("goods", 5), ("discount", -1)]


def test_a_credit_note_is_matched_against_the_oldest_sales_first(ledger):
    load(ledger)

    order = ReturnOrder.objects.get(reference="C2001")
    lines = order.lines.order_by("number").values_list(
        "order_line__order__reference", "quantity", "received", "accepted", "credited"
    )
    assert list(lines) == [("1001", 10, 10, 10, 10), ("1002", 2, 2, 2, 2)]
    assert (order.status, order.goods, order.requested_on) == (
        "complete",
        "received",
        date(2010, 12, 5),
    )
    notes = CreditNote.objects.filter(reference__startswith="C2001").order_by("reference")
    assert [(note.reference, note.invoice.reference, note.gross) for note in notes] == [
        ("C2001", "1001", Decimal("25.50")),
        ("C2001-2", "1002", Decimal("5.10")),
    ]
    assert {note.credited_on for note in notes} == {date(2010, 12, 5)}
    assert {note.series_number for note in notes} == {None}


def test_what_exceeds_known_sales_is_a_blind_line_and_is_reported(ledger):
    load(ledger)

    lines = ReturnLine.objects.filter(return_order__reference="C2002").order_by("number")
    assert [(line.quantity, line.order_line_id is None, line.note) for line in lines] == [
        (6, False, ""),
        (2, False, ""),
        (1, True, "exceeds_known_sales"),
    ]
    remarks = Path(f"{ledger.name}.remarks.csv").read_text().splitlines()
    assert remarks[1:] == [
        "exceeds_known_sales,C2002,71053,1.00000",
        "exceeds_known_sales,C2003,99999,2.00000",
    ]


def test_an_anonymous_credit_is_blind_although_the_part_was_sold_anonymously(ledger):
    load(ledger)

    line = ReturnLine.objects.get(return_order__reference="C2004")
    business = Business.objects.get()
    assert line.order_line is None
    assert line.return_order.customer == business.anonymous_customer
    assert OrderLine.objects.filter(order__customer=business.anonymous_customer).count() == 2
    assert line.note == ""


def test_dearer_than_the_sale_is_a_price_difference_beside_postage(ledger):
    load(ledger)

    extra = ExtraLine.objects.filter(return_order__reference="C2005").order_by("number")
    assert [(line.kind, line.gross_unit_price) for line in extra] == [
        ("shipping", Decimal("3.00")),
        ("price_difference", Decimal("2.50")),
    ]
    invoice = Invoice.objects.get(reference="1005")
    assert (invoice.gross, invoice.credited) == (4, 4)
    goods_credit = LineCredit.objects.get(line__return_order__reference="C2005")
    assert goods_credit.credit_line.gross == 4


def test_fees_alone_are_a_return_of_extra_lines(ledger):
    load(ledger)

    order = ReturnOrder.objects.get(reference="C2006")
    assert (order.lines.count(), order.extra_lines.get().kind) == (0, "fee")
    assert CreditNote.objects.get(reference="C2006").gross == 100


def test_sales_recorded_before_by_another_door_are_matched_too(ledger, business):
    customer = create_company({"reference": "17850", "name": "Bo"}, actor=SYSTEM)
    sell(business, customer, goods("99999", "5", "1.25"), reference="OLD", on=date(2010, 11, 1))

    summary = load(ledger)

    line = ReturnLine.objects.get(return_order__reference="C2003")
    assert line.order_line.order.reference == "OLD"
    assert line.credits.get().credit_line.tax == Decimal("0.43")
    assert summary["blind_returns"] == 2


def test_a_second_run_of_the_same_file_changes_nothing(ledger):
    first = load(ledger)
    before = rows_of_all_tables()

    second = load(ledger)

    assert rows_of_all_tables() == before
    timing = ("seconds", "lines_per_second", "peak_megabytes")
    assert {k: v for k, v in first.items() if k not in timing} == {
        k: v for k, v in second.items() if k not in timing
    }


@pytest.mark.parametrize("batches", [1, 3, 5])
def test_a_run_that_was_killed_is_finished_by_running_it_again(ledger, monkeypatch, batches):
    done = []

    def persist(attempt: Any, **options: Any) -> Any:
        if len(done) == batches:
            raise KeyboardInterrupt
        done.append(attempt)
        return original(attempt, **options)

    original = run.persist
    monkeypatch.setattr(run, "ORDERS_AT_ONCE", 1)
    monkeypatch.setattr(run, "persist", persist)
    with pytest.raises(CommandError, match="run the same command again"):
        load(ledger)
    assert SalesOrder.objects.count() + ReturnOrder.objects.count() == batches
    monkeypatch.setattr(run, "persist", original)

    summary = load(ledger)

    assert (summary["orders"], summary["returns"]) == (4, 6)
    assert Decimal(summary["amount_imported"]) == booked()
    assert ReturnLine.objects.count() == 8


def test_a_lock_in_the_way_is_waited_for_and_a_refusal_is_not(monkeypatch):
    monkeypatch.setattr(run.time, "sleep", lambda seconds: None)
    answers = [Busy("later", code="busy"), Conflict("overtaken", code="exceeds_invoiced"), "done"]
    refusal = RuleViolation("never", code="not_a_customer")

    def attempt(script: list[Any]) -> Any:
        answer = script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert run.persist(lambda: attempt(answers), also=["exceeds_invoiced"]) == "done"
    with pytest.raises(RuleViolation, match="never"):
        run.persist(lambda: attempt([refusal]))
    busy: list[Any] = [Busy("later", code="busy")] * (run.TRIES + 1)
    with pytest.raises(Busy):
        run.persist(lambda: attempt(busy))
    assert len(busy) == 1


def test_a_document_that_the_books_refuse_is_rejected_and_the_others_stay(ledger):
    gone = create_company({"reference": "13047", "name": "Gone"}, actor=SYSTEM)
    edit_company(gone.pk, {"active": False}, actor=SYSTEM)

    summary = load(ledger)

    assert summary["rejected_by_reason"]["company_inactive"] == 2
    assert summary["orders"] == 3
    assert SalesOrder.objects.filter(reference="1001").exists()


def test_a_number_that_has_other_content_is_rejected(ledger):
    load(ledger)
    changed = LEDGER.replace("-12,2010-12-05", "-11,2010-12-05").replace("6,2010", "7,2010")
    ledger.write_text(f"{HEADER}\n{changed}", encoding="utf-8")
    before = AuditEntry.objects.count()

    summary = load(ledger)

    assert summary["rejected_by_reason"]["reference_exists"] == 5
    assert AuditEntry.objects.count() == before


def test_credit_notes_wait_until_returns_are_switched_on(ledger):
    turn_returns(on=False, actor=SYSTEM)

    with pytest.raises(CommandError, match="switched off"):
        load(ledger)

    assert SalesOrder.objects.count() == 0


def test_a_business_is_made_where_it_is_named_with_its_currency(ledger):
    with pytest.raises(CommandError, match="--currency"):
        load(ledger, business="UK")

    load(ledger, business="UK", currency="GBP", time_zone="Europe/London")

    made = Business.objects.get(code="UK")
    assert (made.currency, made.returns_location.code) == ("GBP", "RETURNS")
    assert set(Invoice.objects.values_list("business__code", "currency")) == {("UK", "GBP")}
