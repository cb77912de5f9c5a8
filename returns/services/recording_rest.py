"""A whole sale that came back: all that is left of it, worked out under its locks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

from django.db.models import Sum
from django.utils.translation import gettext as _

from returns.models import ReturnOrder
from returns.services.inputs import LineInput, RecordExtra, RecordInput, RecordLine
from returns.services.recording import record_return
from returns.services.repeats import Told, known_return, made_once
from returns.switch import require_returns_on
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict
from sales.locks import lock_invoice_lines, lock_order_lines
from sales.models import InvoiceLine, LineKind, OrderLine, SalesOrder
from sales.services.ledger import lock_account
from sales.services.units import free_units


def record_rest(given: RecordInput, sale: SalesOrder, *, actor: Actor) -> tuple[ReturnOrder, bool]:
    """Record that all charged goods still out of a sale came back, with its shipping and fees.

    Discounts follow the goods, amounts are computed.
    Raises as `record_return`; Conflict `nothing_left` when all of it came back before.
    """
    find = partial(
        known_return, given.values["business"], given.values.get("reference", ""), given.digest
    )
    return made_once(partial(_record_rest, find, given, sale, actor), find)


@command
def _record_rest(
    find: partial[ReturnOrder | None],
    given: RecordInput,
    sale: SalesOrder,
    actor: Actor,
) -> Told:
    require_returns_on()
    charged = _locked_lines(sale)
    known = find()  # Only under the locks: a repeat may just have waited for the first.
    if known is not None:
        return known, False
    lines = _goods(sale, charged)
    extra = [_extra(line) for line in charged if _beside(line)]
    if not lines and not extra:
        message = _("All of %(reference)s came back before.") % {"reference": sale.reference}
        raise Conflict(message, code="nothing_left", order=sale.reference)
    return record_return(replace(given, lines=lines, extra_lines=extra), actor=actor)


def _locked_lines(sale: SalesOrder) -> list[InvoiceLine]:
    """The invoice lines of a sale, locked after its own lines and the account, as `record` does."""
    lock_order_lines(sale.lines.values_list("pk", flat=True))
    lock_account(sale.business, sale.customer_id, sale.currency)
    rows = InvoiceLine.objects.filter(invoice__order=sale)
    return list(lock_invoice_lines(rows.values_list("pk", flat=True)).values())


def _goods(sale: SalesOrder, charged: Sequence[InvoiceLine]) -> list[RecordLine]:
    """What of each line of goods is still with the customer and was charged, by invoice line."""
    rows = OrderLine.objects.filter(order=sale, kind=LineKind.GOODS).order_by("number")
    made = []
    for sold in rows.select_related("order", "part"):
        out = sold.shipped - sold.claimed
        for line in charged:
            units = min(out, free_units(line)) if line.order_line_id == sold.pk else money.ZERO
            if units > 0:
                wish = LineInput(quantity=units, order_line=sold, invoice_line=line)
                made.append(RecordLine(wish))
                out -= units
    return made


def _beside(line: InvoiceLine) -> bool:
    """Whether a line is no goods and can still be credited; discounts follow their goods."""
    apart = line.kind not in (LineKind.GOODS, LineKind.DISCOUNT)
    return apart and free_units(line) > 0 and line.gross > line.credited_gross


def _extra(line: InvoiceLine) -> RecordExtra:
    units, gross = free_units(line), line.gross - line.credited_gross
    return RecordExtra(
        name=line.name or str(LineKind(line.kind).label),
        kind=line.kind,
        gross_unit_price=(gross / units).quantize(Decimal("0.000001")),
        quantity=units,
        vat_percent=line.vat_percent,
        vat_type=line.vat_type,
        tax=line.tax - _credited_tax(line),
        invoice_line=line,
    )


def _credited_tax(line: InvoiceLine) -> Decimal:
    live = line.credit_lines.filter(live=True)
    return live.aggregate(tax=Sum("tax"))["tax"] or money.ZERO
