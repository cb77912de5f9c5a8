"""A credit note is taken back by a counter note: money, units and counters follow."""

from __future__ import annotations

import pytest

from returns.models import ReturnOrder
from returns.services import add_extra_line, complete_return, credit_return, edit_line
from returns.services.reversing import reverse_credit
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.trail import history
from rmaproject.management.commands.verify import all_checks
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.models import Account, Invoice, InvoiceLine, LedgerLine, Settlement
from sales.services.store_credit import apply_credit
from tests.changes import picture
from tests.factories import discount, goods, sell
from tests.refunds.money import credited as returned_and_credited
from tests.refunds.money import note_of, paid_by_hand
from tests.returns.steps import D, decided

WHY = "Booked on the wrong customer."


@pytest.fixture
def credited(business, bo):
    """Two of three tents with a discount, unpaid; the credit of 19.33 settled the invoice."""
    order = sell(business, bo, goods("TENT", "3", "10.00"), discount("-1.00"), paid=False)
    rma = decided(order, "2")
    (note,) = credit_return(rma.pk, actor=SYSTEM)
    return note


def rma_of(note):
    return ReturnOrder.objects.get(business=note.business)


def sound() -> list[str]:
    return [str(row) for check in all_checks() for row in check.broken()]


def test_a_counter_note_of_our_series_takes_a_note_back(credited):
    counter = reverse_credit(credited.pk, actor=SYSTEM, reason=WHY)

    assert counter.reverses_id == credited.pk
    assert (counter.series_number, counter.gross) == (2, D("19.33"))
    assert (counter.net, counter.tax) == (credited.net, credited.tax)
    rows = counter.lines.order_by("number").values_list("kind", "gross", "live")
    assert list(rows) == [
        ("goods", D("20.00"), False),
        ("discount", D("-0.67"), False),
    ]
    assert sound() == []


def test_what_the_note_settled_is_open_again(credited):
    reverse_credit(credited.pk, actor=SYSTEM, reason=WHY)

    invoice = Invoice.objects.get()
    assert (invoice.settled, invoice.credited) == (0, 0)
    rows = Settlement.objects.order_by("pk").values_list("amount", "reverses__amount")
    assert list(rows) == [(D("19.33"), None), (D("-19.33"), D("19.33"))]
    assert Account.objects.get().balance == D("29.00")
    credited.refresh_from_db()
    assert (credited.applied, credited.kept) == (0, 0)


def test_the_ledger_gets_the_opposite_entry(credited):
    counter = reverse_credit(credited.pk, actor=SYSTEM, reason=WHY)

    def sides(note):
        rows = LedgerLine.objects.filter(entry__credit_note=note)
        return dict(rows.values_list("ledger", "amount"))

    assert sides(credited) == {
        "receivable": D("-19.33"),
        "revenue": D("15.98"),
        "tax": D("3.35"),
    }
    assert sides(counter) == {ledger: -amount for ledger, amount in sides(credited).items()}


def test_the_same_units_are_credited_again_to_the_cent(credited):
    reverse_credit(credited.pk, actor=SYSTEM, reason=WHY)
    line = rma_of(credited).lines.get()
    assert (line.credited, line.accepted) == (0, 2)
    assert InvoiceLine.objects.get(kind="goods").credited_units == 0
    assert (rma_of(credited).money, rma_of(credited).credit_owed) == ("due", True)

    (again,) = credit_return(rma_of(credited).pk, actor=SYSTEM)

    assert (again.gross, again.tax) == (credited.gross, credited.tax)
    assert rma_of(credited).money == "refunded"
    assert sound() == []


def test_extra_lines_of_the_note_can_be_credited_again(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "1", "10.00")))
    gift = {"kind": "goodwill", "name": "Sorry", "gross_unit_price": D("3.00")}
    extra = add_extra_line(rma.pk, gift, actor=SYSTEM)
    notes = credit_return(rma.pk, actor=SYSTEM)

    for note in notes:
        reverse_credit(note.pk, actor=SYSTEM, reason=WHY)

    extra.refresh_from_db()
    assert extra.credited is False
    assert LedgerLine.objects.filter(ledger="goodwill").count() == 2
    assert sound() == []


def test_what_a_note_settled_elsewhere_is_taken_back_too(business, bo):
    paid = sell(business, bo, goods("TENT", "1", "10.00"))
    other = sell(business, bo, goods("PEG", "1", "4.00"), paid=False)
    (note,) = credit_return(decided(paid).pk, actor=SYSTEM)
    assert Invoice.objects.get(order=other).settled == D("4.00")

    reverse_credit(note.pk, actor=SYSTEM, reason=WHY)

    assert Invoice.objects.get(order=other).settled == 0
    assert Invoice.objects.get(order=paid).settled == D("10.00")
    assert sound() == []


def test_kept_credit_that_was_used_later_is_taken_back_too(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "1", "10.00")))
    edit_line(rma.lines.get(), {"outcome": "store_credit"}, actor=SYSTEM)
    (note,) = credit_return(rma.pk, actor=SYSTEM)
    later = sell(business, bo, goods("PEG", "1", "4.00"), paid=False)
    apply_credit(note.pk, Invoice.objects.get(order=later).pk, D("4.00"), actor=SYSTEM)

    reverse_credit(note.pk, actor=SYSTEM, reason=WHY)

    assert Invoice.objects.get(order=later).settled == 0
    assert sound() == []


def test_the_trail_says_who_took_it_back_and_why(credited):
    counter = reverse_credit(credited.pk, actor=SYSTEM, reason=WHY)

    last = history(rma_of(credited))[-1]
    assert last.verb == "reverse_credit"
    assert last.facts["reason"] == WHY
    assert last.facts["reversed_by"] == str(counter.uuid)
    credited.refresh_from_db()
    assert [entry.verb for entry in history(credited)] == ["create", "reverse"]


def refusal(note, reason=WHY):
    with pytest.raises((Conflict, RuleViolation)) as refused:
        reverse_credit(note.pk, actor=SYSTEM, reason=reason)
    return refused.value


def test_a_note_is_taken_back_once(credited):
    counter = reverse_credit(credited.pk, actor=SYSTEM, reason=WHY)
    before = picture()

    refused = refusal(credited)

    assert (refused.code, refused.facts["reversed_by"]) == (
        "reversed_already",
        str(counter.uuid),
    )
    assert picture() == before


def test_a_counter_note_itself_stays(credited):
    counter = reverse_credit(credited.pk, actor=SYSTEM, reason=WHY)
    before = picture()

    assert refusal(counter).code == "is_reversal"
    assert picture() == before


def test_taking_back_needs_a_reason(credited):
    before = picture()

    assert refusal(credited, reason=" ").code == "reason_required"
    assert picture() == before


def test_a_closed_return_is_opened_again_first(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "1", "10.00")))
    (note,) = credit_return(rma.pk, actor=SYSTEM)
    complete_return(rma.pk, actor=SYSTEM)
    before = picture()

    refused = refusal(note)

    assert (refused.code, refused.facts["status"]) == ("illegal_transition", "complete")
    assert "reopen" in refused.facts["legal_verbs"]
    assert picture() == before


def test_money_that_went_out_stands_in_the_way(business, bo):
    note = note_of(returned_and_credited(business, bo, currency="USD")).get()
    refund = paid_by_hand()
    before = picture()

    refused = refusal(note)

    assert (refused.code, refused.facts["refunds"]) == ("refund_out", [refund.reference])
    assert picture() == before


def test_a_note_numbered_elsewhere_is_taken_back_under_our_own_number(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "1", "10.00")))
    (theirs,) = credit_return(rma.pk, actor=SYSTEM, reference="GUT-77")

    counter = reverse_credit(theirs.pk, actor=SYSTEM, reason=WHY)

    assert counter.series_number == 1
    assert counter.reference.startswith("CN-")
    assert sound() == []
