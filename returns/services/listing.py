"""A pasted list of serials, order numbers and SKUs, made into the lines of a return.

Every row gets an answer of its own: what it means, or why it means nothing yet and what to do.
Nothing is written.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from customers.models import Company
from returns.models import ReturnLine
from returns.selectors import permission_for
from returns.services.listed import Listed, ListedLine, ListedRow
from returns.switch import require_returns_on
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.errors import RuleViolation
from sales.models import Business, LineKind, OrderLine, SalesOrder, UnitSale
from stock.models import StockItem
from stock.selectors import codes_of_parts, is_called

MOST_ROWS: Final = 500
PARTING: Final = ("\t", ";", ",")


def match_list(
    text: str,
    *,
    actor: Actor,
    customer: Company | None = None,
    business: Business | None = None,
) -> Listed:
    """What a list of serials, order numbers and SKUs means, row by row, among what the actor sees.

    A row is a code, or a code and a quantity, or a SKU and a serial, parted by tab, `;` or `,`.
    Without a customer the rows themselves say whose goods they are; where they name several, only
    the first one's count. The number of queries does not depend on the rows.
    Raises NotPermitted, `returns_disabled` while off; RuleViolation `too_many`.
    """
    require_returns_on()
    actor.require(permission_for("create"))
    rows = _split(text)
    if len(rows) > MOST_ROWS:
        message = _("The list has %(rows)s rows; %(most_rows)s are read at once.") % {
            "rows": len(rows),
            "most_rows": MOST_ROWS,
        }
        raise RuleViolation(message, code="too_many", most=MOST_ROWS)
    return _Reading(actor, customer, business, rows).answer()


def _split(text: str) -> list[tuple[int, str, str, str]]:
    """Number, text, first cell and second cell of each row that says something."""
    found = []
    for number, row in enumerate(text.replace("\x00", "").splitlines(), start=1):
        sign = next((sign for sign in PARTING if sign in row), None)
        cells = [cell.strip() for cell in row.split(sign)] if sign else [row.strip()]
        cells = [cell.strip('"').strip()[:100] for cell in cells]
        if any(cells):
            found.append((number, row.strip()[:200], cells[0], cells[1] if len(cells) > 1 else ""))
    return found


class _Reading:
    """All that a list may mean, read at once."""

    def __init__(
        self,
        actor: Actor,
        customer: Company | None,
        business: Business | None,
        rows: list[tuple[int, str, str, str]],
    ) -> None:
        self.orders = SalesOrder.objects.visible_to(actor.scope)
        self.customer, self.business = customer, business
        self.rows = rows
        codes = {cell.lower() for row in rows for cell in row[2:] if cell}
        self.units = self._units_by_serial(codes)
        self.of_orders = self._lines_by_order(codes)
        self.parties = self._parties()
        self.party = self.parties[0] if self.parties else None
        if customer is not None:
            self.party = self._known_party(customer, business) or self.party
        self.of_parts = self._lines_by_sku(codes)
        self.held = self._units_by_line()
        self.taken: dict[int, Decimal] = {}
        self.used: set[int] = set()

    def _known_party(
        self, customer: Company, business: Business | None
    ) -> tuple[Company, Business] | None:
        """The customer who was named; of the businesses, without a name, who sold to them last."""
        if business is not None:
            return customer, business
        last = self.orders.filter(customer=customer).select_related("business").order_by("-pk")
        order = last.first()
        return (customer, order.business) if order else None

    def answer(self) -> Listed:
        rows = [self._row(*row) for row in self.rows]
        customer, business = self.party or (self.customer, self.business)
        return Listed(rows, customer, business, self.parties)

    def _sales(self, **narrow: Any) -> list[UnitSale]:
        """Units out with a customer whose sale is in sight, and that nobody has announced."""
        announced = ReturnLine.objects.filter(
            received=0, released=0, waived=0, void=False, unexpected=False, stock_item__isnull=False
        )
        rows = UnitSale.objects.filter(until=None, order_line__order__in=self.orders, **narrow)
        rows = rows.exclude(stock_item__in=announced.values("stock_item"))
        return list(
            rows.select_related(
                "stock_item__part", "order_line__order__customer", "order_line__order__business"
            ).order_by("stock_item__serial")
        )

    def _units_by_serial(self, codes: set[str]) -> dict[str, list[UnitSale]]:
        items = StockItem.objects.annotate(key=Lower("serial")).filter(key__in=codes)
        found: dict[str, list[UnitSale]] = {}
        for sale in self._sales(stock_item__in=items.values("pk")):
            found.setdefault(str(sale.stock_item.serial).lower(), []).append(sale)
        return found

    def _lines_by_order(self, codes: set[str]) -> dict[str, list[OrderLine]]:
        orders = self.orders.annotate(key=Lower("reference")).filter(key__in=codes)
        found: dict[str, list[OrderLine]] = {}
        for line in self._goods(order__in=orders.order_by().values("pk")):
            found.setdefault(line.order.reference.lower(), []).append(line)
        return found

    def _lines_by_sku(self, codes: set[str]) -> dict[str, list[OrderLine]]:
        if self.party is None:
            narrow: dict[str, Any] = {"order__in": self.orders.order_by().values("pk")}
        else:
            orders = self.orders.filter(customer=self.party[0], business=self.party[1])
            narrow = {"order__in": orders.order_by().values("pk")}
        names = codes_of_parts(codes)
        found: dict[str, list[OrderLine]] = {}
        for line in self._goods(part__in=list(names), **narrow):
            for name in names[line.part_id or 0]:
                found.setdefault(name, []).append(line)
        return found

    def _goods(self, **narrow: Any) -> list[OrderLine]:
        rows = OrderLine.objects.filter(kind=LineKind.GOODS, shipped__gt=0, **narrow)
        rows = rows.select_related("part", "order__customer", "order__business")
        return list(rows.order_by("-order_id", "number")[: MOST_ROWS * 10])

    def _units_by_line(self) -> dict[int, list[StockItem]]:
        named = [line for lines in self.of_orders.values() for line in lines]
        named += [line for lines in self.of_parts.values() for line in lines]
        keys = [line.pk for line in named if line.part and line.part.is_serialized]
        found: dict[int, list[StockItem]] = {}
        for sale in self._sales(order_line__in=keys) if keys else ():
            found.setdefault(sale.order_line_id or 0, []).append(sale.stock_item)
        return found

    def _parties(self) -> list[tuple[Company, Business]]:
        """To whom the named serials and orders were sold, in the order of the rows."""
        lines: list[OrderLine] = []
        for _number, _text, code, more in self.rows:
            for cell in (code.lower(), more.lower()):
                lines += [sale.order_line for sale in self.units.get(cell, ()) if sale.order_line]
                lines += self.of_orders.get(cell, [])
        found = {
            (line.order.customer_id, line.order.business_id): (
                line.order.customer,
                line.order.business,
            )
            for line in lines
        }
        return list(found.values())

    def _row(self, number: int, text: str, code: str, more: str) -> ListedRow:
        row = ListedRow(number, text)
        key = code.lower()
        if more and more.lower() in self.units and key not in self.units:
            self._unit(row, more.lower(), sku=key)
        elif key in self.units:
            self._unit(row, key)
        elif key in self.of_orders:
            self._order(row, self.of_orders[key], more)
        elif key in self.of_parts:
            self._part(row, self.of_parts[key], more)
        else:
            row.refuse("not_found")
        return row

    def _own(self, line: OrderLine | None) -> bool:
        if line is None or self.party is None:
            return False
        mine = (line.order.customer_id, line.order.business_id)
        return mine == (self.party[0].pk, self.party[1].pk)

    def _unit(self, row: ListedRow, key: str, sku: str = "") -> None:
        found = [
            sale for sale in self.units[key] if not sku or is_called(sale.stock_item.part, sku)
        ]
        own = [sale for sale in found if self._own(sale.order_line)]
        if not found:
            row.refuse("not_found")
        elif not own:
            customers = [sale.order_line.order.customer.name for sale in found if sale.order_line]
            row.refuse("other_customer", *dict.fromkeys(customers))
        elif len(own) > 1:
            row.refuse(
                "ambiguous", *(f"{s.stock_item.part.sku};{s.stock_item.serial}" for s in own)
            )
        else:
            self._take_unit(row, own[0].stock_item, own[0].order_line)

    def _take_unit(self, row: ListedRow, unit: StockItem, sold: OrderLine | None) -> None:
        if unit.pk in self.used:
            row.refuse("twice")
            return
        if sold is not None and self._left(sold) < 1:
            row.refuse("nothing_left")
            return
        self._take(sold, Decimal(1))
        self.used.add(unit.pk)
        row.lines.append(ListedLine(Decimal(1), sold, unit))

    def _order(self, row: ListedRow, lines: list[OrderLine], more: str) -> None:
        """An order stands for all of it that is left."""
        own = [line for line in lines if self._own(line)]
        if not own:
            row.refuse("other_customer", *{line.order.customer.name for line in lines})
        elif more and len(own) > 1:
            row.refuse("quantity_of_many", *(line.part.sku for line in own if line.part))
        elif more:
            self._part(row, own, more)
        elif not any(self._left(line) > 0 for line in own):
            row.refuse("nothing_left")
        else:
            for line in own:
                self._all_of(row, line)

    def _all_of(self, row: ListedRow, line: OrderLine) -> None:
        left, units = self._left(line), self._unused(line)
        for unit in units[: int(max(left, money.ZERO))]:
            self._take(line, Decimal(1))
            self.used.add(unit.pk)
            row.lines.append(ListedLine(Decimal(1), line, unit))
        if not units and left > 0:
            self._take(line, left)
            row.lines.append(ListedLine(left, line))

    def _part(self, row: ListedRow, lines: list[OrderLine], more: str) -> None:
        """A part stands for so many of it, from the newest sales."""
        wanted = _quantity(more)
        own = [line for line in lines if self._own(line)]
        if wanted is None:
            row.refuse("quantity_unclear")
        elif not own:
            row.refuse("customer_needed", *dict.fromkeys(x.order.customer.name for x in lines))
        elif wanted > (left := sum((self._left(line) for line in own), money.ZERO)):
            row.refuse(
                "too_many" if left else "nothing_left", *([money.plain(left)] if left else [])
            )
        else:
            self._spread(row, own, wanted)

    def _spread(self, row: ListedRow, lines: list[OrderLine], wanted: Decimal) -> None:
        units = [unit for line in lines for unit in self._unused(line)]
        if units and len(units) != wanted:
            row.refuse("serial_needed", *(str(unit.serial) for unit in units))
            return
        for line in lines:
            if units:
                self._all_of(row, line)
                continue
            part = min(wanted, self._left(line))
            if part > 0:
                self._take(line, part)
                row.lines.append(ListedLine(part, line))
                wanted -= part

    def _unused(self, line: OrderLine) -> list[StockItem]:
        return [unit for unit in self.held.get(line.pk, ()) if unit.pk not in self.used]

    def _left(self, line: OrderLine) -> Decimal:
        return line.shipped - line.claimed - self.taken.get(line.pk, money.ZERO)

    def _take(self, line: OrderLine | None, quantity: Decimal) -> None:
        if line is not None:
            self.taken[line.pk] = self.taken.get(line.pk, money.ZERO) + quantity


def _quantity(text: str) -> Decimal | None:
    """A quantity above zero; one where none is written, None where it cannot be read."""
    if not text:
        return Decimal(1)
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    if not number.is_finite() or number <= 0 or number >= Decimal(10) ** 9:
        return None
    return number if number == number.quantize(Decimal("0.00001")) else None
