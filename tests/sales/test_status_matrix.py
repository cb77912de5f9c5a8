"""Every status of a sales order against every verb, from the domain page's table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from rmaproject.shared.errors import Conflict
from sales.models import SalesOrder
from sales.services.orders import (
    add_lines,
    cancel_order,
    complete_order,
    create_order,
    edit_line,
    edit_order,
    hold_order,
    issue_order,
    remove_line,
    resume_order,
)
from sales.services.shipping import AllocationInput, add_shipment, allocate, deallocate, ship
from sales.states import ORDER_VERBS, OrderStatus
from stock.services import book_in
from tests.changes import picture
from tests.factories import LocationFactory, PartFactory

LEGAL = {
    "issue": {"pending": "in_progress"},
    "hold": {"pending": "on_hold", "in_progress": "on_hold"},
    "resume": {"on_hold": "in_progress"},
    "allocate": {"pending": "pending", "in_progress": "in_progress"},
    "ship": {"in_progress": "in_progress"},
    "complete": {"in_progress": "complete"},
    "cancel": {"pending": "cancelled", "in_progress": "cancelled", "on_hold": "cancelled"},
    "edit": {"pending": "pending", "in_progress": "in_progress"},
}
STATUSES = ("pending", "in_progress", "on_hold", "complete", "cancelled")

DO: dict[str, Callable[[SalesOrder], Any]] = {
    "issue": lambda order: issue_order(order.pk, actor=SYSTEM),
    "hold": lambda order: hold_order(order.pk, actor=SYSTEM),
    "resume": lambda order: resume_order(order.pk, actor=SYSTEM),
    "allocate": lambda order: promise(order),
    "ship": lambda order: ship(order.pk, order.shipments.get().pk, actor=SYSTEM),
    "complete": lambda order: complete_order(order.pk, actor=SYSTEM, accept_incomplete=True),
    "cancel": lambda order: cancel_order(order.pk, actor=SYSTEM),
    "edit": lambda order: edit_order(order.pk, {"target_date": date(2026, 4, 1)}, actor=SYSTEM),
}
MORE: dict[str, Callable[[SalesOrder], Any]] = {
    "add_shipment": lambda order: add_shipment(order.pk, actor=SYSTEM),
    "deallocate": lambda order: deallocate(order.pk, 0, actor=SYSTEM),
    "add_lines": lambda order: add_lines(
        order.pk,
        [{"part": order.lines.get().part, "quantity": 1, "gross_unit_price": 1}],
        actor=SYSTEM,
    ),
    "edit_line": lambda order: edit_line(
        order.pk, order.lines.get().pk, {"quantity": Decimal(5)}, actor=SYSTEM
    ),
    "remove_line": lambda order: remove_line(order.pk, order.lines.get().pk, actor=SYSTEM),
}


def promise(order: SalesOrder) -> SalesOrder:
    line = order.lines.get()
    item = line.part.stock_items.get()
    wanted = [AllocationInput(line.pk, item.pk, Decimal(1))]
    return allocate(order.pk, order.shipments.get().pk, wanted, actor=SYSTEM)


@pytest.fixture
def order(business, bo):
    part = PartFactory(sku="TENT")
    book_in(part, LocationFactory(code="SHELF"), actor=SYSTEM, quantity=Decimal(9))
    lines = [{"part": part, "quantity": Decimal(2), "gross_unit_price": Decimal(50)}]
    made = create_order(business=business, customer=bo, actor=SYSTEM, lines=lines)
    add_shipment(made.pk, actor=SYSTEM)
    return made


def order_in(status: str, verb: str, order: SalesOrder) -> SalesOrder:
    """The pending order, brought to a status, ready for the verb."""
    if status != "pending":
        issue_order(order.pk, actor=SYSTEM)
    if verb == "ship" and status == "in_progress":
        promise(order)
    if status in ("on_hold", "complete", "cancelled"):
        DO[{"on_hold": "hold", "cancelled": "cancel"}.get(status, status)](order)
    return SalesOrder.objects.get(pk=order.pk)


def test_the_matrix_covers_every_status_and_verb():
    assert {row.verb for row in ORDER_VERBS} == set(LEGAL) == set(DO)
    assert set(OrderStatus.values) == set(STATUSES)


@pytest.mark.parametrize(
    ("verb", "status", "after"),
    [(verb, before, after) for verb, pairs in LEGAL.items() for before, after in pairs.items()],
)
def test_a_legal_verb_moves_the_order_and_leaves_its_trail(order, verb, status, after):
    order = order_in(status, verb, order)

    DO[verb](order)

    now = SalesOrder.objects.get(pk=order.pk)
    assert now.status == after
    assert now.version == order.version + 1
    assert AuditEntry.objects.get(aggregate_id=now.uuid, n=now.version).verb == verb
    assert AuditEntry.objects.filter(aggregate_id=now.uuid).count() == now.version


@pytest.mark.parametrize(
    ("verb", "status"),
    [(verb, status) for verb in LEGAL for status in STATUSES if status not in LEGAL[verb]],
)
def test_an_illegal_verb_is_refused_with_the_legal_ones_and_changes_nothing(order, verb, status):
    order = order_in(status, verb, order)
    before = picture()

    with pytest.raises(Conflict) as refusal:
        DO[verb](order)

    assert refusal.value.code == "illegal_transition"
    assert refusal.value.facts["status"] == status
    legal = {name for name, pairs in LEGAL.items() if status in pairs}
    assert set(refusal.value.facts["legal_verbs"]) == legal
    assert picture() == before


@pytest.mark.parametrize("change", MORE)
@pytest.mark.parametrize("status", ["on_hold", "complete", "cancelled"])
def test_lines_and_shipments_of_a_resting_order_stay_as_they_are(order, change, status):
    order = order_in(status, "edit", order)
    before = picture()

    with pytest.raises(Conflict) as refusal:
        MORE[change](order)

    assert refusal.value.code == "illegal_transition"
    assert picture() == before


@pytest.mark.parametrize("held_from", ["pending", "in_progress"])
def test_a_held_order_resumes_to_what_it_was_held_from(order, held_from):
    order = order_in(held_from, "hold", order)
    assert hold_order(order.pk, actor=SYSTEM).held_from == held_from

    resumed = resume_order(order.pk, actor=SYSTEM)

    assert (resumed.status, resumed.held_from) == (held_from, "")
