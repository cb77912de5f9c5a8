"""Bodies of sales returns: what shall come back, as our services take it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from returns.compat.zoho import named
from returns.compat.zoho.sold import (
    Sold,
    is_kit,
    of_kits,
    require_kits,
    require_part,
    require_whole,
    units_of,
)
from returns.compat.zoho.values import Values, invalid, missing
from returns.models import ReturnLine, ReturnOrder
from returns.services import LineInput, LineWish
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.errors import NotFound, RuleViolation
from sales.models import OrderLine
from stock.models import Location

#: A kit line and its pieces: what comes of each.
Counted = tuple[OrderLine, Decimal, Decimal]


def header(body: Values, actor: Actor) -> dict[str, Any]:
    """The facts of a return that a body names, by our names."""
    found: dict[str, Any] = {}
    if number := body.text("salesreturn_number", most=100):
        found["reference"] = number
    if (day := body.day("date")) is not None:
        found["requested_on"] = day
    if "reason" in body.value:
        words = body.text("reason", most=2000)
        found |= {"note": words, "reason": named.reason(words) if words else None}
    if (place := named.location(actor, body)) is not None:
        found["location"] = place
    if custom := named.custom_values(body):
        found["custom"] = custom
    return found


def items_of(body: Values) -> list[Values]:
    """The entries of `line_items`, of which there is at least one. Raises Malformed."""
    found = body.each("line_items")
    if not found:
        raise missing(body.place("line_items"))
    return found


@dataclass
class Reader:
    """Reads `line_items` and what is mapped below them into wishes for lines.

    `present` are the lines that stand on the return, none for a new one. `places` say where in
    the body each wish came from. `place` is where goods of lines that name none are put.
    """

    sold: Sold
    actor: Actor
    present: list[ReturnLine] = field(default_factory=list)
    place: Location | None = None
    wishes: list[LineWish] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def read(self, body: Values) -> list[LineWish]:
        """The wishes of a whole body, in its order."""
        for item in items_of(body):
            self._item(item, None, None)
        return self.wishes

    def _item(self, item: Values, outer: OrderLine | None, place: Location | None) -> list[Counted]:
        """One item with what is mapped below it; what comes of each piece."""
        place = named.location(self.actor, item) or place
        line = self._line_named(item)
        sold = line.order_line if line else self._sold(item, outer)
        if sold is not None and is_kit(sold):
            return self._kit(item, sold, outer or sold, place)
        if item.each("mapped_items"):
            raise invalid("mapped items of kits only", item.place("mapped_items"))
        quantity, waived = _figures(item)
        if line is None and sold is not None:
            line = self._only_line_of(sold, outer)
        if line is not None and sold is not None:
            require_part(sold, item)
        given = LineInput(quantity, waived, order_line=sold, kit_line=outer, location=place)
        if outer is None or quantity or waived:  # a kit may come without some of its pieces
            self._wish(given, line, item)
        return [(sold, quantity, waived)] if sold else []

    def _sold(self, item: Values, outer: OrderLine | None) -> OrderLine:
        """The sold line of an item; a kit that stands on a return is known by its line's id."""
        known = self.sold.by_id.get(item.ident("line_item_id").lower())
        if self.present and not item.ident("salesorder_item_id") and is_kit(known) and known:
            return known
        return self.sold.named(item, outer)

    def _kit(
        self, item: Values, kit: OrderLine, outer: OrderLine, place: Location | None
    ) -> list[Counted]:
        quantity, waived = _figures(item, needed=not item.value.get("mapped_items"))
        mapped = item.each("mapped_items")
        if not mapped:
            return self._whole_kits(item, kit, outer, (quantity, waived), place)
        counted = [row for entry in mapped for row in self._item(entry, outer, place)]
        pieces = [(sold, come) for sold, come, _ in counted]
        require_kits(kit, quantity, of_kits(kit, pieces), item.place("quantity"))
        kept = [(sold, kept) for sold, _, kept in counted]
        require_kits(kit, waived, of_kits(kit, kept), item.place("non_receive_quantity"))
        return counted

    def _whole_kits(
        self,
        item: Values,
        kit: OrderLine,
        outer: OrderLine,
        kits: tuple[Decimal, Decimal],
        place: Location | None,
    ) -> list[Counted]:
        quantity, waived = kits
        require_whole(kit, quantity, item.place("quantity"))
        require_whole(kit, waived, item.place("non_receive_quantity"))
        counted: list[Counted] = []
        for piece in self.sold.pieces(kit):
            come, kept = units_of(kit, piece, quantity), units_of(kit, piece, waived)
            line = self._only_line_of(piece, outer)
            given = LineInput(come, kept, order_line=piece, kit_line=outer, location=place)
            self._wish(given, line, item)
            counted.append((piece, come, kept))
        return counted

    def _wish(self, given: LineInput, line: ReturnLine | None, item: Values) -> None:
        if line is not None and any(wish.line == line for wish in self.wishes):
            raise invalid("each line once", item.at)
        if line is not None and given.location == (line.location or self.place):
            given = replace(given, location=None)
        self.wishes.append(LineWish(given, line))
        self.places.append(item.at)

    def _line_named(self, item: Values) -> ReturnLine | None:
        """The line of the return that an item names by id; None for a kit or a new line."""
        given = item.ident("line_item_id").lower()
        if not given or not self.present:
            return None
        for line in self.present:
            if str(line.uuid) == given:
                return line
        if is_kit(self.sold.by_id.get(given)):
            return None
        message = "The return has no such line."
        raise NotFound(message, code="not_found", pointer=item.place("line_item_id"))

    def _only_line_of(self, sold: OrderLine, outer: OrderLine | None) -> ReturnLine | None:
        """The line of the return for a sold line where there is just one; None for none.

        Raises RuleViolation `line_ambiguous` where there are several.
        """
        taken = {wish.line.pk for wish in self.wishes if wish.line}
        found = [
            line
            for line in self.present
            if line.order_line_id == sold.pk
            and line.pk not in taken
            and line.kit_line_id == (outer.pk if outer else None)
        ]
        if len(found) > 1:
            message = "The return has several lines of this sold line; name them by line_item_id."
            raise RuleViolation(message, code="line_ambiguous")
        return found[0] if found else None


def _figures(item: Values, *, needed: bool = True) -> tuple[Decimal, Decimal]:
    quantity, waived = item.figure("quantity"), item.figure("non_receive_quantity")
    if needed and quantity is None and waived is None:
        raise missing(item.place("quantity"))
    return quantity or money.ZERO, waived or money.ZERO


def content_of(order_id: Any, values: dict[str, Any], wishes: list[LineWish]) -> list[Any]:
    """What a create said beside its number; equal for requests that say the same."""

    def told(value: Any) -> Any:
        return value.uuid if hasattr(value, "uuid") else value

    lines = [[told(getattr(wish.given, name)) for name in _TOLD] for wish in wishes if wish.given]
    header = {name: told(value) for name, value in values.items() if name != "reference"}
    return [order_id, header, lines]


_TOLD = ("order_line", "kit_line", "quantity", "waived", "location")


def present_lines(order: ReturnOrder) -> list[ReturnLine]:
    """The announced lines that stand on a return."""
    rows = order.lines.filter(void=False, unexpected=False)
    related = ("part", "location", "order_line__order", "order_line__part", "kit_line")
    return list(rows.select_related(*related).order_by("number"))
