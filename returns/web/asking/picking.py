"""What a customer can send back, and what was ticked of it: the lines of the request form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.forms import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from customers.models import Company
from returns.custom import fields_of
from returns.models import Outcome, Reason, Target
from returns.purchases import Page, Purchase, Purchases, Wish
from returns.services import LineInput
from returns.web.asking.verdicts import verdict
from returns.web.forms import posted_outcome
from returns.web.record.custom import line_inputs, posted
from rmaproject.access.actors import Actor
from rmaproject.shared.errors import DomainError
from rmaproject.web.days import written
from rmaproject.web.forms import LookUpField, posted_quantity
from rmaproject.web.nav import address
from sales.models import Business, LineKind
from stock.models import Part, StockItem

BLIND_ROWS: Final = ("1", "2", "3")
#: How many lines one form takes.
MOST_PICKED: Final = 1000

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
    """What one customer of one business can send back: what was chosen, and a page of the rest.

    `data` is what the form posted: what was ticked stays in it wherever the page moves to.
    """

    def __init__(
        self, actor: Actor, customer: Company, business: Business, data: QueryDict
    ) -> None:
        self.actor, self.customer, self.data = actor, customer, data
        self.reasons = {str(row.uuid): row for row in Reason.objects.filter(active=True)}
        self.default_outcome = posted_or(data.get("outcome", ""), Outcome.REFUND)
        self.of = Purchases(actor, customer, business, self.wish)
        self.fields = fields_of(Target.LINE)
        named = [key for key in map(_uuid, sorted(_chosen(data))) if key][:MOST_PICKED]
        self.chosen = self.of.named(named)
        self.chosen_units = self.of.units_named(named)

    @property
    def find(self) -> str:
        """What is looked for among the purchases."""
        return self.data.get("find", "").strip()[:100]

    def page(self) -> Page:
        """The purchases that the form shows now; another page where a button of it was pressed."""
        way, _colon, cursor = self.data.get("go", "").partition(":")
        if way == "before":
            return self.of.page(self.find, before=cursor)
        return self.of.page(self.find, after=cursor if way == "after" else "")

    def wish(self, key: str) -> Wish:
        """Why a line comes back and what the customer gets for it, as posted."""
        named = self.data.get(f"reason_{key}", "") or self.data.get("reason", "")
        return Wish(self.reasons.get(named), posted_outcome(self.data, key, self.default_outcome))

    def picked(self, existing: Iterable[str] = ()) -> Picked:
        """Read what was ticked; a tick without a quantity means all that is left.

        What is not offered any more, because somebody else announced it or because the customer
        on the form was changed, is told and not left out; `existing` keys belong to other lines.
        """
        found = Picked(gone=bool(_chosen(self.data) - self._keys() - set(existing)))
        for row in self.chosen:
            key = str(row.line.uuid)
            wanted = _quantity(self.data, key, found)
            if wanted is None and key in self.data.getlist("line"):
                wanted = row.left
            if wanted is not None and key not in found.errors:
                found.lines.append((key, self._input(key, key, wanted, order_line=row.line)))
        for unit in self.chosen_units:
            key = str(unit.uuid)
            if key in self.data.getlist("unit"):
                given = self._input(key, f"unit_{key}", Decimal(0), stock_item=unit)
                found.lines.append((key, given))
        return found

    def _input(self, key: str, named: str, quantity: Decimal, **source: Any) -> LineInput:
        return LineInput(
            quantity,
            reason=self.reasons.get(self.data.get(f"reason_{named}", "")),
            outcome=posted_outcome(self.data, named, self.default_outcome),
            custom=posted(self.fields, self.data, key),
            **source,
        )

    def _keys(self) -> set[str]:
        lines = {str(row.line.uuid) for row in self.chosen}
        return lines | {str(unit.uuid) for unit in self.chosen_units}

    def groups(self, shown: Page, errors: dict[str, str]) -> list[Row]:
        """The sold lines by order, as the template shows them; what was chosen elsewhere first."""
        here = {row.line.pk for row in shown.rows}
        units = {unit.pk for row in shown.rows for unit in row.units}
        kept = [row for row in self.chosen if row.line.pk not in here]
        apart = [unit for unit in self.chosen_units if unit.pk not in units]
        found: dict[int, Row] = {}
        for row in [*kept, *shown.rows]:
            group = found.setdefault(row.line.order_id, {**_label(row), "lines": []})
            group["lines"].append(self._line(row, errors))
        rows = list(found.values())
        without = self.of.units_without_sale(self.find)
        apart += [unit for unit in without if unit not in apart]
        if apart:
            label = _("Units that the customer holds")
            line = {"units": [self._unit(unit, errors) for unit in apart], "only_units": True}
            rows.insert(0, {"label": label, "lines": [line]})
        return rows

    def _line(self, row: Purchase, errors: dict[str, str]) -> Row:
        made = _line_row(row, self.data, errors)
        made["units"] = [self._unit(unit, errors, row) for unit in row.units]
        made["fields"] = line_inputs(self.fields, self.data, made["key"])
        told = verdict(row, self.actor.may("returns.override_policy"))
        if made["units"] and made["allowed"]:
            told |= {"why": _("Choose the serial numbers.")} if not told["why"] else {}
            made["by_unit"] = True
        return made | told

    def _unit(self, unit: StockItem, errors: dict[str, str], row: Purchase | None = None) -> Row:
        key = str(unit.uuid)
        left = row is None or row.left > 0
        return {
            "key": key,
            "named": f"unit_{key}",
            "part": unit.part.name,
            "serial": unit.serial,
            "checked": key in self.data.getlist("unit"),
            "reason": self.data.get(f"reason_unit_{key}", ""),
            "outcome": self.data.get(f"outcome_unit_{key}", ""),
            "allowed": left,
            "why": "" if left else _("Announced already, without its serial number."),
            "error": errors.get(key, ""),
            "fields": line_inputs(self.fields, self.data, key),
        }


def posted_or(chosen: str, default: str) -> str:
    """A chosen outcome; a strange one counts as not chosen."""
    return chosen if chosen in Outcome.values else default


def _label(row: Purchase) -> Row:
    order = row.line.order
    words = [order.reference, written(order.ordered_on, "j M Y")]
    return {
        "label": " · ".join([*words, *row.invoices]),
        "url": address("sales:detail", order.uuid),
    }


def _line_row(row: Purchase, data: QueryDict, errors: dict[str, str]) -> Row:
    line, part = row.line, row.line.part
    key = str(line.uuid)
    ticked = key in data.getlist("line")
    return {
        "key": key,
        "part": line.name or (part.name if part else ""),
        "sku": part.sku if part else "",
        "url": address("stock:part", part.uuid) if part else "",
        "is_kit": line.kind == LineKind.KIT,
        "in_kit": line.parent_id is not None,
        "sold": row.sold,
        "back": row.sold - row.left,
        "left": row.left,
        "price": line.gross_unit_price,
        "currency": line.order.currency,
        "quantity": data.get(f"quantity_{key}", "") or (row.left if ticked else ""),
        "reason": data.get(f"reason_{key}", ""),
        "outcome": data.get(f"outcome_{key}", ""),
        "allowed": row.left > 0,
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
            "outcome": data.get(f"outcome_blind_{number}", ""),
        }
        if row["part"] or row["quantity"]:
            default = posted_or(data.get("outcome", ""), Outcome.REFUND)
            told = posted(fields, data, f"blind_{number}")
            _read_blind(actor, number, row, reasons, found, told, default)
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
    default: str,
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
        outcome=posted_or(row["outcome"], default),
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


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
