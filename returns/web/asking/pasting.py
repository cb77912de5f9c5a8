"""A pasted list becomes ticked lines of the form; what was not understood is told row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from returns.services.listed import Listed, ListedRow
from returns.services.listing import match_list
from returns.web.dock.surprises import NAMES, read_surprises
from returns.web.forms import NewReturnForm
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.errors import RuleViolation

Row = dict[str, Any]


@dataclass(frozen=True)
class Pasted:
    """The form with the lines of a list in it, and what became of each row."""

    data: QueryDict
    rows: list[Row] = field(default_factory=list)
    understood: int = 0
    problem: str = ""

    @property
    def problems(self) -> list[str]:
        return [self.problem] if self.problem else []

    @property
    def unclear(self) -> list[Row]:
        """The rows that somebody has to look at."""
        return [row for row in self.rows if row["message"]]


def paste(actor: Actor, form: NewReturnForm, data: QueryDict) -> Pasted:
    """Read the pasted list; customer and business come from it where the form names none."""
    data = data.copy()
    form.is_valid()
    known = form.cleaned_data
    try:
        listed = match_list(
            data.get("paste", ""),
            actor=actor,
            customer=known.get("customer"),
            business=known.get("business") if known.get("customer") else None,
        )
    except RuleViolation as refusal:
        return Pasted(data, problem=refusal.message)
    if listed.customer is not None and listed.business is not None:
        data["customer"] = listed.customer.reference
        data["business"] = str(listed.business.uuid)
    _tick(data, listed)
    rows = [_row(row) for row in listed.rows]
    unclear = [row.text for row in listed.rows if row.code]
    data["paste"] = "\n".join(unclear)
    understood = len(rows) - len(unclear)
    return Pasted(data, rows, understood, _mixed(listed))


def _mixed(listed: Listed) -> str:
    """What to say when the goods of several customers are in one list."""
    if len(listed.parties) < 2:
        return ""
    names = ", ".join(dict.fromkeys(customer.name for customer, _business in listed.parties))
    words = _("The list names goods of several customers: %(names)s. Make a return for each.")
    return words % {"names": names}


def _tick(data: QueryDict, listed: Listed) -> None:
    """Put the lines of the list to those that are ticked already."""
    for line in listed.lines:
        if line.stock_item is not None:
            data.appendlist("unit", str(line.stock_item.uuid))
        elif line.order_line is not None:
            key = str(line.order_line.uuid)
            data.appendlist("line", key)
            data[f"quantity_{key}"] = money.plain(line.quantity)


def _row(row: ListedRow) -> Row:
    return {
        "number": row.number,
        "text": row.text,
        "message": _(row.message) if row.message else "",
        "candidates": ", ".join(row.candidates),
    }


def paste_of_parcel(data: QueryDict) -> QueryDict:
    """The form about an unknown parcel as one for a new return: what is in it as a list."""
    found = read_surprises(data)
    kept = data.copy()
    rows = []
    for row in found.rows:
        quantity = "" if row["mark"] else row["quantity"]
        rows.append(";".join(filter(None, [row["code"] or row["mark"], row["mark"], quantity])))
    kept["paste"] = "\n".join(rows)
    kept["do"] = "paste" if rows else "pick"
    for number in range(1, len(found.rows) + 1):
        for name in NAMES:
            kept.pop(f"unexpected_{number}_{name}", None)
    return kept
