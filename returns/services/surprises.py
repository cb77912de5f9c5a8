"""Goods that nobody announced: lines of their own, held, belonging to nobody until decided.

Nothing that lies on the dock is refused. What is recognised is booked: a part by its SKU, a unit
by its serial number, wherever the books believed it to be; the rest waits in words alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _

from returns.models import Receipt, ReceiptLine, ReturnLine, ReturnOrder
from returns.services._arriving import hold_bulk, hold_unit, place_for
from returns.services.inputs import ReceiveInput, SurpriseInput
from rmaproject.access.actors import Actor
from rmaproject.shared.errors import RuleViolation, below
from rmaproject.shared.words import within
from stock.gtin import with_number
from stock.models import Cause, Location, Movement, Part, State, StockItem
from stock.services.keeping import new_unit
from stock.services.moving import Moved, Place

#: Lines that wait for a unit to come.
AWAITED = {"received": 0, "released": 0, "waived": 0, "void": False, "unexpected": False}


@dataclass
class Find:
    """One entry with what was recognised in it, and what the books have to say about that."""

    entry: SurpriseInput
    part: Part | None = None
    unit: StockItem | None = None
    remarks: tuple[str, ...] = ()
    movement: Movement | None = None
    taken_from_id: int | None = None

    @property
    def words(self) -> str:
        return self.entry.description or self.entry.sku or self.entry.serial

    @property
    def note(self) -> str:
        return " ".join(filter(None, (self.entry.note, *self.remarks)))


def recognise(entries: Sequence[SurpriseInput]) -> list[Find]:
    """What the entries are, as far as SKU and serial number tell.

    Raises RuleViolation `invalid_quantity`, `nothing_named`, `unit_counts_one`.
    """
    found = []
    for number, entry in enumerate(entries):
        with below(f"/unexpected/{number}"):
            found.append(_recognise(entry))
    return found


def receive_surprises(
    order: ReturnOrder, receipt: Receipt, given: ReceiveInput, found: list[Find], *, actor: Actor
) -> None:
    """Book what was found on lines of its own; its units are locked by the caller."""
    last = order.lines.aggregate(last=Max("number"))["last"] or 0
    moved = Moved(Cause.RECEIPT, receipt.at, actor, "unexpected")
    for number, find in enumerate(found, start=1):
        place = place_for(order, given, find.entry.location)
        if place is not None:
            _into_stock(order, find, place, moved)
        _remember_announcement(find)
        _write(order, receipt, last + number, find, place)


def part_called(code: str) -> Part | None:
    """The part that a code names, by its SKU or else by its GTIN."""
    rows = Part.objects.all()
    return rows.filter(sku__iexact=code).first() or with_number(rows, [code]).first()


def _recognise(entry: SurpriseInput) -> Find:
    if entry.quantity <= 0:
        message = _("A quantity is more than nothing.")
        raise RuleViolation(message, code="invalid_quantity", pointer="/quantity")
    find = Find(entry)
    if not find.words:
        message = _("Say what it is: a SKU, a serial number or words.")
        raise RuleViolation(message, code="nothing_named", pointer="/description")
    units = StockItem.objects.filter(serial__iexact=entry.serial).select_related("part")
    if entry.sku:
        find.part = part_called(entry.sku)
        if find.part and entry.serial:
            find.unit = units.filter(part=find.part).first()
    elif entry.serial and len(alike := list(units[:2])) == 1:
        find.part, find.unit = alike[0].part, alike[0]
    if entry.serial and find.part and find.part.is_serialized and entry.quantity != 1:
        message = _("A serialized unit counts one.")
        raise RuleViolation(message, code="unit_counts_one", pointer="/quantity")
    return find


def _into_stock(order: ReturnOrder, find: Find, place: Location, moved: Moved) -> None:
    """Book what is known and countable; a unit that stands in our own stock is left there."""
    part, entry = find.part, find.entry
    if part is None or part.is_virtual:
        return
    if find.unit is None and part.is_serialized and entry.serial:
        find.unit = StockItem.objects.filter(part=part, serial__iexact=entry.serial).first()
    if find.unit is not None:
        _take_unit(order, find, find.unit, place, moved)
    elif part.is_serialized and entry.serial:
        held = Place(place.pk, State.HELD)
        find.unit, find.movement = new_unit(part, entry.serial, held, moved)
        find.remarks += ("Nobody knew this serial number.",)
    elif part.is_serialized:
        find.remarks += ("Its serial number is missing, so no stock is booked.",)
    else:
        find.movement = _hold(find, part, place, moved)


def _hold(find: Find, part: Part, place: Location, moved: Moved) -> Movement:
    entry = find.entry
    if entry.serial:
        find.remarks += (f"Serial number on it: {entry.serial}.",)
    if entry.batch and not part.is_batched:
        find.remarks += (f"Batch on it: {entry.batch}.",)
    batch = entry.batch if part.is_batched else ""
    return hold_bulk(part, entry.quantity, place, moved, batch=batch)


def _take_unit(
    order: ReturnOrder, find: Find, unit: StockItem, place: Location, moved: Moved
) -> None:
    unit.refresh_from_db()
    if unit.location is not None:
        where = f"{unit.location.code}, {within(unit.get_state_display())}"
        find.remarks += (f"The books have {unit.serial} in our own stock: {where}.",)
        return
    find.taken_from_id = unit.holder_id
    if unit.holder_id is None:
        find.remarks += (f"The books had {unit.serial} as gone.",)
    elif unit.holder_id != order.customer_id:
        find.remarks += (f"Until now another customer held {unit.serial}.",)
    find.movement = hold_unit(unit, place, moved)


def _remember_announcement(find: Find) -> None:
    """Say which line waits for this very unit; it will not come there any more."""
    if find.unit is None:
        return
    rows = ReturnLine.objects.filter(stock_item=find.unit, **AWAITED)
    for line in rows.select_related("return_order"):
        told = f"Announced on line {line.number} of {line.return_order.reference}."
        find.remarks += (told,)


def _write(
    order: ReturnOrder, receipt: Receipt, number: int, find: Find, place: Location | None
) -> None:
    """The line, and the receipt line that backs it. A unit left alone is named by the latter."""
    quantity: Decimal = find.entry.quantity
    line = ReturnLine.objects.create(
        return_order=order,
        number=number,
        part=find.part,
        stock_item=find.unit if find.movement else None,
        description=find.words[:200],
        unexpected=True,
        quantity=quantity,
        received=quantity,
        note=find.note,
    )
    ReceiptLine.objects.create(
        receipt=receipt,
        line=line,
        stock_item=find.unit,
        location=place,
        taken_from_id=find.taken_from_id,
        quantity=quantity,
        note=find.note[:500],
        movement=find.movement,
    )
