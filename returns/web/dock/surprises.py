"""The rows in which the dock writes down what nobody announced."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.forms import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from returns.services import SurpriseInput
from returns.services.surprises import part_called
from rmaproject.web.forms import posted_quantity
from stock.models import StockItem

#: Rows for unexpected goods: filled ones, and empty ones to write in.
MOST_SURPRISES: Final = 20
SPARE_ROWS: Final = 2
NAMES: Final = ("code", "mark", "description", "quantity", "note")

Row = dict[str, Any]


@dataclass
class Surprises:
    """What the rows say, as they were typed and as the service takes them."""

    inputs: list[SurpriseInput] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def spare_rows(self) -> list[int]:
        """The numbers of the empty rows below the filled ones."""
        return [len(self.rows) + number for number in range(1, SPARE_ROWS + 1)]


def read_surprises(data: QueryDict) -> Surprises:
    """The rows of a form that were filled in, and what is wrong with them."""
    found = Surprises()
    for number in range(1, MOST_SURPRISES + 1):
        _read(number, data, found)
    return found


def _read(number: int, data: QueryDict, found: Surprises) -> None:
    values = {name: data.get(f"unexpected_{number}_{name}", "").strip() for name in NAMES}
    row: Row = {name: value[:200] for name, value in values.items()}
    if not any(row.values()):
        return
    found.rows.append(row)
    try:
        quantity = posted_quantity(row["quantity"]) or Decimal(1)
    except ValidationError as error:
        row["quantity_error"] = found.errors[f"unexpected_{number}"] = " ".join(error.messages)
        return
    if not (row["code"] or row["mark"] or row["description"]):
        row["error"] = _("Say what it is: a SKU, a serial number or words.")
        found.errors[f"unexpected_{number}"] = row["error"]
        return
    found.inputs.append(_named(row, quantity))


def _named(row: Row, quantity: Decimal) -> SurpriseInput:
    """What a typed code names: a SKU, else a serial, else it is one more word for the thing.

    The mark on it is the batch of a part that is counted by batch, else a serial number.
    """
    code, words, mark = row["code"], row["description"], row["mark"][:64]
    part = part_called(code) if code else None
    if part is not None:
        batch, serial = (mark, "") if part.is_batched else ("", mark)
        return SurpriseInput(
            quantity, sku=code, serial=serial, batch=batch, description=words, note=row["note"]
        )
    serial = mark or code
    if StockItem.objects.filter(serial__iexact=serial[:64]).exists():
        return SurpriseInput(quantity, serial=serial[:64], description=words, note=row["note"])
    named = " ".join(word for word in (code, mark, words) if word)[:200]
    return SurpriseInput(quantity, description=named, note=row["note"])
