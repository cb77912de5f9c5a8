"""What the page of a return says about its lines, parcels, receipts, credit notes and facts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from returns.counting import (
    creditable_units,
    sendable,
    still_expected,
    uncredited,
    undecided,
    undisposed,
    unmatched,
)
from returns.custom import by_line
from returns.models import ExtraLine, ReturnLine, ReturnOrder
from returns.services.editing import extra_gross
from returns.states import CLOSED, Goods, Status
from returns.web.dock.arrivals import take_credit_back
from returns.web.lists.listing import responsible_name
from returns.web.record.beside import money_bar
from returns.web.record.custom import facts as custom_facts
from returns.web.record.custom import in_words
from returns.web.record.history import person
from returns.web.record.loading import Dossier
from returns.web.record.naming import line_name
from returns.web.record.offering import verb_url
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.words import within
from rmaproject.web.days import written
from rmaproject.web.nav import address
from sales.models import CreditNote


def header(papers: Dossier) -> dict[str, Any]:
    """The return itself with its three axes and what stands behind each."""
    order = papers.order
    counted = [line for line in papers.lines if not line.void and not line.unexpected]
    totals = _totals(counted)
    return {
        "reference": order.reference,
        "url": reverse("returns:detail", args=[order.uuid]),
        "customer": order.customer.name,
        "customer_url": address("customers:detail", order.customer.uuid),
        "status": order.status,
        "goods": order.goods,
        "money": order.money,
        "currency": papers.currency,
        "target_date": order.target_date,
        "closed": order.status in CLOSED,
        "responsible": responsible_name(order),
        "responsible_is_team": order.responsible_group_id is not None,
        "authorisation_detail": _authorisation(order),
        "goods_detail": _goods(totals) if order.goods != Goods.NONE else "",
        "goods_bar": totals,
        "money_detail": _money(papers),
        "money_bar": money_bar(papers),
    }


def line_rows(
    papers: Dossier, invoices: dict[int, list[str]], open_verbs: set[str]
) -> list[dict[str, Any]]:
    """The lines with their counts, what became of the goods, what was credited, and what is next.

    `invoices` bill the lines, by the line's key; of `open_verbs` each line gets those about it.
    """
    outcomes = _outcomes(papers.order)
    serials = _serials(papers.order)
    written = by_line(papers.order.custom_values.all())
    net: dict[int, Decimal] = {}
    for row in papers.paid:
        if row.line_id is not None:
            net[row.line_id] = net.get(row.line_id, money.ZERO) + row.credit_line.net
    return [
        {
            **_counts(line),
            "part": line_name(line),
            "part_url": address("stock:part", line.part.uuid) if line.part else "",
            "sku": line.part.sku if line.part else "",
            "serial": line.stock_item.serial if line.stock_item else serials.get(line.pk, ""),
            "life_url": address("stock:item", line.stock_item.uuid) if line.stock_item else "",
            **_sale(line),
            "kit": line.kit_line.name if line.kit_line else "",
            "reason": line.reason.name if line.reason else "",
            "number": line.number,
            "custom": in_words(written.get(line.pk, ())),
            "invoices": ", ".join(invoices.get(line.pk, ())),
            "place": line.location.code if line.location else "",
            "note": line.note,
            "actions": _line_actions(papers.order, line, open_verbs),
            "outcome": line.get_outcome_display(),
            "outcome_detail": ", ".join([*outcomes.get(line.pk, []), *_open(line)]),
            "net": net.get(line.pk),
            "currency": line.order_line.order.currency if line.order_line else papers.currency,
        }
        for line in papers.lines
    ]


def _line_actions(
    order: ReturnOrder, line: ReturnLine, open_verbs: set[str]
) -> list[dict[str, str]]:
    """The steps that are about this line now, each on its page."""
    if line.void:
        return []
    waits = (
        ("match", _("Find the sale"), "search", unmatched(line)),
        ("receive", _("Receive"), "receive", still_expected(line)),
        ("inspect", _("Inspect"), "inspect", undecided(line)),
        ("dispose", _("Decide what becomes of it"), "shelf", undisposed(line)),
        ("credit", _("Book the credit"), "refund", uncredited(line)),
        ("send_back", _("Send back"), "truck", sendable(line)),
        ("release", _("Give up waiting"), "undo", still_expected(line)),
        ("edit", _("Change quantity or reason"), "edit", not line.unexpected),
    )
    return [
        {"label": label, "icon": icon, "url": verb_url(order, verb)}
        for verb, label, icon, waiting in waits
        if waiting and verb in open_verbs
    ]


def _counts(line: ReturnLine) -> dict[str, Any]:
    names = "quantity received accepted rejected released waived credited unexpected void".split()
    return {name: getattr(line, name) for name in names}


def _sale(line: ReturnLine) -> dict[str, Any]:
    if line.order_line is None:
        return {"order": _("No known sale") if not line.unexpected else "", "order_url": ""}
    order = line.order_line.order
    return {"order": order.reference, "order_url": address("sales:detail", order.uuid)}


def _open(line: ReturnLine) -> list[str]:
    """What became of a line's units beside credit, and what they still wait for."""
    given = (
        (_("%(n)s replaced"), line.replaced),
        (_("%(n)s repaired"), line.repaired),
        (_("%(n)s sent back"), line.sent_back - line.repaired),
    )
    waits = [words % {"n": money.plain(units)} for words, units in given if units > 0]
    if (waiting := undecided(line)) > 0 and not line.void:
        waits.append(_("%(n)s to decide") % {"n": money.plain(waiting)})
    if (owed := uncredited(line)) > 0:
        waits.append(_("%(n)s not credited") % {"n": money.plain(owed)})
    return waits


def _outcomes(order: ReturnOrder) -> dict[int, list[str]]:
    sums: dict[tuple[int, str], Decimal] = {}
    for row in order.disposals.all():
        key = row.line_id, row.disposition.name
        sums[key] = sums.get(key, money.ZERO) + row.quantity
    found: dict[int, list[str]] = {}
    for (line, name), quantity in sums.items():
        found.setdefault(line, []).append(f"{name} {money.plain(quantity)}")
    return found


def _serials(order: ReturnOrder) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for receipt in order.receipts.all():
        for row in receipt.lines.all():
            if row.stock_item is not None and row.stock_item.serial:
                found.setdefault(row.line_id, []).append(row.stock_item.serial)
    return {line: ", ".join(dict.fromkeys(serials)) for line, serials in found.items()}


def extra_rows(papers: Dossier, *, editable: bool) -> list[dict[str, Any]]:
    """The extra lines that count, with what they are worth to the customer."""
    rows = [line for line in papers.order.extra_lines.all() if not line.void]
    return [
        {
            "description": line.name,
            "quantity": line.quantity,
            "amount": extra_gross(line),
            "currency": line.currency,
            "actions": _extra_actions(papers.order, line) if editable else [],
        }
        for line in rows
    ]


def _extra_actions(order: ReturnOrder, line: ExtraLine) -> list[dict[str, str]]:
    if line.credited:
        return []
    return [{"url": reverse("returns:extra", args=[order.uuid, line.uuid]), "label": _("Change")}]


def note_rows(papers: Dossier, actor: Actor) -> list[dict[str, Any]]:
    """The credit notes with their amounts taken apart; below zero where one takes another back."""
    return [
        {
            "reference": note.reference,
            "url": address("sales:credit_note", note.uuid),
            "at": note.credited_on,
            **{name: _signed(note, name) for name in ("net", "tax", "gross")},
            "currency": note.currency,
            "reversed": _reversed(note),
            "takes_back": note.reverses.reference if note.reverses else "",
            "reverse": None if _reversed(note) else take_credit_back(papers.order, note, actor),
        }
        for note in papers.notes
    ]


def _signed(note: CreditNote, name: str) -> Decimal:
    amount: Decimal = getattr(note, name)
    return -amount if note.reverses_id else amount


def used_rows(notes: list[CreditNote]) -> list[dict[str, Any]]:
    """Credit notes taken apart: net and tax, then settled, kept and still to pay out."""
    sums = {
        name: sum((getattr(note, name) for note in notes), money.ZERO)
        for name in ("net", "tax", "gross", "applied", "kept", "refunded")
    }
    rest = sums["gross"] - sums["applied"] - sums["kept"] - sums["refunded"]
    used = (
        (_("Settles invoices"), sums["applied"]),
        (_("Kept as credit"), sums["kept"]),
        (_("Paid out"), sums["refunded"]),
        (_("To pay out"), rest),
    )
    return [
        {"label": _("Net"), "amount": sums["net"]},
        {"label": _("Tax"), "amount": sums["tax"]},
        {"label": _("Credited"), "amount": sums["gross"], "kind": "sum"},
        *({"label": label, "amount": amount} for label, amount in used if amount),
    ]


def facts(papers: Dossier) -> list[dict[str, Any]]:
    """What is known about the return beside its lines."""
    order = papers.order
    rows: list[dict[str, Any]] = [
        {
            "label": _("Customer"),
            "value": order.customer.name,
            "detail": order.customer.reference,
            "url": address("customers:detail", order.customer.uuid),
        },
        {
            "label": _("Email"),
            "value": order.customer.email,
            "url": f"mailto:{order.customer.email}",
        },
        {"label": _("Business"), "value": order.business.name},
        {"label": _("Reason"), "value": order.reason.name if order.reason else ""},
        {"label": _("Asked for on"), "value": order.requested_on, "date": True},
        {"label": _("Deadline"), "value": order.deadline, "date": True},
        {"label": _("Refund promised by"), "value": order.refund_by, "date": True},
        {"label": _("Goods go to"), "value": order.location.code if order.location else ""},
        {"label": _("Issued"), "value": order.issued_at, "date": True},
        {"label": _("Closed"), "value": order.closed_at, "date": True},
        {"label": _("Made by"), "value": person(order.created_by)},
        {"label": _("Note"), "value": order.note},
        *custom_facts(row for row in order.custom_values.all() if row.line_id is None),
    ]
    return [row for row in rows if row["value"]]


def _reversed(note: CreditNote) -> bool:
    return note.reverses_id is not None or hasattr(note, "reversed_by")


def _totals(lines: list[ReturnLine]) -> dict[str, Decimal]:
    names = ("quantity", "released", "received", "accepted", "rejected")
    return {name: sum((getattr(line, name) for line in lines), money.ZERO) for name in names}


def _authorisation(order: ReturnOrder) -> str:
    if order.status == Status.ON_HOLD:
        held_from = within(Status(order.held_from).label)
        return _("Held from %(status)s: %(reason)s") % {
            "status": held_from,
            "reason": order.status_reason,
        }
    if order.status == Status.IN_PROGRESS and order.issued_at and not order.status_reason:
        day = written(timezone.localtime(order.issued_at), "j M Y")
        return _("Issued %(day)s") % {"day": day}
    return order.status_reason


def _goods(totals: dict[str, Decimal]) -> str:
    expected = totals["quantity"] - totals["released"]
    words = ngettext(
        "%(here)s of %(all)s unit here", "%(here)s of %(all)s units here", int(expected)
    )
    return words % {"here": money.plain(totals["received"]), "all": money.plain(expected)}


def _money(papers: Dossier) -> str:
    """How many units wait for their credit; what can be credited is asked of the invoices."""
    waiting = sum((uncredited(line) for line in papers.lines), money.ZERO)
    if not waiting:
        return ""
    ready = sum(creditable_units(papers.lines).values(), money.ZERO)
    if ready == waiting:
        return _("%(n)s to credit") % {"n": money.plain(ready)}
    if not ready:
        return _("%(rest)s without an invoice") % {"rest": money.plain(waiting)}
    return _("%(n)s to credit, %(rest)s without an invoice") % {
        "n": money.plain(ready),
        "rest": money.plain(waiting - ready),
    }


def expected_units(lines: list[ReturnLine]) -> Decimal:
    """Units that have neither come nor been released."""
    return sum((still_expected(line) for line in lines), money.ZERO)
