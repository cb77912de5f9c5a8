"""What one return credits, and what is invoiced, decides what other returns of the sale are owed.

Money of the return and `credit_owed` show it at once, so that the desk finds what waits.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from threading import Event
from typing import Any

import pytest

from returns.models import Receipt, ReturnOrder
from returns.services import credit_return, neighbours, reverse_credit, reverse_receipt
from returns.services._advance import lock_for
from rmaproject.access.actors import SYSTEM
from rmaproject.audit import trail
from rmaproject.management.commands.verify import all_checks
from rmaproject.shared.db import command
from sales.services.invoicing import invoice_order
from sales.services.orders import create_order, issue_order
from sales.services.shipping import AllocationInput, add_shipment, allocate, ship
from stock.services import book_in
from tests.factories import LocationFactory, PartFactory, goods, sell
from tests.racing import WAIT, race
from tests.returns.steps import decided


def shown(rma: ReturnOrder) -> tuple[bool, str]:
    rma.refresh_from_db()
    return rma.credit_owed, rma.money


def broken() -> list[str]:
    return [str(row) for check in all_checks() for row in check.broken()]


def half_invoiced(business: Any, customer: Any) -> tuple[ReturnOrder, ReturnOrder]:
    """Two returns of one piece each, both accepted; only one piece of the sale was invoiced."""
    part = PartFactory()
    (item,) = book_in(part, LocationFactory(), actor=SYSTEM, quantity=Decimal(2))
    line = {"part": part, "quantity": Decimal(2), "gross_unit_price": Decimal("50.00")}
    order = create_order(business=business, customer=customer, actor=SYSTEM, lines=[line])
    issue_order(order.pk, actor=SYSTEM)
    for number in range(2):
        shipment = add_shipment(order.pk, actor=SYSTEM)
        wanted = [AllocationInput(order.lines.get().pk, item.pk)]
        allocate(order.pk, shipment.pk, wanted, actor=SYSTEM)
        ship(order.pk, shipment.pk, actor=SYSTEM)
        if number == 0:
            invoice_order(order.pk, actor=SYSTEM)
    return decided(order), decided(order)


@pytest.mark.django_db
def test_what_was_accepted_before_its_invoice_is_owed_once_it_is_invoiced(business, bo):
    order = sell(business, bo, goods("TENT", "1", "50.00"), invoiced=False)
    rma = decided(order)
    assert shown(rma) == (False, "none")

    invoice_order(order.pk, actor=SYSTEM)

    assert shown(rma) == (True, "due")
    assert trail.history(rma)[-1].verb == "recount"
    assert broken() == []


@pytest.mark.django_db
def test_a_return_is_owed_nothing_once_another_was_credited_all_that_was_invoiced(business, bo):
    first, second = half_invoiced(business, bo)
    assert (shown(first), shown(second)) == ((True, "due"), (True, "due"))

    credit_return(first.pk, actor=SYSTEM)

    assert shown(second) == (False, "none")


@pytest.mark.django_db
def test_it_is_owed_again_when_that_credit_is_taken_back(business, bo):
    first, second = half_invoiced(business, bo)
    (note,) = credit_return(first.pk, actor=SYSTEM)

    reverse_credit(note.pk, actor=SYSTEM, reason="The wrong one.")

    assert (shown(first), shown(second)) == ((True, "due"), (True, "due"))


@pytest.mark.django_db
def test_it_is_owed_again_when_the_receipt_of_what_was_credited_is_taken_back(business, bo):
    first, second = half_invoiced(business, bo)
    credit_return(first.pk, actor=SYSTEM)
    receipt = Receipt.objects.get(return_order=first)

    reverse_receipt(receipt.pk, actor=SYSTEM, reason="Counted twice.")

    assert (shown(first), shown(second)) == ((False, "none"), (True, "due"))


@pytest.mark.django_db
def test_a_return_that_is_owed_what_it_was_owed_before_is_left_alone(business, bo):
    order = sell(business, bo, goods("TENT", "2", "50.00"), paid=False)
    first, second = decided(order), decided(order)

    credit_return(first.pk, actor=SYSTEM)

    assert ReturnOrder.objects.get(pk=second.pk).version == second.version
    assert broken() == []


@command
def hold(rma: ReturnOrder, held: Event, release: Event) -> None:
    """Somebody works on a return for a while."""
    lock_for(rma.pk, "edit")
    held.set()
    assert release.wait(WAIT)


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_return_that_somebody_holds_and_it_is_recounted_after(business, bo):
    order = sell(business, bo, goods("TENT", "1", "50.00"), invoiced=False)
    rma = decided(order)
    held, invoiced, release = Event(), Event(), Event()
    seen = []

    def invoice() -> None:
        assert held.wait(WAIT)
        later = neighbours.recount_return

        def tell(*args: Any, **kwargs: Any) -> None:
            seen.append(order.invoices.count())
            release.set()
            later(*args, **kwargs)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(neighbours, "recount_return", tell)
            invoice_order(order.pk, actor=SYSTEM)
        invoiced.set()

    done, refused = race([partial(hold, rma, held, release), invoice])

    assert (len(done), refused, seen) == (2, [], [1])
    assert shown(rma) == (True, "due")
    assert broken() == []
