"""The column beside a return: the credit taken apart, what can be edited in place, what belongs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from returns.models import ReturnLine, ReturnOrder
from returns.web.record.loading import Dossier
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.web.nav import address
from rmaproject.web.planning.owning import owners
from sales.models import CreditLine, CreditNote, InvoiceLine, LineKind, Settlement

Row = dict[str, Any]
#: How many earlier returns are named.
EARLIER: Final = 5


def standing(papers: Dossier) -> list[CreditNote]:
    """The credit notes that count, in the currency of the return."""
    rows = [note for note in papers.notes if not note.reverses_id]
    rows = [note for note in rows if not hasattr(note, "reversed_by")]
    return [note for note in rows if note.currency == papers.currency]


def credit_apart(papers: Dossier, refunds: Sequence[Row]) -> Row | None:
    """The credit of a return, every figure with what it is made of; None where none is booked."""
    notes = standing(papers)
    if not notes:
        return None
    rows = CreditLine.objects.filter(credit_note__in=notes).select_related("part")
    lines = list(rows.order_by("credit_note_id", "number"))
    refunds = [row for row in refunds if row["currency"] == papers.currency]
    figures = [*_made_of(lines), *_totals(notes, lines), *_used(notes, refunds)]
    return {"currency": papers.currency, "rows": figures}


def _made_of(lines: list[CreditLine]) -> list[Row]:
    """Goods in one figure, everything beside them under its own name; net."""
    found: dict[str, list[CreditLine]] = {}
    for line in lines:
        goods = line.kind == LineKind.GOODS
        label = _("Goods accepted") if goods else line.name or str(LineKind(line.kind).label)
        found.setdefault(label, []).append(line)
    return [
        {
            "label": label,
            "amount": sum((line.net for line in group), money.ZERO),
            "parts": [
                {"label": f"{money.plain(line.quantity)} × {_name(line)}", "amount": line.net}
                for line in group
            ]
            if len(group) > 1 or group[0].kind == LineKind.GOODS
            else [],
        }
        for label, group in found.items()
    ]


def _name(line: CreditLine) -> str:
    return line.name or (line.part.name if line.part else "")


def _totals(notes: list[CreditNote], lines: list[CreditLine]) -> list[Row]:
    rates: dict[Decimal, Decimal] = {}
    for line in lines:
        rates[line.vat_percent] = rates.get(line.vat_percent, money.ZERO) + line.tax
    taxes = [
        {"label": _("VAT %(percent)s %%") % {"percent": money.plain(percent)}, "amount": tax}
        for percent, tax in sorted(rates.items())
    ]
    of_notes = [
        {
            "label": note.reference,
            "url": address("sales:credit_note", note.uuid),
            "amount": note.gross,
        }
        for note in notes
    ]
    return [
        {"label": _("Net"), "amount": _sum(notes, "net"), "kind": "sum"},
        *taxes,
        {"label": _("Gross"), "amount": _sum(notes, "gross"), "kind": "total", "parts": of_notes},
    ]


def _used(notes: list[CreditNote], refunds: Sequence[Row]) -> list[Row]:
    applied, kept, paid = (_sum(notes, name) for name in ("applied", "kept", "refunded"))
    rest = _sum(notes, "gross") - applied - kept - paid
    of_refunds = [
        {"label": row["reference"], "url": row["url"], "amount": -row["amount"]} for row in refunds
    ]
    rows: list[Row] = []
    if applied:
        rows.append({"label": _("Settles invoices"), "amount": -applied, "parts": _settled(notes)})
    if kept:
        rows.append({"label": _("Kept as credit"), "amount": -kept})
    if paid:
        rows.append({"label": _("Paid out"), "amount": -paid, "parts": of_refunds})
    if rows:
        rows[0]["kind"] = "gap"
    open_refunds = [] if paid else [{**row, "amount": -row["amount"]} for row in of_refunds]
    return [
        *rows,
        {"label": _("To pay out"), "amount": rest, "kind": "sum", "parts": open_refunds},
    ]


def _settled(notes: list[CreditNote]) -> list[Row]:
    rows = Settlement.objects.filter(credit_note__in=notes).select_related("invoice")
    return [{"label": row.invoice.reference, "amount": -row.amount} for row in rows.order_by("pk")]


def _sum(notes: list[CreditNote], name: str) -> Decimal:
    return sum((getattr(note, name) for note in notes), money.ZERO)


def money_bar(papers: Dossier) -> Row | None:
    """How much of what was credited reached the customer, as a bar and in words."""
    notes = standing(papers)
    gross = _sum(notes, "gross")
    if gross <= 0:
        return None
    reached = sum((_sum(notes, name) for name in ("applied", "kept", "refunded")), money.ZERO)
    shown = [f"{money.amount(part, papers.currency)}" for part in (reached, gross)]
    words = _("%(reached)s of %(gross)s %(currency)s settled") % {
        "reached": shown[0],
        "gross": shown[1],
        "currency": papers.currency,
    }
    part = 100 * reached / gross
    return {"quantity": Decimal(100), "received": part, "accepted": part, "words": words}


def invoices_of(papers: Dossier) -> dict[int, list[str]]:
    """The numbers of the invoices that bill the sold lines of a return, by the return line."""
    sold = {line.order_line_id: line for line in papers.lines if line.order_line_id}
    rows = InvoiceLine.objects.filter(order_line__in=list(sold)).order_by("pk")
    found: dict[int, list[str]] = {}
    for key, number in rows.values_list("order_line", "invoice__reference"):
        for line in papers.lines:
            if line.order_line_id == key and number not in found.setdefault(line.pk, []):
                found[line.pk].append(number)
    return found


def related(papers: Dossier, invoices: dict[int, list[str]], actor: Actor) -> list[Row]:
    """What belongs to a return: orders, invoices, what replaced goods, and earlier returns."""
    sold = [line.order_line for line in papers.lines if line.order_line]
    left = [row.order_line for row in papers.order.outbound.all() if row.order_line]
    orders = {line.order_id: line.order for line in sold}
    sent = {line.order_id: line.order for line in left}
    numbers = dict.fromkeys(number for group in invoices.values() for number in group)
    rows = [
        {"label": _("Orders"), "links": [_order_link(row) for row in orders.values()]},
        {"label": _("Invoices"), "links": [{"label": number} for number in numbers]},
        {"label": _("Credit notes"), "links": [_note_link(note) for note in papers.notes]},
        {"label": _("Replaced by"), "links": [_order_link(row) for row in sent.values()]},
        {"label": _("Earlier returns"), "links": _earlier(papers, actor)},
    ]
    return [row for row in rows if row["links"]]


def _order_link(order: Any) -> Row:
    return {"label": order.reference, "url": address("sales:detail", order.uuid)}


def _note_link(note: CreditNote) -> Row:
    return {"label": note.reference, "url": address("sales:credit_note", note.uuid)}


def _earlier(papers: Dossier, actor: Actor) -> list[Row]:
    """Other returns of the customer, those of the same unit first."""
    order = papers.order
    units = [line.stock_item_id for line in papers.lines if line.stock_item_id]
    seen = ReturnOrder.objects.visible_to(actor.scope).exclude(pk=order.pk)
    of_units = ReturnLine.objects.filter(stock_item__in=units).values("return_order")
    rows = seen.filter(Q(customer=order.customer_id) | Q(pk__in=of_units)).order_by("-pk")
    same = (
        set(ReturnLine.objects.filter(stock_item__in=units).values_list("return_order", flat=True))
        if units
        else set()
    )
    found = sorted(rows[:EARLIER], key=lambda row: row.pk not in same)
    return [
        {
            "label": row.reference,
            "url": reverse("returns:detail", args=[row.uuid]),
            "about": _("same unit") if row.pk in same else "",
        }
        for row in found
    ]


def editable_facts(order: ReturnOrder, *, may_edit: bool) -> list[Row]:
    """The facts that are one field each, with what their inputs need; first things first."""
    owner = f"u{order.responsible_user_id}" if order.responsible_user_id else ""
    if order.responsible_group_id:
        owner = f"g{order.responsible_group_id}"
    chosen = [{"value": "", "label": _("Nobody")}]
    if may_edit:
        chosen += [{"value": str(key), "label": label} for key, label in owners()]
    rows: list[Row] = [
        {"name": "responsible", "label": _("Owner"), "value": owner, "options": chosen},
        {
            "name": "target_date",
            "label": _("Target date"),
            "value": order.target_date.isoformat() if order.target_date else "",
            "type": "date",
            "day": order.target_date,
        },
        {
            "name": "customer_reference",
            "label": _("Their ref."),
            "value": order.customer_reference,
            "type": "text",
        },
    ]
    return [
        {**row, "url": reverse(f"returns:edit_{row['name']}", args=[order.uuid])} for row in rows
    ]
