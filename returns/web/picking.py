"""What a customer can send back, and what was ticked of it: the lines of the request form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.forms import ValidationError
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from customers.models import Company
from returns.custom import fields_of
from returns.models import Reason, Target
from returns.selectors import returnable_units
from returns.services import LineInput
from returns.web.custom import line_inputs, posted
from returns.web.forms import posted_outcome
from rmaproject.access.actors import Actor
from rmaproject.shared.errors import DomainError
from rmaproject.web.forms import LookUpField, posted_quantity
from rmaproject.web.nav import address
from sales.kits import in_order, kit_counts
from sales.models import PART_KINDS, Business, LineKind, OrderLine, SalesOrder, UnitSale
from stock.models import Part, StockItem

#: How many sales and units one form offers, newest first; older ones are returned by search.
MOST_ORDERS: Final = 50
MOST_UNITS: Final = 200
BLIND_ROWS: Final = ("1", "2", "3")

Row = dict[str, Any]


@dataclass
class Picked:
    """The lines that were asked for, and what is wrong with some of them, by their keys."""

    lines: list[tuple[str, LineInput]] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    gone: bool = False

    @property
    def problems(self) -> list[str]:
        """What is wrong, above the form."""
        if self.gone:
            return [_("Something that was chosen cannot come back from this customer any more.")]
        return [_("Correct the marked lines and try again.")] if self.errors else []

    @property
    def inputs(self) -> list[LineInput]:
        return [line for _, line in self.lines]

    def blame(self, refusal: DomainError) -> None:
        """Put the sentence of a refusal on the line that it is about."""
        for figure in refusal.facts.get("lines", []):
            words = _("Only %(left)s can be returned, not %(asked)s.")
            shown = {"left": figure["returnable"], "asked": figure["requested"]}
            self.errors[figure["order_line"]] = words % shown


class Choice:
    """What one customer of one business can send back, as far as the actor sees it."""

    def __init__(self, actor: Actor, customer: Company, business: Business) -> None:
        self.actor, self.customer = actor, customer
        orders = SalesOrder.objects.visible_to(actor.scope)
        orders = orders.filter(customer=customer, business=business).order_by("-pk")[:MOST_ORDERS]
        self.orders = {order.pk: order for order in orders}
        self.sold = self._sold()
        self.units = self._units()
        self.of_units = {row.pk: row for row in self._unit_sales()}
        self.fields = fields_of(Target.LINE)

    def _sold(self) -> list[OrderLine]:
        """Goods that left, newest sale first; kits with their parts after them."""
        rows = OrderLine.objects.filter(order__in=list(self.orders), kind__in=PART_KINDS)
        family: dict[int, list[OrderLine]] = {}
        for line in rows.select_related("part").order_by("-order_id"):
            family.setdefault(line.order_id, []).append(line)
        shown = [line for lines in family.values() for line in in_order(lines)]
        self.kits = {
            line.pk: kit_counts(line, family[line.order_id])
            for line in shown
            if line.kind == LineKind.KIT
        }
        return [line for line in shown if line.shipped or self._counts(line)[0]]

    def _counts(self, line: OrderLine) -> tuple[Decimal, Decimal]:
        """How much of a line left, and how much of it can still come back; kits in whole ones."""
        return self.kits.get(line.pk, (line.shipped, line.shipped - line.claimed))

    def _units(self) -> list[StockItem]:
        held = returnable_units(self.actor, self.customer.pk)
        return list(held.order_by("-pk")[:MOST_UNITS])

    def _unit_sales(self) -> list[Any]:
        sales = UnitSale.objects.filter(stock_item__in=self.units, until=None)
        return list(sales.select_related("order_line__order"))

    def picked(
        self, data: QueryDict, reasons: dict[str, Reason], existing: Iterable[str] = ()
    ) -> Picked:
        """Read what was ticked; a tick without a quantity means all that is left.

        What is not offered any more, because somebody else announced it or because the customer
        on the form was changed, is told and not left out; `existing` keys belong to other lines.
        """
        found = Picked(gone=bool(_chosen(data) - self._keys() - set(existing)))
        for line in self.sold:
            key = str(line.uuid)
            wanted = _quantity(data, key, found)
            if wanted is None and key in data.getlist("line"):
                wanted = self._counts(line)[1]
            if wanted is not None and key not in found.errors:
                reason = reasons.get(data.get(f"reason_{key}", ""))
                given = LineInput(
                    wanted,
                    order_line=line,
                    reason=reason,
                    outcome=posted_outcome(data, key),
                    custom=posted(self.fields, data, key),
                )
                found.lines.append((key, given))
        for unit in self.units:
            key = str(unit.uuid)
            if key in data.getlist("unit"):
                reason = reasons.get(data.get(f"reason_unit_{key}", ""))
                given = LineInput(
                    stock_item=unit,
                    reason=reason,
                    outcome=posted_outcome(data, f"unit_{key}"),
                    custom=posted(self.fields, data, key),
                )
                found.lines.append((key, given))
        return found

    def _keys(self) -> set[str]:
        return {str(row.uuid) for row in (*self.sold, *self.units)}

    def groups(self, data: QueryDict, errors: dict[str, str]) -> list[Row]:
        """The sold lines by order, as the template shows them."""
        found: dict[int, Row] = {}
        with_units = {sale.order_line_id for sale in self.of_units.values()}
        for line in self.sold:
            order = self.orders[line.order_id]
            label = f"{order.reference} · {date_format(order.ordered_on, 'j M Y')}"
            group = found.setdefault(order.pk, {"label": label, "lines": []})
            row = _line_row(line, order, data, errors, self._counts(line))
            if line.pk in with_units and row["allowed"]:
                row |= {"allowed": False, "why": _("Choose its serial number below.")}
            row["fields"] = line_inputs(self.fields, data, str(line.uuid))
            group["lines"].append(row)
        return list(found.values())

    def unit_rows(self, data: QueryDict, errors: dict[str, str]) -> list[Row]:
        """The units that the customer holds, as the template shows them."""
        sold = {
            sale.stock_item_id: sale.order_line
            for sale in self.of_units.values()
            if sale.order_line is not None
        }
        return [
            {
                **_unit_row(unit, sold.get(unit.pk), data, errors),
                "fields": line_inputs(self.fields, data, str(unit.uuid)),
            }
            for unit in self.units
        ]


def _line_row(
    line: OrderLine,
    order: SalesOrder,
    data: QueryDict,
    errors: dict[str, str],
    counts: tuple[Decimal, Decimal],
) -> Row:
    sold, left = counts
    key, part = str(line.uuid), line.part
    ticked = key in data.getlist("line")
    return {
        "key": key,
        "part": line.name or (part.name if part else ""),
        "sku": part.sku if part else "",
        "url": address("sales:detail", order.uuid),
        "is_kit": line.kind == LineKind.KIT,
        "in_kit": line.parent_id is not None,
        "sold": sold,
        "back": sold - left,
        "left": left,
        "price": line.gross_unit_price,
        "currency": order.currency,
        "quantity": data.get(f"quantity_{key}", "") or (left if ticked else ""),
        "reason": data.get(f"reason_{key}", ""),
        "outcome": posted_outcome(data, key),
        "allowed": left > 0,
        "verdict": _("Can come back") if left > 0 else _("Nothing left"),
        "why": "" if left > 0 else _("On its way back or here."),
        "error": errors.get(key, ""),
    }


def _unit_row(
    unit: StockItem, line: OrderLine | None, data: QueryDict, errors: dict[str, str]
) -> Row:
    key = str(unit.uuid)
    left = line is None or line.shipped > line.claimed
    return {
        "key": key,
        "part": unit.part.name,
        "serial": unit.serial,
        "order": line.order.reference if line else "",
        "checked": key in data.getlist("unit"),
        "reason": data.get(f"reason_unit_{key}", ""),
        "outcome": posted_outcome(data, f"unit_{key}"),
        "allowed": left,
        "why": "" if left else _("Announced already, without its serial number."),
        "error": errors.get(key, ""),
    }


def blind_lines(
    actor: Actor, data: QueryDict, reasons: dict[str, Reason], found: Picked
) -> list[Row]:
    """Parts without a known sale: reads the rows that were filled in, gives all for the page."""
    fields, rows = fields_of(Target.LINE), []
    for number in BLIND_ROWS:
        row = {
            "number": number,
            "part": data.get(f"blind_{number}_part", "").strip(),
            "quantity": data.get(f"quantity_blind_{number}", ""),
            "reason": data.get(f"reason_blind_{number}", ""),
            "outcome": posted_outcome(data, f"blind_{number}"),
        }
        if row["part"] or row["quantity"]:
            _read_blind(actor, number, row, reasons, found, posted(fields, data, f"blind_{number}"))
        inputs = line_inputs(fields, data, f"blind_{number}")
        rows.append({**row, "error": found.errors.get(f"blind_{number}", ""), "fields": inputs})
    return rows


def _read_blind(
    actor: Actor,
    number: str,
    row: Row,
    reasons: dict[str, Reason],
    found: Picked,
    custom: dict[str, Any],
) -> None:
    key = f"blind_{number}"
    field_of_part = LookUpField(Part.objects.filter(active=True), by=("sku", "name"))
    try:
        actor.require("stock.view_stock")
        part = field_of_part.clean(row["part"])
        quantity = posted_quantity(row["quantity"])
    except ValidationError as error:
        found.errors[key] = " ".join(error.messages)
        return
    given = LineInput(
        quantity or Decimal(1),
        part=part,
        reason=reasons.get(row["reason"]),
        outcome=row["outcome"],
        custom=custom,
    )
    found.lines.append((key, given))


def _chosen(data: QueryDict) -> set[str]:
    """The keys of lines and units that were ticked or given a quantity."""
    typed = {name.removeprefix("quantity_") for name in data if name.startswith("quantity_")}
    typed = {key for key in typed if data[f"quantity_{key}"] and not key.startswith("blind_")}
    return typed | set(data.getlist("line")) | set(data.getlist("unit"))


def _quantity(data: QueryDict, key: str, found: Picked) -> Decimal | None:
    try:
        return posted_quantity(data.get(f"quantity_{key}", ""))
    except ValidationError as error:
        found.errors[key] = " ".join(error.messages)
        return None
