"""The form in which stock is chosen for the lines of a sales order.

Bulk stock has a quantity field each, `take-<line>-<item>`; serialized units a tick, and a field
`serials-<line>` into which numbers can be scanned one per line.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.web.forms import QuantityField, RecordField
from sales.actions import goods
from sales.models import OrderLine, SalesOrder
from sales.selectors import allocatable
from sales.services.shipping import AllocationInput
from stock.models import StockItem


class TickField(forms.BooleanField):
    """A unit that is taken; counts as one."""

    def __init__(self) -> None:
        super().__init__(required=False)

    def clean(self, value: Any) -> Decimal | None:
        return Decimal(1) if super().clean(value) else None


class AllocateForm(forms.Form):
    """A shipment, and for each open line how much of which stock goes into it."""

    shipment = RecordField(None, label=gettext_lazy("Shipment"), empty_label=None)  # type: ignore[arg-type]

    def __init__(
        self, *args: Any, actor: Actor, order: SalesOrder, lines: list[OrderLine], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["shipment"]
        chosen.queryset = order.shipments.filter(shipped_on=None).order_by("pk")
        if not chosen.queryset.exists():
            chosen.empty_label = _("None yet: start a new shipment")
        chosen.label_from_instance = lambda row: _("Shipment %(n)s") % {"n": row.reference}
        self.open_lines = [row for row in goods(lines) if still_open(row) > 0]
        self.stock = allocatable(actor, [row.part_id for row in self.open_lines])
        for line in self.open_lines:
            self._add_fields(line)
        self.wanted: list[AllocationInput] = []

    def _add_fields(self, line: OrderLine) -> None:
        for item in self.stock.get(line.part_id or 0, ()):
            box = forms.TextInput(attrs={"class": "num qty", "inputmode": "decimal"})
            bulk = QuantityField(required=False, widget=box)
            field = bulk if item.serial is None else TickField()
            self.fields[take(line, item)] = field
        if line.part is not None and line.part.is_serialized:
            scan = forms.Textarea(attrs={"rows": 2})
            self.fields[f"serials-{line.pk}"] = forms.CharField(
                required=False, widget=scan, label=_("Serial numbers, one per line")
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        self.wanted = [entry for line in self.open_lines for entry in self._of(line, values)]
        if not self.wanted and not self.errors:
            raise forms.ValidationError(_("Choose the stock that goes into the shipment."))
        return values

    def _of(self, line: OrderLine, values: dict[str, Any]) -> Iterator[AllocationInput]:
        taken = set()
        for item in self.stock.get(line.part_id or 0, ()):
            quantity = values.get(take(line, item))
            if quantity:
                taken.add(item.pk)
                yield AllocationInput(line.pk, item.pk, quantity)
        for unit in self._scanned(line, values.get(f"serials-{line.pk}", "")):
            if unit.pk not in taken:
                yield AllocationInput(line.pk, unit.pk)

    def _scanned(self, line: OrderLine, text: str) -> list[StockItem]:
        wanted = {serial.strip().lower(): serial.strip() for serial in text.splitlines()}
        wanted.pop("", None)
        if not wanted:
            return []
        units = StockItem.objects.units().annotate(key=Lower("serial"))
        found = list(units.filter(part_id=line.part_id, key__in=wanted))
        missing = wanted.keys() - {(unit.serial or "").lower() for unit in found}
        if missing:
            words = _("No unit of %(sku)s has the number %(serials)s.")
            named = ", ".join(sorted(wanted[key] for key in missing))
            facts = {"sku": line.part.sku if line.part else "", "serials": named}
            self.add_error(f"serials-{line.pk}", words % facts)
        return found


def still_open(line: OrderLine) -> Decimal:
    """How much of a line is still to be allocated."""
    return line.quantity - line.shipped - line.allocated


def take(line: OrderLine, item: StockItem) -> str:
    """The name of the field that takes this stock for this line."""
    return f"take-{line.pk}-{item.pk}"


def stock_rows(form: AllocateForm) -> list[dict[str, Any]]:
    """The open lines with their stock and fields, for the template."""
    return [_line_row(form, line) for line in form.open_lines]


def _line_row(form: AllocateForm, line: OrderLine) -> dict[str, Any]:
    serials = f"serials-{line.pk}"
    return {
        "number": line.number,
        "part": line.name,
        "sku": line.part.sku if line.part else "",
        "open": still_open(line),
        "serials": form[serials] if serials in form.fields else None,
        "stock": [
            {
                "field": form[take(line, item)],
                "name": item.serial or (item.batch.number if item.batch else ""),
                "is_unit": item.serial is not None,
                "location": item.location.code if item.location else "",
                "free": item.quantity - item.allocated,
                "most": money.plain(min(still_open(line), item.quantity - item.allocated)),
            }
            for item in form.stock.get(line.part_id or 0, ())
        ],
    }
