"""Which column of the ledger holds what."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Final

from returns.importing.reading import Record
from rmaproject.shared.errors import Malformed

#: What we need to know of a line and the column it is in unless a mapping says otherwise.
DEFAULT_COLUMNS: Final = {
    "invoice": "InvoiceNo",
    "sku": "StockCode",
    "description": "Description",
    "quantity": "Quantity",
    "date": "InvoiceDate",
    "price": "UnitPrice",
    "customer": "CustomerID",
    "country": "Country",
}
#: May be mapped to nothing; the country may also be absent from the file without a word.
OPTIONAL: Final = ("description", "customer", "country")


def parse_mapping(text: str) -> dict[str, str]:
    """The columns by what they hold, from `invoice=Number,sku=Item`; the rest by default.

    Raises Malformed `invalid_mapping`.
    """
    columns = dict(DEFAULT_COLUMNS)
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, sign, column = (word.strip() for word in pair.partition("="))
        if name not in columns or not sign or not (column or name in OPTIONAL):
            known = ", ".join(DEFAULT_COLUMNS)
            message = f"{pair!r} maps no column; write name=column with a name of: {known}."
            raise Malformed(message, code="invalid_mapping")
        columns[name] = column
    return columns


class Columns:
    """Picks the fields we need out of a line, in the order of `DEFAULT_COLUMNS`."""

    def __init__(self, header: Record, columns: Mapping[str, str]) -> None:
        """Raises Malformed `missing_column` or `doubled_column`, naming it and the line."""
        self.header = [name.strip() for name in header.fields]
        self.line, self.width = header.line, len(header.fields)
        places = [self._place(name, column) for name, column in columns.items()]
        # An absent column reads the empty field that `pick` appends to each line.
        self._pick = itemgetter(*(self.width if place is None else place for place in places))

    def pick(self, fields: list[str]) -> tuple[str, ...]:
        """The fields of one line that has as many of them as the header."""
        picked: tuple[str, ...] = self._pick([*fields, ""])
        return picked

    def _place(self, name: str, column: str) -> int | None:
        if not column:
            return None
        places = [place for place, own in enumerate(self.header) if own.lower() == column.lower()]
        if len(places) > 1:
            message = f"Line {self.line} has the column {column} {len(places)} times."
            raise Malformed(message, code="doubled_column", line=self.line, column=column)
        if not places and name != "country":
            message = (
                f"Line {self.line} has no column {column} for the {name}; it has "
                f"{', '.join(self.header)[:500]}."
                f" Say which column holds it: --columns {name}=..."
            )
            raise Malformed(message, code="missing_column", line=self.line, column=column)
        return places[0] if places else None
