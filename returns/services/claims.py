"""Figures for a refused claim, read after the database has decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal

from django.utils.translation import gettext as _

from returns.services.inputs import LineInput
from returns.services.kits import family_of, kits_taken_apart
from rmaproject.shared import money
from rmaproject.shared.errors import DomainError
from sales.kits import returnable
from sales.models import LineKind, OrderLine, UnitSale


@contextmanager
def explaining_claims(lines: Sequence[LineInput]) -> Iterator[None]:
    """Give a refusal `exceeds_returnable` the lines it is about, asked and returnable.

    The figures are those after the refusal; inside a larger transaction that has failed they
    cannot be read, and the refusal leaves without them.
    """
    try:
        yield
    except DomainError as refusal:
        if refusal.code == "exceeds_returnable":
            refusal.facts["lines"] = _figures(lines)
            refusal.message = _sentence(refusal.facts["lines"]) or refusal.message
        raise


def _figures(lines: Sequence[LineInput]) -> list[dict[str, str]]:
    """Kits of which too many are asked for; then sold lines, unless a kit's figure says it."""
    family = family_of(line.order_line for line in lines if line.order_line)
    asked = _asked(lines)
    rows = list(OrderLine.objects.filter(pk__in=asked).order_by("pk"))
    kits = [row for row in rows if row.kind == LineKind.KIT]
    found = [figure for row in kits if (figure := _figure(row, asked[row.pk], family))]
    pieces = _asked([part for _, part in kits_taken_apart(lines)]) if kits else asked
    told = {key for key in asked if key in pieces} if found else set(pieces)
    goods = OrderLine.objects.filter(pk__in=told).order_by("pk")
    found += [figure for row in goods if (figure := _figure(row, pieces[row.pk], []))]
    return found


def _asked(lines: Iterable[LineInput]) -> dict[int, Decimal]:
    asked: dict[int, Decimal] = {}
    for line in lines:
        key = _order_line_of(line)
        if key:
            asked[key] = asked.get(key, money.ZERO) + _units(line)
    return asked


def _figure(row: OrderLine, asked: Decimal, family: list[OrderLine]) -> dict[str, str]:
    """What was asked of a line and what is there; nothing where that is enough."""
    left = returnable(row, family)
    if asked <= left:
        return {}
    shown = {"requested": money.plain(asked), "returnable": money.plain(left)}
    return {"order_line": str(row.uuid), **shown}


def _units(line: LineInput) -> Decimal:
    """What the line asks for; a unit is asked for without saying how many."""
    return (line.quantity + line.waived) or Decimal(1 if line.stock_item else 0)


def _order_line_of(line: LineInput) -> int | None:
    if line.order_line is not None:
        return line.order_line.pk
    if line.invoice_line is not None:
        return line.invoice_line.order_line_id
    if line.stock_item is not None:
        open_sale = UnitSale.objects.filter(stock_item=line.stock_item, until=None).first()
        return open_sale.order_line_id if open_sale else None
    return None


def _sentence(figures: list[dict[str, str]]) -> str:
    if not figures:
        return ""
    first = figures[0]
    return _("Only %(returnable)s of this line can be returned, not %(requested)s.") % first
