"""What holds when many do the same thing at the same moment, and what it is that holds it.

Each guarantee has its negative control: the same race with the guard taken out goes wrong, so the
race is real and the guard is what stops it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from itertools import count
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from returns.models import Disposition, Receipt, ReceiptLine, ReturnLine, ReturnOrder
from returns.services import (
    ArrivalInput,
    DisposeInput,
    LineInput,
    ReceiveInput,
    _advance,
    add_comment,
    credit_return,
    dispose_return,
    issue_return,
    receive_return,
    receiving,
    request_return,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from rmaproject.audit.verification import checks as audit_checks
from rmaproject.shared.errors import Conflict
from sales.models import CreditNote, InvoiceLine, OrderLine, UnitSale
from sales.services.numbering import draw
from sales.services.orders import create_order, issue_order
from sales.services.shipping import AllocationInput, add_shipment, allocate
from stock.models import Movement, StockItem
from stock.services import book_in
from tests.factories import CompanyFactory, LocationFactory, PartFactory, ask_return, goods, sell
from tests.racing import WAIT, race, written_over

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 20


def receive(rma: ReturnOrder, line: ReturnLine) -> Receipt:
    return receive_return(rma.pk, ReceiveInput(lines=[ArrivalInput(line)]), actor=SYSTEM)


def claim(order: Any, reference: str) -> ReturnOrder:
    """A reference of its own, so that the counter does not queue the callers."""
    line = LineInput(Decimal(1), order_line=order.lines.get())
    return request_return(
        business=order.business,
        customer=order.customer,
        lines=[line],
        actor=SYSTEM,
        reference=reference,
    )


def claims(order: Any) -> list[Any]:
    return [partial(claim, order, f"R-{number}") for number in range(MANY)]


def accepted(order: Any, quantity: str = "1") -> ReturnOrder:
    rma = ask_return(order, quantity, issued=True)
    line = rma.lines.get()
    arrival = ArrivalInput(line, Decimal(quantity))
    receive_return(rma.pk, ReceiveInput(lines=[arrival]), actor=SYSTEM)
    restock = Disposition.objects.get(code="restock")
    dispose_return(rma.pk, [DisposeInput(line, restock)], actor=SYSTEM)
    return rma


def test_of_many_who_receive_one_bulk_unit_one_succeeds(business, bo):
    rma = ask_return(sell(business, bo, goods("TENT", "1", "50.00")), "1", issued=True)
    line = rma.lines.get()

    received, refused = race([partial(receive, rma, line)] * MANY)

    assert len(received) == 1
    assert [refusal.code for refusal in refused] == ["exceeds_expected"] * (MANY - 1)
    line.refresh_from_db()
    assert (line.received, line.accepted, line.rejected) == (1, 0, 0)
    assert ReceiptLine.objects.count() == 1
    assert Movement.objects.get().quantity == 1
    assert StockItem.objects.get().quantity == 1


def test_of_many_who_receive_one_serialized_unit_one_succeeds(business, bo):
    sell(business, bo, goods("BIKE", "1", "900.00", serials=("B-1",)))
    unit = StockItem.objects.get()
    rma = request_return(
        business=business, customer=bo, lines=[LineInput(stock_item=unit)], actor=SYSTEM
    )
    issue_return(rma.pk, actor=SYSTEM)
    line = rma.lines.get()

    received, refused = race([partial(receive, rma, line)] * MANY)

    assert len(received) == 1
    assert [refusal.code for refusal in refused] == ["exceeds_expected"] * (MANY - 1)
    unit.refresh_from_db()
    assert (unit.state, unit.holder_id, unit.location_id) == (
        "held",
        None,
        business.returns_location_id,
    )
    assert Movement.objects.filter(cause="receipt").count() == 1
    assert UnitSale.objects.filter(until=None).count() == 0


def test_without_the_lock_one_unit_is_received_many_times(business, bo, monkeypatch):
    """Also out of the way: the receipt's number (unique) and the version guard with its trail.

    And the counter that is raised where it stands: each caller writes the same 1 over the same 0.
    """
    rma = ask_return(sell(business, bo, goods("TENT", "1", "50.00")), "1", issued=True)
    line, numbers, all_have_read = rma.lines.get(), count(1), Barrier(MANY)
    expected_units = receiving._lock_expected_units

    def read_together(*args: Any) -> Any:
        all_have_read.wait(WAIT)
        return expected_units(*args)

    monkeypatch.setattr(_advance, "lock_return", unlocked)
    monkeypatch.setattr(receiving, "new_receipt", partial(numbered, numbers))
    monkeypatch.setattr(receiving, "touched", lambda order, *args, **kwargs: order)
    monkeypatch.setattr(receiving, "_lock_expected_units", read_together)
    monkeypatch.setattr(receiving, "add_figures", written_over(0))

    received, refused = race([partial(receive, rma, line)] * MANY)

    assert (len(received), refused) == (MANY, [])
    line.refresh_from_db()
    assert line.received == 1
    assert ReceiptLine.objects.count() == MANY
    assert StockItem.objects.get().quantity == MANY


def unlocked(return_id: int) -> ReturnOrder:
    return ReturnOrder.objects.select_related("business", "customer").get(pk=return_id)


def numbered(numbers: Any, order: Any, received_on: Any, actor: Any, at: Any, **values: Any) -> Any:
    return Receipt.objects.create(
        return_order=order, number=next(numbers), received_on=received_on, at=at, **values
    )


def test_of_many_who_claim_the_last_unit_one_succeeds(business, bo):
    order = sell(business, bo, goods("TENT", "2", "50.00"))
    ask_return(order, "1")

    made, refused = race(claims(order))

    assert len(made) == 1
    assert [refusal.code for refusal in refused] == ["exceeds_returnable"] * (MANY - 1)
    assert OrderLine.objects.get().claimed == 2
    assert ReturnOrder.objects.count() == ReturnLine.objects.count() == 2


def test_without_its_check_the_last_unit_is_claimed_by_all(business, bo):
    order = sell(business, bo, goods("TENT", "2", "50.00"))
    ask_return(order, "1")

    with without_constraint(OrderLine, "orderline_claimed_within_shipped"):
        made, refused = race(claims(order))
        claimed, shipped = OrderLine.objects.values_list("claimed", "shipped").get()

    assert (len(made), refused) == (MANY, [])
    assert (claimed, shipped) == (MANY + 1, 2)


@contextmanager
def without_constraint(model: Any, name: str) -> Iterator[None]:
    (constraint,) = [row for row in model._meta.constraints if row.name == name]
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        model.objects.update(claimed=0)
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)


def test_two_who_credit_the_same_return_make_one_note(business, bo):
    rma = accepted(sell(business, bo, goods("TENT", "2", "50.00")))

    made, refused = race([lambda: credit_return(rma.pk, actor=SYSTEM)] * 2)

    assert len(made) == 1
    assert [refusal.code for refusal in refused] == ["nothing_to_credit"]
    assert CreditNote.objects.get().gross == Decimal("50.00")
    assert rma.lines.get().credited == 1


def test_credits_of_one_line_by_several_returns_add_up_to_the_cent(business, bo):
    order = sell(business, bo, goods("PEG", "7", "1.428571"), paid=False)
    returns = [accepted(order) for _ in range(7)]

    made, refused = race([partial(credit_return, rma.pk, actor=SYSTEM) for rma in returns])

    assert (len(made), refused) == (7, [])
    notes = CreditNote.objects.all()
    assert sum(note.gross for note in notes) == 10
    assert sum(note.tax for note in notes) == Decimal("1.74")
    assert InvoiceLine.objects.get().credited_units == 7


def test_of_two_orders_one_gets_the_last_piece(business, bo):
    part = PartFactory()
    (item,) = book_in(part, LocationFactory(), actor=SYSTEM, quantity=Decimal(1))
    jobs = [take(business, bo, part, item, reference) for reference in ("A", "B")]

    done, refused = race(jobs)

    assert len(done) == 1
    assert [refusal.code for refusal in refused] == ["not_enough_stock"]
    item.refresh_from_db()
    assert (item.quantity, item.allocated) == (1, 1)
    assert sorted(OrderLine.objects.values_list("allocated", flat=True)) == [0, 1]


def take(business: Any, customer: Any, part: Any, item: Any, reference: str) -> Any:
    """An order that is about to take one piece of a stock item."""
    order = create_order(
        business=business,
        customer=customer,
        actor=SYSTEM,
        reference=reference,
        lines=[{"part": part, "quantity": Decimal(1)}],
    )
    issue_order(order.pk, actor=SYSTEM)
    shipment = add_shipment(order.pk, actor=SYSTEM)
    wanted = [AllocationInput(order.lines.get().pk, item.pk)]
    return partial(allocate, order.pk, shipment.pk, wanted, actor=SYSTEM)


def test_credit_note_numbers_have_no_gap_also_when_some_bookings_fail(business):
    customers = [CompanyFactory() for _ in range(6)]
    returns = [accepted(sell(business, one, goods("TENT", "1", "9.99"))) for one in customers]
    jobs = [partial(credit_return, rma.pk, actor=SYSTEM) for rma in returns]

    made, refused = race([*jobs, *[partial(draw_and_fail, business)] * 4])

    assert [refusal.code for refusal in refused] == ["failed"] * 4
    numbers = [note.series_number for notes in made for note in notes]
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]


def draw_and_fail(business: Any) -> None:
    from rmaproject.shared import clock

    with transaction.atomic():
        draw(business, "credit_note", clock.today(business), CreditNote)
        raise Conflict("The booking fails after its number was drawn.", code="failed")


def test_many_writers_leave_one_whole_audit_chain(business, bo):
    rma = ask_return(sell(business, bo, goods("TENT", "1", "50.00")), "1")

    made, refused = race([partial(add_comment, rma.pk, "Me too.", actor=SYSTEM)] * 8)

    assert (len(made), refused) == (8, [])
    assert ReturnOrder.objects.get().version == 9
    assert AuditEntry.objects.filter(aggregate_id=rma.uuid).count() == 9
    assert [str(broken) for check in audit_checks() for broken in check.broken()] == []
