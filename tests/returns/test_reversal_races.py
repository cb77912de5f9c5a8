"""Taking back and other steps at the same moment: one wins, the books stay sound.

Each race has its negative control: with the guard taken out it goes wrong.
"""

from __future__ import annotations

from functools import partial
from itertools import count
from threading import Barrier, Event
from typing import Any

import pytest

from returns.models import Disposition, Receipt, ReturnOrder
from returns.services import (
    _advance,
    credit_return,
    dispose_return,
    receiving,
    reverse_credit,
    reverse_receipt,
)
from returns.services import reversing as service
from returns.services.inputs import CreditInput, DisposeInput
from rmaproject.access.actors import SYSTEM
from rmaproject.management.commands.verify import all_checks
from sales.models import CreditLine, CreditNote, Invoice, InvoiceLine
from sales.services import reversing as notes
from stock.models import Movement, StockItem
from tests.factories import ask_return, goods, sell
from tests.racing import WAIT, race, written_over
from tests.returns.steps import D, decided, receive
from tests.returns.test_races import accepted, numbered, unlocked

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 6


def undo(receipt: Receipt) -> Receipt:
    return reverse_receipt(receipt.pk, actor=SYSTEM, reason="Counted twice.")


def take_back(note: CreditNote) -> CreditNote:
    return reverse_credit(note.pk, actor=SYSTEM, reason="Booked twice.")


def broken() -> list[str]:
    return [str(row) for check in all_checks() for row in check.broken()]


def test_receiving_and_taking_back_at_once_leave_what_both_say(business, bo):
    rma = ask_return(sell(business, bo, goods("TENT", "9", "50.00")), "9", issued=True)
    line = rma.lines.get()
    first = receive(line, "2")

    done, refused = race([partial(undo, first), *[partial(receive, line)] * MANY])

    assert (len(done), refused) == (MANY + 1, [])
    assert rma.lines.get().received == MANY
    assert StockItem.objects.get().quantity == MANY
    assert broken() == []


def test_without_the_lock_what_was_taken_back_while_goods_arrived_counts_as_here(
    business, bo, monkeypatch
):
    """Also out of the way: the receipts' numbers, the trail, and the counter that is raised."""
    rma = ask_return(sell(business, bo, goods("TENT", "9", "50.00")), "9", issued=True)
    line = rma.lines.get()
    first, numbers = receive(line, "2"), count(2)
    counted, taken_back = Event(), Event()
    expected_units = receiving._lock_expected_units

    def arrive_slowly(*args: Any) -> Any:
        counted.set()
        assert taken_back.wait(WAIT)
        return expected_units(*args)

    def undo_meanwhile() -> None:
        assert counted.wait(WAIT)
        undo(first)
        taken_back.set()

    monkeypatch.setattr(receiving, "_lock_expected_units", arrive_slowly)
    monkeypatch.setattr(_advance, "lock_return", unlocked)
    monkeypatch.setattr(service, "lock_return", unlocked)
    monkeypatch.setattr(receiving, "add_figures", written_over(2))
    for module in (receiving, service):
        monkeypatch.setattr(module, "new_receipt", partial(numbered, numbers))
        monkeypatch.setattr(module, "touched", lambda order, *args, **kwargs: order)

    done, refused = race([partial(receive, line), undo_meanwhile])

    assert (len(done), refused) == (2, [])
    assert (rma.lines.get().received, StockItem.objects.get().quantity) == (3, 1)
    assert "line 1 of RMA-0001: received is 3, should be 1" in " ".join(broken())


def test_of_deciding_and_taking_back_at_once_nothing_is_left_in_between(business, bo):
    rma = ask_return(sell(business, bo, goods("TENT", "2", "50.00")), "2", issued=True)
    line = rma.lines.get()
    receipt = receive(line, "2")
    scrap = DisposeInput(line, Disposition.objects.get(code="scrap"))

    done, refused = race(
        [partial(undo, receipt), partial(dispose_return, rma.pk, [scrap], actor=SYSTEM)]
    )

    assert len(done) == 1
    assert [refusal.code for refusal in refused] in (["stock_moved_on"], ["nothing_undecided"])
    assert broken() == []


def test_of_many_who_take_one_receipt_back_one_succeeds(business, bo):
    rma = ask_return(sell(business, bo, goods("TENT", "5", "50.00")), "5", issued=True)
    receipt = receive(rma.lines.get(), "2")
    receive(rma.lines.get(), "3")

    done, refused = race([partial(undo, receipt)] * MANY)

    assert len(done) == 1
    assert [refusal.code for refusal in refused] == ["reversed_already"] * (MANY - 1)
    assert rma.lines.get().received == 3
    assert StockItem.objects.get().quantity == 3
    assert broken() == []


def test_without_the_lock_and_the_unique_row_one_receipt_is_taken_back_twice(
    business, bo, monkeypatch
):
    """Out of the way: the lock, the receipt's number, `reverses` (unique) and the trail's guard."""
    rma = ask_return(sell(business, bo, goods("TENT", "5", "50.00")), "5", issued=True)
    receipt = receive(rma.lines.get(), "2")
    receive(rma.lines.get(), "3")
    numbers, all_have_read, standing = count(3), Barrier(2), service._require_standing

    def read_together(found: Receipt) -> None:
        standing(found)
        all_have_read.wait(WAIT)

    def new_receipt(*args: Any, **values: Any) -> Receipt:
        return numbered(numbers, *args, **{**values, "reverses": None})

    monkeypatch.setattr(service, "lock_return", unlocked)
    monkeypatch.setattr(service, "_require_standing", read_together)
    monkeypatch.setattr(service, "new_receipt", new_receipt)
    monkeypatch.setattr(service, "touched", lambda order, *args, **kwargs: order)

    done, refused = race([partial(undo, receipt)] * 2)

    assert (len(done), refused) == (2, [])
    assert Movement.objects.filter(cause="reversal").count() == 2
    assert StockItem.objects.get().quantity == 1


def test_of_many_who_take_one_note_back_one_succeeds(business, bo):
    rma = accepted(sell(business, bo, goods("TENT", "2", "50.00"), paid=False))
    (note,) = credit_return(rma.pk, actor=SYSTEM)

    done, refused = race([partial(take_back, note)] * MANY)

    assert len(done) == 1
    assert [refusal.code for refusal in refused] == ["reversed_already"] * (MANY - 1)
    assert rma.lines.get().credited == 0
    assert CreditNote.objects.count() == 2
    assert broken() == []


def test_without_the_locks_one_note_is_taken_back_twice(business, bo, monkeypatch):
    """Out of the way: all locks, the unique rows that point to what they take back, the trail.

    The second note still stands, and yet nothing counts it any more.
    """
    rma = accepted(sell(business, bo, goods("TENT", "2", "50.00"), paid=False), "2")
    one = [CreditInput(rma.lines.get(), D("1"))]
    note, _ = [credit_return(rma.pk, one, actor=SYSTEM)[0] for _ in range(2)]
    both_have_read, reversible = Barrier(2), notes._require_reversible

    def read_together(found: CreditNote) -> None:
        reversible(found)
        both_have_read.wait(WAIT)

    monkeypatch.setattr(service, "lock_return", unlocked)
    monkeypatch.setattr(service, "lock_rows", lambda model, keys: {})
    monkeypatch.setattr(service, "touched", lambda order, *args, **kwargs: order)
    monkeypatch.setattr(notes, "_lock_note", unlocked_note)
    monkeypatch.setattr(notes, "_require_reversible", read_together)
    monkeypatch.setattr(notes, "_take_back_settlements", lambda note, actor: None)
    monkeypatch.setattr(notes, "_counter_note", partial(pointing_nowhere, notes._counter_note))
    monkeypatch.setattr(notes.trail, "change", blind_change)

    done, refused = race([partial(take_back, note)] * 2)

    assert (len(done), refused) == (2, [])
    assert rma.lines.get().credited == InvoiceLine.objects.get().credited_units == 0
    assert CreditLine.objects.filter(live=True).count() == 1


def pointing_nowhere(make: Any, note: CreditNote) -> CreditNote:
    made: CreditNote = make(note)
    made.reverses = None
    return made


def unlocked_note(note: CreditNote) -> CreditNote:
    return CreditNote.objects.select_related("business", "account").get(pk=note.pk)


def blind_change(root: Any, verb: str, *, fields: Any = None, **facts: Any) -> None:
    type(root).objects.filter(pk=root.pk).update(**(fields or {}))


def test_two_notes_of_one_invoice_are_taken_back_at_once(business, bo):
    order = sell(business, bo, goods("TENT", "2", "50.00"), paid=False)
    pair = [credit_return(accepted(order).pk, actor=SYSTEM)[0] for _ in range(2)]

    done, refused = race([partial(take_back, note) for note in pair])

    assert (len(done), refused) == (2, [])
    invoice = Invoice.objects.get()
    assert (invoice.settled, invoice.credited) == (0, 0)
    assert sorted(CreditNote.objects.values_list("series_number", flat=True)) == [1, 2, 3, 4]
    assert broken() == []


def test_crediting_and_taking_the_receipt_back_at_once_pay_for_nothing_that_is_gone(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "1", "50.00"), paid=False))
    receipt = Receipt.objects.get()

    done, refused = race([partial(undo, receipt), partial(credit_return, rma.pk, actor=SYSTEM)])

    codes = [refusal.code for refusal in refused]
    assert (len(done), codes) in ((2, []), (1, ["nothing_to_credit"]))
    line = rma.lines.get()
    assert (line.received, line.credited) == (0, 0)
    assert ReturnOrder.objects.get().money == "none"
    assert broken() == []
