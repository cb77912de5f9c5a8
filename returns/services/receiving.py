"""Goods arrive: counted under the return's lock, held until somebody decides about them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max

from returns.locks import lines_of
from returns.models import Receipt, ReceiptLine, ReturnLine, ReturnOrder
from returns.services._advance import lock_for, require, touched
from returns.services.disposing import accept_undecided, dispose_rows
from returns.services.finishing import acting_for, on_behalf
from returns.services.flow import acceptable, proceed
from returns.services.inputs import ArrivalInput, DisposeInput, ReceiveInput, SurpriseInput
from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import NotFound, RuleViolation
from sales.models import UnitSale
from stock.models import Cause, Location, Movement, Part, State, StockItem
from stock.services.moving import Moved, Place, lock_units, move_bulk, move_unit


@command
def receive_return(return_id: int, given: ReceiveInput, *, actor: Actor) -> Receipt:
    """Book what arrived: one receipt, its lines, and one stock movement for each.

    Surplus, wrong and unknown goods become unexpected lines, never a refusal. Entries that name
    a disposition are decided at once, which needs its right and that the return is not held.
    Raises RuleViolation `exceeds_expected` with the figure, `serial_missing`, `wrong_serial`,
    `wrong_sale`, `not_held_by_customer`, `location_missing`, `invalid_date`, `nothing_received`;
    Conflict `illegal_transition`, `on_hold`; NotFound for a line of another return.
    """
    order = lock_for(return_id, "receive")
    if not given.lines and not given.unexpected:
        raise RuleViolation("Say what arrived.", code="nothing_received", pointer="/lines")
    now = clock.now()
    receipt = _receipt(order, given, actor, now)
    rows = receive_lines(order, receipt, given, actor=actor)
    _receive_unexpected(order, receipt, given, actor, now)
    counted = lines_of(order)
    touched(order, "receive", actor=actor, lines=counted, receipt=receipt.uuid)
    _dispose_at_once(order, given, rows, actor)
    _follow_rules(order, rows, actor)
    return receipt


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
    rows = []
    for number, entry in enumerate(given.lines):
        line = known.get(entry.line.pk)
        if line is None or line.void:
            message = "The line does not belong to this return."
            raise NotFound(message, code="not_found", pointer=f"/lines/{number}/line")
        _count(line, entry.quantity, number)
        unit = units.get(line.stock_item_id or 0)
        if unit is not None:
            _require_same_serial(unit, entry, number)
        unit = unit or _named_unit(order, line, entry, number)
        place = _place(order, given, entry.location)
        row = _receive_one(order, receipt, line, entry, unit, place, moved, move_stock)
        rows.append(row)
    return rows


def _receipt(order: ReturnOrder, given: ReceiveInput, actor: Actor, now: datetime) -> Receipt:
    today = clock.today(order.business)
    received_on = given.received_on or today
    if received_on > today:
        message = "Goods cannot have been received in the future."
        raise RuleViolation(message, code="invalid_date", pointer="/received_on")
    if given.parcel is not None and given.parcel.return_order_id != order.pk:
        raise NotFound("The parcel belongs to another return.", code="not_found", pointer="/parcel")
    return new_receipt(order, received_on, actor, now, note=given.note, parcel=given.parcel)


def new_receipt(
    order: ReturnOrder, received_on: date, actor: Actor, at: datetime, **values: object
) -> Receipt:
    """The next receipt of a locked return."""
    last = order.receipts.aggregate(last=Max("number"))["last"] or 0
    return Receipt.objects.create(
        return_order=order,
        number=last + 1,
        received_on=received_on,
        actor_id=actor.user_id,
        at=at,
        **values,
    )


def _count(line: ReturnLine, quantity: Decimal, number: int) -> None:
    """Raise `received` of a line of a locked return; the figure is what the lock protects."""
    expected = line.quantity - line.released - line.received
    if quantity <= 0:
        message = "A quantity is more than nothing."
        pointer = f"/lines/{number}/quantity"
        raise RuleViolation(message, code="invalid_quantity", pointer=pointer)
    if quantity > expected:
        raise RuleViolation(
            f"Only {money.plain(expected)} of this line are expected, not {money.plain(quantity)}; "
            "surplus goes under unexpected.",
            code="exceeds_expected",
            pointer=f"/lines/{number}/quantity",
            expected=money.plain(expected),
        )
    line.received += quantity
    line.save(update_fields=["received"])


def _lock_expected_units(given: ReceiveInput, lines: dict[int, ReturnLine]) -> dict[int, StockItem]:
    named = [lines[entry.line.pk] for entry in given.lines if entry.line.pk in lines]
    return lock_units([line.stock_item_id for line in named if line.stock_item_id])


def _require_same_serial(unit: StockItem, entry: ArrivalInput, number: int) -> None:
    """Refuse a scan of another unit than the one announced; that one is unexpected."""
    if entry.serial and entry.serial.lower() != str(unit.serial).lower():
        message = f"This line is {unit.serial}, not {entry.serial}; receive that as unexpected."
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
        message = f"Each unit of {line.part.sku} needs its serial number."
        raise RuleViolation(message, code="serial_missing", pointer=pointer)
    held = StockItem.objects.filter(
        part=line.part, serial__iexact=serial, holder_id=order.customer_id
    )
    unit = held.select_related("part").select_for_update(of=("self",)).first()
    if unit is None:
        message = f"This customer does not hold {serial}; receive it as unexpected."
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
        message = f"{unit.serial} was not sold on this line; receive it as unexpected."
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
    movement = None
    if unit is not None:
        if entry.quantity != 1:
            raise RuleViolation("A serialized unit counts one.", code="unit_counts_one")
        movement = _take_unit_back(order, unit, _required(place), moved)
    elif move_stock and line.part is not None and not line.part.is_virtual:
        movement = _hold(line.part, entry.quantity, _required(place), moved)
    return ReceiptLine.objects.create(
        receipt=receipt,
        line=line,
        stock_item=unit,
        location=place if movement else None,
        quantity=entry.quantity,
        condition=entry.condition,
        note=entry.note,
        movement=movement,
    )


def _take_unit_back(order: ReturnOrder, unit: StockItem, place: Location, moved: Moved) -> Movement:
    if unit.holder_id != order.customer_id:
        message = f"This customer does not hold {unit.serial}."
        raise RuleViolation(message, code="not_held_by_customer", serial=unit.serial)
    UnitSale.objects.filter(stock_item=unit, until=None).update(until=moved.at)
    return move_unit(unit, target=Place(place.pk, State.HELD), moved=moved)


def _hold(part: Part, quantity: Decimal, place: Location, moved: Moved) -> Movement:
    target = Place(place.pk, State.HELD)
    return move_bulk(part, quantity, source=None, target=target, moved=moved)


def _receive_unexpected(
    order: ReturnOrder, receipt: Receipt, given: ReceiveInput, actor: Actor, now: datetime
) -> None:
    """Goods nobody announced become lines of their own, held and undecided."""
    last = order.lines.count()
    moved = Moved(Cause.RECEIPT, now, actor, "unexpected")
    for number, entry in enumerate(given.unexpected, start=1):
        if entry.quantity <= 0:
            message = "A quantity is more than nothing."
            raise RuleViolation(message, code="invalid_quantity", pointer="/unexpected")
        part, unit = _recognise(entry)
        words = entry.description or entry.sku or entry.serial
        if part is None and not words:
            message = "Say what it is: a SKU, a serial number or words."
            raise RuleViolation(message, code="nothing_named", pointer="/unexpected")
        line = ReturnLine.objects.create(
            return_order=order,
            number=last + number,
            part=part,
            description=words[:200],
            unexpected=True,
            quantity=entry.quantity,
            received=entry.quantity,
            note=entry.note,
        )
        _book_surprise(order, receipt, line, entry, unit, given, moved)


def _book_surprise(
    order: ReturnOrder,
    receipt: Receipt,
    line: ReturnLine,
    entry: SurpriseInput,
    unit: StockItem | None,
    given: ReceiveInput,
    moved: Moved,
) -> None:
    """Book stock of what is recognised and countable; the rest waits on the line alone."""
    place = _place(order, given, entry.location)
    movement = None
    countable = line.part is not None and not line.part.is_virtual
    if countable and line.part is not None and not line.part.is_serialized and place is not None:
        movement = _hold(line.part, entry.quantity, place, moved)
    ReceiptLine.objects.create(
        receipt=receipt,
        line=line,
        stock_item=unit,
        location=place,
        quantity=entry.quantity,
        note=entry.note[:500],
        movement=movement,
    )


def _recognise(entry: SurpriseInput) -> tuple[Part | None, StockItem | None]:
    if entry.sku:
        part = Part.objects.filter(sku__iexact=entry.sku).first()
        unit = StockItem.objects.filter(part=part, serial__iexact=entry.serial).first()
        return part, unit if part and entry.serial else None
    if entry.serial:
        units = StockItem.objects.filter(serial__iexact=entry.serial).select_related("part")[:2]
        if len(units) == 1:
            return units[0].part, units[0]
    return None, None


def _place(order: ReturnOrder, given: ReceiveInput, own: Location | None) -> Location | None:
    """Where goods go: entry, call, parcel, then the business's returns location (DOMAIN 3)."""
    parcel = given.parcel.location if given.parcel else None
    return own or given.location or parcel or order.business.returns_location


def _required(place: Location | None) -> Location:
    if place is None:
        message = "Say where the goods are put; the business has no returns location."
        raise RuleViolation(message, code="location_missing", pointer="/location")
    return place


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
