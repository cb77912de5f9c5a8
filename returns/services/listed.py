"""What a pasted list came to: rows with their answers, and the lines of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from customers.models import Company
from rmaproject.shared import money
from sales.models import Business, OrderLine
from stock.models import StockItem

#: A candidate list that is longer than this helps nobody.
MOST_CANDIDATES: Final = 5
#: What is wrong with a row, and what to do about it.
PROBLEMS: Final = {
    "not_found": _("Nothing is known under this number. Check it, or add the part without a sale."),
    "ambiguous": _("Several things have this number. Write one of those named beside it."),
    "other_customer": _("This was sold to somebody else. Make a return of its own for it."),
    "customer_needed": _("Choose the customer first: a part alone does not say who bought it."),
    "serial_needed": _("This part has serial numbers. Write these instead."),
    "nothing_left": _("Nothing of this is left to come back."),
    "too_many": _("Fewer are left to come back than are asked for."),
    "quantity_unclear": _("This is no quantity. Write a number above zero after the code."),
    "quantity_of_many": _("An order with several lines takes no quantity. Write the SKUs instead."),
    "twice": _("The list names this twice. Take one of the rows out."),
}


@dataclass(frozen=True)
class ListedLine:
    """A line for the return: so many of a sold line, or one unit."""

    quantity: Decimal
    order_line: OrderLine | None = None
    stock_item: StockItem | None = None


@dataclass
class ListedRow:
    """One row of the list and its answer; `code` is empty where it was understood."""

    number: int
    text: str
    code: str = ""
    message: str = ""
    candidates: list[str] = field(default_factory=list)
    lines: list[ListedLine] = field(default_factory=list)

    def refuse(self, problem: str, *candidates: str) -> None:
        """Say why the row gives no line."""
        self.code, self.message = problem, str(PROBLEMS[problem])
        self.candidates = list(candidates)[:MOST_CANDIDATES]
        self.lines = []


@dataclass(frozen=True)
class Listed:
    """The answers to all rows; the parties are those to whom the named goods were sold."""

    rows: list[ListedRow]
    customer: Company | None = None
    business: Business | None = None
    parties: list[tuple[Company, Business]] = field(default_factory=list)

    @property
    def lines(self) -> list[ListedLine]:
        """All lines that were understood, each sold line once with its sum."""
        sums: dict[int, Decimal] = {}
        sold: dict[int, OrderLine] = {}
        units = []
        for line in (line for row in self.rows for line in row.lines):
            if line.order_line is None or line.stock_item is not None:
                units.append(line)
                continue
            key = line.order_line.pk
            sold[key] = line.order_line
            sums[key] = sums.get(key, money.ZERO) + line.quantity
        return [ListedLine(total, sold[key]) for key, total in sums.items()] + units
