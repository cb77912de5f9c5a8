"""A line whose sale nobody knew gets its order line: it claims it, and can then be credited.

A line is matched as a whole. Receipts are history and cannot be divided, so goods of two sales
that were counted as one are received anew as two entries first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from customers.models import Company
from returns.counting import is_of_nobody_known, notes_of, unmatched
from returns.locks import lines_of
from returns.models import ReceiptLine, ReturnLine, ReturnOrder
from returns.services._advance import lock_for, touched
from returns.services.approval import reask_if_raised
from returns.services.claims import explaining_claims
from returns.services.flow import lock_ahead, proceed
from returns.services.inputs import LineInput, MatchInput
from returns.services.requesting import require_same_sale
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation, below
from sales.locks import lock_order_lines
from sales.models import InvoiceLine, OrderLine, UnitSale


def match_return(return_id: int, wanted: list[MatchInput], *, actor: Actor) -> ReturnOrder:
    """Give lines without a sale their order line, or invoice line, of this customer.

    What was unexpected is expected from then on, and owes a credit once it is accepted. A return
    of nobody known becomes that of the customer whose sale is named first. The rules are not
    asked whether the goods may come back: they are here. Above what was approved the return
    waits for approval again; what else follows by itself follows.
    Raises RuleViolation `exceeds_returnable` with the figures, `wrong_customer`, `wrong_part`,
    `wrong_sale`, `not_goods`, `serial_missing`, `sale_missing`, `split_first`;
    Conflict `matched_already`, `line_credited`, `line_void`, `illegal_transition`, `on_hold`.
    """
    named = [_with_its_own_sale(entry) for entry in wanted]
    asked = []
    for number, entry in enumerate(named):
        with below(f"/lines/{number}"):
            asked.append(LineInput(entry.line.claim, order_line=_sold_on(entry)))
    with explaining_claims(asked):
        return _match(return_id, named, actor)


@command
def _match(return_id: int, wanted: list[MatchInput], actor: Actor) -> ReturnOrder:
    order = lock_for(return_id, "match")
    if not wanted:
        raise RuleViolation(_("Say what is matched."), code="nothing_named", pointer="/lines")
    lines = {line.pk: line for line in lines_of(order)}
    named = [sold for entry in wanted if (sold := _sold_on(entry))]
    sender = _sender(order, list(lines.values()), named)
    if sender is not None:
        order.customer = sender
    lock_ahead(order, [*(line.order_line for line in lines.values()), *named])
    sales = lock_order_lines(sold.pk for sold in named)
    for number, entry in enumerate(wanted):
        with below(f"/lines/{number}"):
            sold = _sold_on(entry)
            _match_line(order, lines.get(entry.line.pk), entry, sales[sold.pk] if sold else None)
    matched = [entry.line.uuid for entry in wanted]
    fields: dict[str, Any] = {}
    facts: dict[str, Any] = {"matched": matched}
    if sender is not None:
        fields = {"customer": sender}
        facts["customer"] = str(sender.uuid)
    touched(order, "match", actor=actor, fields=fields, **facts)
    reask_if_raised(order, actor)
    proceed(order, actor=actor)
    return order


def _sender(order: ReturnOrder, lines: list[ReturnLine], sold: list[OrderLine]) -> Company | None:
    """Whose return it turns out to be; None where that is known, or something ties it to nobody."""
    if not sold or not is_of_nobody_known(order, lines):
        return None
    if order.bank_details_id or order.outbound.exists() or notes_of(order).exists():
        return None
    found = sold[0].order.customer
    return None if found.pk == order.customer_id else found


def _match_line(
    order: ReturnOrder, line: ReturnLine | None, entry: MatchInput, sold: OrderLine | None
) -> None:
    if line is None:
        message = _("The line does not belong to this return.")
        raise NotFound(message, code="not_found", pointer="/line")
    _require_open(line, entry)
    if sold is None:
        message = _("Say which order line or invoice line it was sold on.")
        raise RuleViolation(message, code="sale_missing", pointer="/order_line")
    require_same_sale(order, sold)
    _require_same_part(line, sold)
    _require_its_units(line, sold)
    line.part = sold.part
    line.order_line, line.invoice_line = sold, entry.invoice_line
    line.unexpected = False
    line.save(update_fields=["part", "order_line", "invoice_line", "unexpected"])


def _require_open(line: ReturnLine, entry: MatchInput) -> None:
    if line.void:
        raise Conflict(
            _("The line was taken out of the return."), code="line_void", pointer="/line"
        )
    if line.order_line_id is not None:
        message = _("The line has its sale already.")
        raise Conflict(message, code="matched_already", pointer="/line")
    if not unmatched(line):
        message = _("%(credited)s of this line were credited.") % {
            "credited": money.plain(line.credited or line.replaced)
        }
        facts = {"credited": money.plain(line.credited)}
        raise Conflict(message, code="line_credited", pointer="/line", **facts)
    if entry.quantity is not None and entry.quantity != line.quantity:
        message = _(
            "A line is matched as a whole, all %(quantity)s of it. Take its "
            "receipt back and receive the goods of each sale as an entry of their "
            "own."
        ) % {"quantity": money.plain(line.quantity)}
        facts = {"quantity": money.plain(line.quantity)}
        raise RuleViolation(message, code="split_first", pointer="/quantity", **facts)


def _require_same_part(line: ReturnLine, sold: OrderLine) -> None:
    if line.part_id is not None and line.part_id != sold.part_id:
        message = _("The part is not the one of the sold line.")
        raise RuleViolation(message, code="wrong_part", pointer="/order_line")


def _require_its_units(line: ReturnLine, sold: OrderLine) -> None:
    """Each unit that came must have been sold on this line, else its own sale goes stale."""
    if sold.part is None or not sold.part.is_serialized or not line.received:
        return
    rows = ReceiptLine.objects.filter(
        line=line, receipt__reverses=None, receipt__reversed_by=None, movement__isnull=False
    )
    units = [key for key in rows.values_list("stock_item", flat=True) if key]
    if len(units) != line.received:
        message = _("Each unit of %(sku)s needs its serial number; receive it by that.") % {
            "sku": sold.part.sku
        }
        raise RuleViolation(message, code="serial_missing", pointer="/line")
    sales = UnitSale.objects.filter(stock_item__in=units, order_line=sold)
    if sales.values("stock_item").distinct().count() < len(units):
        message = _("The unit was not sold on this line.")
        raise RuleViolation(message, code="wrong_sale", pointer="/order_line")


def _with_its_own_sale(entry: MatchInput) -> MatchInput:
    """A unit's line that names no sale means the last one that the unit was in."""
    named = entry.order_line is not None or entry.invoice_line is not None
    if named or entry.line.stock_item_id is None:
        return entry
    sales = UnitSale.objects.filter(stock_item=entry.line.stock_item_id).order_by("since", "pk")
    last = sales.select_related("order_line").last()
    return replace(entry, order_line=last.order_line if last else None)


def _sold_on(entry: MatchInput) -> OrderLine | None:
    if entry.invoice_line is not None:
        sold = _of_invoice(entry.invoice_line)
        if entry.order_line is not None and entry.order_line.pk != sold.pk:
            message = _("What the line names was not sold on the same line.")
            raise RuleViolation(message, code="wrong_sale", pointer="/order_line")
        return sold
    return entry.order_line


def _of_invoice(line: InvoiceLine) -> OrderLine:
    if line.order_line is None:
        message = _("The invoice line belongs to no sold line.")
        raise RuleViolation(message, code="not_goods", pointer="/invoice_line")
    return line.order_line
