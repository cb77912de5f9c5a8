"""Goods arrive: counted under the return's lock, held until somebody decides about them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from returns.locks import lines_of
from returns.models import Receipt, ReceiptLine, ReturnLine, ReturnOrder
from returns.services._advance import lock_for, require, touched
from returns.services._arriving import hold_bulk, hold_unit, place_for, required
from returns.services.disposing import accept_undecided, dispose_rows
from returns.services.finishing import acting_for, on_behalf
from returns.services.flow import acceptable, proceed
from returns.services.inputs import ArrivalInput, DisposeInput, ReceiveInput
from returns.services.surprises import Find, receive_surprises, recognise
from returns.terms import return_terms
from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money
from rmaproject.shared.db import add_figures, command
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation, below
from sales.models import UnitSale
from stock.models import Cause, Location, Movement, Part, StockItem
from stock.services.moving import Moved, lock_units


@command
def receive_return(return_id: int, given: ReceiveInput, *, actor: Actor) -> Receipt:
    """Book what arrived: one receipt, its lines, and one stock movement for each.

    Surplus, wrong and unknown goods become unexpected lines, never a refusal. Entries that name
    a disposition are decided at once, which needs its right and that the return is not held.
    Raises RuleViolation `exceeds_expected` with the figure, `serial_missing`, `wrong_serial`,
    `wrong_sale`, `not_held_by_customer`, `location_missing`, `invalid_date`, `nothing_received`,
    `not_batched`, `invalid_expiry`;
    Conflict `illegal_transition`, `on_hold`, `parcel_void`; NotFound for a line of another return.
    """
    order = lock_for(return_id, "receive")
    if not given.lines and not given.unexpected:
        raise RuleViolation(_("Say what arrived."), code="nothing_received", pointer="/lines")
    now = clock.now()
    receipt = _receipt(order, given, actor, now)
    found = _lock_all_units(order, given)
    rows = receive_lines(order, receipt, given, actor=actor)
    receive_surprises(order, receipt, given, found, actor=actor)
    counted = lines_of(order)
    promised = _promise(order, receipt)
    told: dict[str, Any] = {"receipt": receipt.uuid, **promised}
    touched(order, "receive", actor=actor, lines=counted, fields=promised, **told)
    _dispose_at_once(order, given, rows, actor)
    _follow_rules(order, rows, actor)
    return receipt


def _promise(order: ReturnOrder, receipt: Receipt) -> dict[str, Any]:
    """By when the money is promised back: counted from the first goods, unless it was said."""
    if order.refund_by is not None or order.policy_id is None:
        return {}
    day = return_terms(order).refund_by(receipt.received_on)
    return {} if day is None else {"refund_by": day}


def receive_lines(
    order: ReturnOrder,
    receipt: Receipt,
    given: ReceiveInput,
    *,
    actor: Actor,
    lines: list[ReturnLine] | None = None,
    move_stock: bool = True,
) -> list[ReceiptLine]:
    """Count the announced lines of a locked return and move their stock.

    `lines` are all of the return as they stand, from a caller who has just made them.
    """
    known = {line.pk: line for line in (lines_of(order) if lines is None else lines)}
    units = _lock_expected_units(given, known)
    moved = Moved(Cause.RECEIPT, receipt.at, actor)
    rows: list[ReceiptLine] = []
    counted: dict[int, tuple[Decimal]] = {}
    for number, entry in enumerate(given.lines):
        line = known.get(entry.line.pk)
        if line is None or line.void:
            message = _("The line does not belong to this return.")
            raise NotFound(message, code="not_found", pointer=f"/lines/{number}/line")
        _count(line, entry.quantity, number)
        (before,) = counted.get(line.pk, (money.ZERO,))
        counted[line.pk] = (before + entry.quantity,)
        unit = units.get(line.stock_item_id or 0)
        if unit is not None:
            _require_same_serial(unit, entry, number)
        unit = unit or _named_unit(order, line, entry, number)
        place = place_for(order, given, entry.location, line)
        with below(f"/lines/{number}"):
            row = _receive_one(order, receipt, line, entry, unit, place, moved, move_stock)
        rows.append(row)
    add_figures(ReturnLine, counted, "received")
    return ReceiptLine.objects.bulk_create(rows)


def _receipt(order: ReturnOrder, given: ReceiveInput, actor: Actor, now: datetime) -> Receipt:
    today = clock.today(order.business)
    received_on = given.received_on or today
    if received_on > today:
        message = _("Goods cannot have been received in the future.")
        raise RuleViolation(message, code="invalid_date", pointer="/received_on")
    if given.parcel is not None and given.parcel.return_order_id != order.pk:
        raise NotFound(
            _("The parcel belongs to another return."), code="not_found", pointer="/parcel"
        )
    if given.parcel is not None and given.parcel.void:
        message = _("The parcel was taken out of the return.")
        raise Conflict(message, code="parcel_void", pointer="/parcel")
    return new_receipt(order, received_on, actor, now, note=given.note, parcel=given.parcel)


def new_receipt(
    order: ReturnOrder,
    received_on: date,
    actor: Actor,
    at: datetime,
    *,
    number: int | None = None,
    **values: object,
) -> Receipt:
    """The next receipt of a locked return; its `number` from who knows that it is the first."""
    if number is None:
        number = (order.receipts.aggregate(last=Max("number"))["last"] or 0) + 1
    return Receipt.objects.create(
        return_order=order,
        number=number,
        received_on=received_on,
        actor_id=actor.user_id,
        at=at,
        **values,
    )


def _count(line: ReturnLine, quantity: Decimal, number: int) -> None:
    """Raise `received` of a line of a locked return; the figure is what the lock protects."""
    expected = line.quantity - line.released - line.received
    if quantity <= 0:
        message = _("A quantity is more than nothing.")
        pointer = f"/lines/{number}/quantity"
        raise RuleViolation(message, code="invalid_quantity", pointer=pointer)
    if quantity > expected:
        raise RuleViolation(
            _(
                "Only %(expected)s of this line are expected, not %(quantity)s; "
                "surplus goes under unexpected."
            )
            % {"expected": money.plain(expected), "quantity": money.plain(quantity)},
            code="exceeds_expected",
            pointer=f"/lines/{number}/quantity",
            expected=money.plain(expected),
        )
    line.received += quantity


def _lock_all_units(order: ReturnOrder, given: ReceiveInput) -> list[Find]:
    """Recognise what nobody announced, and lock its units with the announced ones in one order."""
    found = recognise(given.unexpected)
    if any(find.unit for find in found):
        announced = order.lines.filter(pk__in=[entry.line.pk for entry in given.lines])
        keys = [key for key in announced.values_list("stock_item", flat=True) if key]
        lock_units(keys + [find.unit.pk for find in found if find.unit])
    return found


def _lock_expected_units(given: ReceiveInput, lines: dict[int, ReturnLine]) -> dict[int, StockItem]:
    named = [lines[entry.line.pk] for entry in given.lines if entry.line.pk in lines]
    return lock_units([line.stock_item_id for line in named if line.stock_item_id])


def _require_same_serial(unit: StockItem, entry: ArrivalInput, number: int) -> None:
    """Refuse a scan of another unit than the one announced; that one is unexpected."""
    if entry.serial and entry.serial.lower() != str(unit.serial).lower():
        message = _("This line is %(serial)s, not %(serial_2)s; receive that as unexpected.") % {
            "serial": unit.serial,
            "serial_2": entry.serial,
        }
        pointer = f"/lines/{number}/serial"
        raise RuleViolation(message, code="wrong_serial", pointer=pointer, serial=unit.serial)


def _named_unit(
    order: ReturnOrder, line: ReturnLine, entry: ArrivalInput, number: int
) -> StockItem | None:
    """The unit that a line by quantity received: a serialized part says which one it is.

    Where the customer holds but one unit of the sold line, it goes without saying.
    """
    if line.part is None or not line.part.is_serialized:
        return None
    serial = entry.serial or _only_serial(line)
    pointer = f"/lines/{number}/serial"
    if not serial:
        message = _("Each unit of %(sku)s needs its serial number.") % {"sku": line.part.sku}
        raise RuleViolation(message, code="serial_missing", pointer=pointer)
    held = StockItem.objects.filter(
        part=line.part, serial__iexact=serial, holder_id=order.customer_id
    )
    unit = held.select_related("part").select_for_update(of=("self",)).first()
    if unit is None:
        message = _("This customer does not hold %(serial)s; receive it as unexpected.") % {
            "serial": serial
        }
        raise RuleViolation(message, code="not_held_by_customer", pointer=pointer)
    _require_same_sale(line, unit, pointer)
    return unit


def _only_serial(line: ReturnLine) -> str:
    """The serial of the one unit of the sold line that is still with the customer; "" for none."""
    if line.order_line_id is None:
        return ""
    out = UnitSale.objects.filter(order_line=line.order_line_id, until=None)
    serials = list(out.values_list("stock_item__serial", flat=True)[:2])
    return serials[0] or "" if len(serials) == 1 else ""


def _require_same_sale(line: ReturnLine, unit: StockItem, pointer: str) -> None:
    """Another sale's unit would be credited at this sale's price, and its own sale go stale."""
    if line.order_line_id is None:
        return
    sales = UnitSale.objects.filter(stock_item=unit, until=None, order_line=line.order_line_id)
    if not sales.exists():
        message = _("%(serial)s was not sold on this line; receive it as unexpected.") % {
            "serial": unit.serial
        }
        raise RuleViolation(message, code="wrong_sale", pointer=pointer)


def _receive_one(
    order: ReturnOrder,
    receipt: Receipt,
    line: ReturnLine,
    entry: ArrivalInput,
    unit: StockItem | None,
    place: Location | None,
    moved: Moved,
    move_stock: bool,
) -> ReceiptLine:
    movement, holder = None, unit.holder_id if unit else None
    if unit is not None:
        if entry.quantity != 1:
            raise RuleViolation(_("A serialized unit counts one."), code="unit_counts_one")
        movement = _take_unit_back(order, unit, required(place), moved)
    elif move_stock and line.part is not None and not line.part.is_virtual:
        batch = _batch_on(line.part, entry)
        told: dict[str, Any] = {"batch": batch, "batch_facts": entry.batch_facts}
        movement = hold_bulk(line.part, entry.quantity, required(place), moved, **told)
    return ReceiptLine(
        receipt=receipt,
        line=line,
        stock_item=unit,
        location=place if movement else None,
        taken_from_id=holder,
        quantity=entry.quantity,
        condition=entry.condition,
        note=entry.note,
        movement=movement,
    )


def _take_unit_back(order: ReturnOrder, unit: StockItem, place: Location, moved: Moved) -> Movement:
    if unit.holder_id != order.customer_id:
        message = _("This customer does not hold %(serial)s.") % {"serial": unit.serial}
        raise RuleViolation(message, code="not_held_by_customer", serial=unit.serial)
    return hold_unit(unit, place, moved)


def _batch_on(part: Part, entry: ArrivalInput) -> str:
    if entry.batch and not part.is_batched:
        message = _("%(sku)s is not counted by batch.") % {"sku": part.sku}
        raise RuleViolation(message, code="not_batched", pointer="/batch", sku=part.sku)
    return entry.batch


def _follow_rules(order: ReturnOrder, rows: list[ReceiptLine], actor: Actor) -> None:
    """Accept, credit and complete as far as the rules of the return say so."""
    if accepted := acceptable(order, rows):
        program = acting_for(actor)
        accept_undecided(order, accepted, actor=program)
        told: dict[str, Any] = {"rule": "accept_on_receipt", **on_behalf(actor)}
        touched(order, "accept", actor=program, receipt_lines=len(accepted), **told)
    proceed(order, actor=actor)


def _dispose_at_once(
    order: ReturnOrder, given: ReceiveInput, rows: list[ReceiptLine], actor: Actor
) -> None:
    """Decide about just the goods that came, not about what lay undecided before."""
    decided = [
        (row, DisposeInput(entry.line, entry.disposition, entry.quantity))
        for row, entry in zip(rows, given.lines, strict=True)
        if entry.disposition is not None
    ]
    if decided:
        require(order, "dispose")
        actor.require("returns.dispose_return")
        dispose_rows(order, decided, actor=actor)
