"""Refunds as the templates want them: plain values and addresses, no query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rmaproject.access.actors import Actor
from rmaproject.audit.models import AuditEntry
from rmaproject.web.history import timeline
from rmaproject.web.nav import address
from rmaproject.web.tags.dates import day
from rmaproject.web.tags.figures import money
from sales.models import BankFile, Refund
from sales.refund_actions import refund_actions
from sales.services.banking import SEE
from sales.services.limits import Limits
from sales.states import REFUND_VERBS, UNSENT, RefundState, Via
from sales.web.refund_accounts import AccountChange, name_of

S = RefundState
#: The order of the buttons, and how each shows.
SHOWN: Final[dict[str, dict[str, Any]]] = {
    "approve": {"icon": "check", "primary": True},
    "pay": {"icon": "bank", "primary": True},
    "ask": {"icon": "search", "primary": True},
    "confirm": {"icon": "check", "primary": True},
    "retry": {"icon": "undo", "primary": True},
    "details": {"icon": "bank", "link": True, "primary": True},
    "change": {"icon": "edit", "link": True},
    "fail": {"icon": "x", "danger": True},
    "cancel": {"icon": "x", "danger": True, "asks_reason": True},
    "keep": {"icon": "refund", "danger": True},
}
WORDS: Final = {
    "create": (gettext_lazy("asked for the refund"), "create"),
    "approve": (gettext_lazy("approved the refund"), "approve"),
    "pay": (gettext_lazy("sent the refund"), "refund"),
    "ask": (gettext_lazy("asked the gateway"), "refund"),
    "confirm": (gettext_lazy("confirmed that it was paid"), "complete"),
    "fail": (gettext_lazy("said that it was not paid"), "reject"),
    "retry": (gettext_lazy("made it ready to be tried again"), "resume"),
    "details": (gettext_lazy("chose the bank account"), "edit"),
    "change": (gettext_lazy("changed the refund"), "edit"),
    "cancel": (gettext_lazy("cancelled the refund"), "cancel"),
}
#: What the program writes down when a gateway has answered, by the state after it.
ANSWERS: Final = {
    S.DONE: gettext_lazy("was told by the gateway that it is paid"),
    S.FAILED: gettext_lazy("was told by the gateway that it failed"),
    S.UNKNOWN: gettext_lazy("got no answer from the gateway"),
    S.SENT: gettext_lazy("was told by the gateway that it takes time"),
}


def list_row(refund: Refund) -> dict[str, Any]:
    """A refund in a list."""
    return {
        "url": reverse("refunds:detail", args=[refund.uuid]),
        "reference": refund.reference,
        "customer": refund.customer.name,
        "state": refund.state,
        "via": way_of(refund),
        "account": str(refund.bank_details) if refund.bank_details else "",
        "amount": refund.amount,
        "currency": refund.currency,
        "at": refund.created_at,
    }


def way_of(refund: Refund) -> str:
    """How the money goes back: the gateway by its name, else the way in words."""
    return str(refund.gateway.capitalize() or refund.get_via_display())


def buttons(refund: Refund, actor: Actor, queue: str = "") -> list[dict[str, Any]]:
    """The verbs that the state allows and the actor holds the right for; blocked ones say why.

    With a queue, the next refund of it follows after the step.
    """
    offered = [
        action
        for action in refund_actions(refund, actor, Limits(actor))
        if actor.may(_permission(action.verb))
    ]
    rows = [_button(refund, row.verb, row.label, row) for row in offered]
    if any(row["verb"] == "cancel" for row in rows):
        keep = _button(refund, "keep", _("Keep as store credit"), None)
        words = _("Nothing is paid out; the amount stays the customer's credit.")
        rows.append({**keep, "confirm": words})
    rows.sort(key=lambda row: list(SHOWN).index(row["verb"]))
    if refund.state != S.WAITING_DETAILS:
        rows = [{**row, "primary": False} if row["verb"] == "details" else row for row in rows]
    return [{**row, "url": f"{row['url']}?queue={queue}"} for row in rows] if queue else rows


def _permission(verb: str) -> str:
    return next(row.permission for row in REFUND_VERBS if row.verb == verb)


def _button(refund: Refund, verb: str, label: str, action: Any) -> dict[str, Any]:
    return {
        "verb": verb,
        "label": _labelled(refund, verb, label),
        "allowed": action.allowed if action else True,
        "reason": _(action.reason) if action and action.reason else "",
        "needs_reason": bool(action and action.needs_reason),
        "url": reverse(f"refunds:{verb}", args=[refund.uuid]),
        **SHOWN[verb],
    }


def _labelled(refund: Refund, verb: str, label: str) -> str:
    """What decides on an amount names it."""
    figure = {"amount": money(refund.amount, refund.currency), "currency": refund.currency}
    if verb == "approve":
        return _("Approve %(amount)s %(currency)s") % figure
    if verb == "pay":
        return _("Pay %(amount)s %(currency)s") % figure
    if verb == "change" and refund.state == S.FAILED:
        return _("Pay by another way")
    return _(label)


def facts(refund: Refund) -> list[dict[str, Any]]:
    """The facts beside a refund."""
    file = refund.bank_file
    rows: list[dict[str, Any]] = [
        {
            "label": _("Customer"),
            "value": str(refund.customer),
            "url": address("customers:detail", refund.customer.uuid),
        },
        {"label": _("Business"), "value": str(refund.business)},
        {
            "label": _("Credit note"),
            "value": refund.credit_note.reference,
            "url": address("sales:credit_note", refund.credit_note.uuid),
        },
        {"label": _("By"), "value": way_of(refund)},
        {"label": _("Account"), "value": str(refund.bank_details or "")},
        {
            "label": _("Bank file"),
            "value": file.reference if file else "",
            "url": reverse("refunds:file", args=[file.uuid]) if file else "",
        },
        {"label": _("Asked for by"), "value": name_of(refund.requested_by)},
        {"label": _("Approved by"), "value": name_of(refund.approved_by)},
        {"label": _("Paid by"), "value": name_of(refund.paid_by)},
        {"label": _("Sent"), "value": refund.sent_at, "date": True},
        {"label": _("Done"), "value": refund.settled_at, "date": True},
        {"label": _("The gateway's reference"), "value": refund.payout_reference, "code": True},
        {"label": _("Key of the payout"), "value": refund.key, "code": True},
    ]
    return [row for row in rows if row["value"]]


def reveal_url(refund: Refund, actor: Actor) -> str:
    """Where the account is shown in full, for who may see it."""
    if refund.bank_details is None or not actor.may(SEE):
        return ""
    return reverse("refunds:reveal", args=[refund.bank_details.uuid])


def origins(refund: Refund) -> list[dict[str, str]]:
    """What a refund comes from: its customer and its credit note, by their pages."""
    note = refund.credit_note
    named = _("credit note %(reference)s") % {"reference": note.reference}
    return [
        {
            "label": refund.customer.name,
            "url": address("customers:detail", refund.customer.uuid),
        },
        {"label": named, "url": address("sales:credit_note", note.uuid)},
    ]


def banner(refund: Refund, change: AccountChange | None = None) -> dict[str, Any] | None:
    """What somebody must know of this refund before anything else."""
    if change is not None and refund.state in UNSENT and refund.approved_at is None:
        words = {"name": name_of(change.approved.actor), "day": day(change.approved.at)}
        text = _("What %(name)s approved on %(day)s no longer counts.") % words
        title = _("The account changed after the approval.")
        return {"tone": "wait", "title": title, "text": text}
    if refund.state == S.FAILED:
        text = refund.failure_text or refund.failure_code
        return {"tone": "bad", "title": _("The payout failed."), "text": text}
    if refund.state == S.UNKNOWN:
        text = _("It is asked for by its key until the gateway answers; nothing is paid twice.")
        return {"tone": "wait", "title": _("The gateway did not answer."), "text": text}
    if refund.state == S.SENT and refund.via != Via.GATEWAY:
        text = _("Confirm it when the bank has carried it out.")
        return {"tone": "info", "title": _("It is on its way."), "text": text}
    return None


def history_of(
    entries: Sequence[AuditEntry], void: Mapping[int, str] = MappingProxyType({})
) -> list[dict[str, Any]]:
    """A refund's timeline, newest first; `void` says why approvals no longer count."""
    rows = timeline(entries, words=WORDS, labels={})
    for row, entry in zip(rows, reversed(entries), strict=True):
        if entry.n in void:
            row["details"] = [{"label": void[entry.n]}, *row["details"]]
        if entry.door == "gateway":
            said = ANSWERS.get(entry.facts.get("to", ""), "")
            row["text"] = f"{_('The program')} {said}"
    return rows


def file_row(file: BankFile) -> dict[str, Any]:
    """A bank file in the list."""
    return {
        "url": reverse("refunds:file", args=[file.uuid]),
        "reference": file.reference,
        "business": str(file.business),
        "amount": file.amount,
        "currency": file.currency,
        "count": file.count,
        "execute_on": file.execute_on,
        "waiting": sum(1 for row in file.refunds.all() if row.state == S.SENT),
    }
