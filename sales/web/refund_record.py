"""One refund taken apart: what its amount is made of, what it is checked against, where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.web.tags.figures import quantity
from sales.models import CreditLine, LineKind, Payment, Refund
from sales.services.limits import Limits
from sales.states import UNSENT, RefundState
from sales.taxes import taxes_of
from sales.web.refund_accounts import name_of

Row = dict[str, Any]
#: So many lines of a credit note are told one by one; the others by kind.
MOST_LINES: Final = 12


def amount_rows(refund: Refund) -> list[Row]:
    """The credit note line by line without tax, the tax by rate, and how the rest became this."""
    note = refund.credit_note
    lines = list(note.lines.select_related("part").order_by("number"))
    rows = [_line(line) for line in lines] if len(lines) <= MOST_LINES else _by_kind(lines)
    rows.append({"label": _("Net"), "amount": note.net, "kind": "sum"})
    for rate in taxes_of(lines):
        label = _("VAT %(percent)s %%") % {"percent": quantity(rate.vat_percent)}
        rows.append({"label": label, "amount": rate.tax})
    rows.append({"label": _("Credited"), "amount": note.gross, "kind": "sum"})
    others = note.refunded + note.refunding
    if refund.state != RefundState.CANCELLED:
        others -= refund.amount
    rest = note.gross - note.applied - note.kept - others - refund.amount
    used = (
        (_("Settles invoices"), note.applied),
        (_("Kept as credit"), note.kept),
        (_("Other refunds of this credit note"), others),
        (_("Not asked for yet"), rest),
    )
    rows += [{"label": label, "amount": -amount} for label, amount in used if amount]
    return [*rows, {"label": _("This refund"), "amount": refund.amount, "kind": "total"}]


def _line(line: CreditLine) -> Row:
    kind = _(str(LineKind(line.kind).label))
    name = line.name or (line.part.name if line.part else kind)
    each = _("%(count)s of %(code)s")
    detail = each % {"count": quantity(line.quantity), "code": line.part.sku} if line.part else kind
    return {"label": name, "detail": detail if detail != name else "", "amount": line.net}


def _by_kind(lines: Sequence[CreditLine]) -> list[Row]:
    found: dict[str, Any] = {}
    for line in lines:
        found[line.kind] = found.get(line.kind, money.ZERO) + line.net
    return [
        {"label": _(str(LineKind(kind).label)), "amount": amount} for kind, amount in found.items()
    ]


def checks(refund: Refund, actor: Actor, limits: Limits) -> list[Row]:
    """What stands for and against deciding on this refund, for this person."""
    if refund.state not in UNSENT:
        return []
    note = refund.credit_note
    free = note.gross - note.applied - note.kept - note.refunded
    held = _held(refund)
    return [
        _check(free >= refund.amount, _("Credit note not refunded yet"), "", free),
        _check(held >= refund.amount, _("Customer paid, not got back"), _references(refund), held),
        _own_limit(refund, actor, limits),
        _four_eyes(refund, actor),
    ]


def _check(ok: bool, label: str, detail: str, amount: Any = None) -> Row:
    return {"ok": ok, "label": label, "detail": detail, "amount": amount}


def _held(refund: Refund) -> Any:
    rows = Payment.objects.filter(account=refund.account_id)
    return rows.aggregate(held=Sum(F("amount") - F("refunded")))["held"] or money.ZERO


def _references(refund: Refund) -> str:
    told = [part.payment.gateway_reference for part in refund.parts.all()]
    return ", ".join(dict.fromkeys(text for text in told if text))


def _own_limit(refund: Refund, actor: Actor, limits: Limits) -> Row:
    verb = "pay" if refund.state == RefundState.READY else "approve"
    right = f"sales.{verb}_refund"
    if not actor.may(right):
        label = _("Paying is for others") if verb == "pay" else _("Approving is for others")
        return _check(False, label, "")
    limit = limits.of(right, refund.currency)
    if limit is None:
        return _check(True, _("You have no limit per refund"), "")
    return _check(refund.amount <= limit, _("Your limit per refund"), "", limit)


def _four_eyes(refund: Refund, actor: Actor) -> Row:
    who = name_of(refund.requested_by) or _("the program")
    asked = _("Requested by %(name)s") % {"name": who}
    if not refund.asks_four_eyes:
        label = _("One person may do it all up to this amount")
        return _check(True, label, asked, refund.four_eyes_above)
    paying = refund.state == RefundState.READY
    if actor.user_id == refund.requested_by_id:
        return _check(False, _("Four eyes: you requested it"), _("Another person must do this."))
    if paying and actor.user_id == refund.approved_by_id:
        return _check(False, _("Four eyes: you approved it"), _("Another person must pay it."))
    return _check(True, _("Four eyes: you did not request it"), asked)
