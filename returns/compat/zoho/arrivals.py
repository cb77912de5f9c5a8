"""Bodies of receives: what arrived, split by serial number, batch and storage."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from returns.compat.zoho import named
from returns.compat.zoho.sold import (
    Sold,
    is_kit,
    of_kits,
    orders_of,
    require_kits,
    require_whole,
    units_of,
)
from returns.compat.zoho.values import Values, invalid, missing
from returns.compat.zoho.wishes import items_of, present_lines
from returns.counting import still_expected
from returns.models import ReturnLine, ReturnOrder
from returns.services import ArrivalInput, ReceiveInput
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.errors import NotFound
from sales.models import OrderLine
from stock.models import Location

#: Splits of one line are at most so many.
MOST_SPLITS = 1000


@dataclass
class Arrivals:
    """Reads a receive of a return; `places` say where in the body each arrival came from."""

    order: ReturnOrder
    actor: Actor
    arrivals: list[ArrivalInput] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = present_lines(self.order)
        self.sold = Sold(orders_of(self.lines))

    def read(self, body: Values) -> ReceiveInput:
        """What a whole body says arrived."""
        for item in items_of(body):
            self._item(item)
        note = body.text("notes", most=500)
        return ReceiveInput(lines=self.arrivals, received_on=body.day("date"), note=note)

    def _item(self, item: Values) -> list[tuple[OrderLine, Decimal]]:
        given = item.need("line_item_id").lower()
        kit = self.sold.by_id.get(given)
        if kit is not None and is_kit(kit) and self._pieces(kit):
            return self._kit(item, kit)
        line = next((line for line in self.lines if str(line.uuid) == given), None)
        if line is None:
            message = "The return has no such line."
            raise NotFound(message, code="not_found", pointer=item.place("line_item_id"))
        return self._line(item, line)

    def _kit(self, item: Values, kit: OrderLine) -> list[tuple[OrderLine, Decimal]]:
        quantity = item.figure("quantity")
        mapped = item.each("mapped_items")
        if mapped:
            counted = [row for entry in mapped for row in self._item(entry)]
            came = of_kits(kit, counted)
            require_kits(kit, quantity or money.ZERO, came, item.place("quantity"))
            return counted
        if quantity is None:
            raise missing(item.place("quantity"))
        require_whole(kit, quantity, item.place("quantity"))
        lines = self._pieces(kit)
        return [
            (piece, self._spread(item, lines, piece, units_of(kit, piece, quantity)))
            for piece in self.sold.pieces(kit)
        ]

    def _pieces(self, kit: OrderLine) -> list[ReturnLine]:
        """The lines of the return that are pieces of a kit and came with one."""
        keys = {piece.pk for piece in self.sold.pieces(kit)}
        return [line for line in self.lines if line.kit_line_id and line.order_line_id in keys]

    def _spread(
        self, item: Values, lines: list[ReturnLine], piece: OrderLine, units: Decimal
    ) -> Decimal:
        """Count so many units of a piece on its lines, on what each still expects first."""
        rest = units
        own = [line for line in lines if line.order_line_id == piece.pk]
        for line in own:
            last = line is own[-1]
            part = rest if last else min(rest, still_expected(line))
            if part:
                self._add(ArrivalInput(line, part), item)
            rest -= part
        if rest and not own:
            message = "The return expects no whole kit; name its mapped items."
            raise NotFound(message, code="not_found", pointer=item.place("mapped_items"))
        return units

    def _line(self, item: Values, line: ReturnLine) -> list[tuple[OrderLine, Decimal]]:
        splits = [*self._batches(item, line), *self._storages(item, line)]
        if not splits:
            splits = self._serials(item, ArrivalInput(line))
        quantity = item.figure("quantity")
        if not splits:
            if quantity is None:
                raise missing(item.place("quantity"))
            splits = [ArrivalInput(line, quantity)]
        counted = sum((split.quantity for split in splits), money.ZERO)
        if quantity is not None and counted != quantity:
            wanted = f"a quantity that its parts add up to; they make {money.plain(counted)}"
            raise invalid(wanted, item.place("quantity"))
        for split in splits:
            self._add(split, item)
        return [(line.order_line, counted)] if line.order_line else []

    def _batches(self, item: Values, line: ReturnLine) -> list[ArrivalInput]:
        found = []
        for entry in item.each("batches"):
            whole = ArrivalInput(
                line,
                _figure(entry, "in_quantity"),
                batch=named.batch_number(line.part, entry),
                batch_facts=_batch_facts(entry),
            )
            found += self._places(entry, whole)
        return found

    def _storages(self, item: Values, line: ReturnLine) -> list[ArrivalInput]:
        if item.value.get("batches"):
            return []
        found = []
        for entry in item.each("storages"):
            place = self._storage(entry)
            quantity = _figure(entry, "in_quantity")
            serials = self._serials(entry, ArrivalInput(line, location=place))
            if serials and len(serials) != quantity:
                raise invalid("a serial number for each unit", entry.place("serial_numbers"))
            found += serials or [ArrivalInput(line, quantity, location=place)]
        listed = item.texts("serial_numbers", most=100)
        if found and listed and not any(split.serial for split in found):
            return _told_apart(found, listed, item)
        return found

    def _places(self, entry: Values, whole: ArrivalInput) -> list[ArrivalInput]:
        """A batch by the storages that it was put into; as a whole where none is named."""
        rows = entry.each("storages")
        split = [
            replace(whole, quantity=_figure(row, "in_quantity"), location=self._storage(row))
            for row in rows
        ]
        if split and sum(row.quantity for row in split) != whole.quantity:
            raise invalid("a quantity that its storages add up to", entry.place("in_quantity"))
        return split or [whole]

    def _serials(self, item: Values, one: ArrivalInput) -> list[ArrivalInput]:
        serials = item.texts("serial_numbers", most=100)
        return [replace(one, quantity=Decimal(1), serial=serial) for serial in serials]

    def _storage(self, entry: Values) -> Location:
        found = named.location(self.actor, entry, "storage_id")
        if found is None:
            raise missing(entry.place("storage_id"))
        return found

    def _add(self, arrival: ArrivalInput, item: Values) -> None:
        if len(self.arrivals) >= MOST_SPLITS:
            raise invalid(f"at most {MOST_SPLITS} units and splits in one receive", item.at)
        self.arrivals.append(arrival)
        self.places.append(item.at)


def _told_apart(splits: list[ArrivalInput], serials: list[str], item: Values) -> list[ArrivalInput]:
    """Serial numbers of the whole line, given to its storages in order."""
    ones = [
        replace(split, quantity=Decimal(1)) for split in splits for _ in range(int(split.quantity))
    ]
    if len(ones) != len(serials):
        raise invalid("a serial number for each unit", item.place("serial_numbers"))
    return [replace(one, serial=serial) for one, serial in zip(ones, serials, strict=True)]


def _figure(item: Values, name: str) -> Decimal:
    found = item.figure(name)
    if found is None:
        raise missing(item.place(name))
    return found


def _batch_facts(entry: Values) -> dict[str, Any]:
    """The fields of a batch that nobody knows yet."""
    facts = {
        "made_on": entry.day("manufacturer_date"),
        "expires_on": entry.day("expiry_date"),
        "external_number": entry.text("external_batch_number", most=64),
    }
    return {name: value for name, value in facts.items() if value}
