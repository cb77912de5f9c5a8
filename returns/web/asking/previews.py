"""A preview on pages: the plain values in words, and sums as they stand on paper."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sales.models import LineKind
from sales.states import RefundState, Via
from stock.models import State

Row = dict[str, Any]
#: Where the amount of a credit goes, in the order in which it is used.
USES: Final = (
    ("applied", gettext_lazy("Settles invoices")),
    ("kept", gettext_lazy("Kept as credit")),
)
WAITS: Final = {
    RefundState.WAITING_DETAILS: gettext_lazy("waits for bank details"),
    RefundState.WAITING_APPROVAL: gettext_lazy("waits for approval"),
}
LEAVES: Final = {
    "replacement": gettext_lazy("as a replacement"),
    "repaired": gettext_lazy("repaired"),
    "send_back": gettext_lazy("as it came"),
}


def preview_context(result: Row | None) -> Row | None:
    """What the template of a preview shows; nothing where there is none."""
    if result is None:
        return None
    return {
        **result,
        "lines": [_line(line) for line in result["lines"]],
        "credit_notes": [_note(note) for note in result["credit_notes"]],
        "settles": [
            {**row, "currency": note["currency"]}
            for note in result["credit_notes"]
            for row in note["settles"]
        ],
        "approvals": [_approval(row) for row in result["approvals"]],
        "sums": [_sums(total) for total in result["totals"]],
        "refunds": [_refund(row) for row in result["refunds"]],
        "stock": [{**move, "state_label": _state(move["to_state"])} for move in result["stock"]],
        "outbound": [{**row, "how": str(LEAVES[row["kind"]])} for row in result["outbound"]],
    }


def _line(line: Row) -> Row:
    """A line with its verdict; what speaks against it, then what speaks for it."""
    checks = sorted(line["checks"], key=lambda check: bool(check["allowed"]))
    return {**line, "tone": _tone(line), "checks": checks}


def _tone(line: Row) -> str:
    if not line["allowed"]:
        return "bad"
    return "wait" if line["overridden"] else "ok"


def _note(note: Row) -> Row:
    lines = [{**line, "kind_label": _kind(line["kind"])} for line in note["lines"]]
    return {**note, "lines": lines}


def _kind(kind: str) -> str:
    return str(LineKind(kind).label)


def _sums(total: Row) -> Row:
    """The components under each other, their sum, and what becomes of it."""
    parts = [
        {"label": row["name"] or _kind(row["kind"]), "amount": row["gross"]}
        for row in total["components"]
    ]
    used = [
        {"label": str(label), "amount": _less(total[name])}
        for name, label in USES
        if float(total[name])
    ]
    credit = {"label": _("Credit"), "amount": total["gross"], "kind": "sum"}
    credit["detail"] = _("of which tax %(tax)s") % {"tax": total["tax"]}
    refund = {"label": _("To be refunded"), "amount": total["to_refund"], "kind": "total"}
    return {"currency": total["currency"], "rows": [*parts, credit, *used, refund]}


def _less(amount: str) -> str:
    """An amount that is taken away from a sum."""
    return amount.removeprefix("-") if amount.startswith("-") else f"-{amount}"


def _refund(row: Row) -> Row:
    way = row["gateway"] or str(Via(row["via"]).label)
    return {**row, "way": way, "waits": str(WAITS.get(row["state"], ""))}


def _approval(row: Row) -> str:
    """Who has to say yes, and why."""
    amounts = ", ".join(f"{amount} {code}" for code, amount in row["amounts"].items())
    values = {"amounts": amounts, "why": _why(row)}
    if row["what"] == "return":
        text = _("The return waits for approval: %(why)s") % values
    else:
        text = _("The refund of %(amounts)s waits for approval: %(why)s") % values
    return f"{text}; {_('by somebody else than who asks')}." if row["four_eyes"] else f"{text}."


def _why(row: Row) -> str:
    facts = row["facts"]
    if row["code"] == "above_limit":
        return _("above %(above)s %(currency)s") % facts
    if row["code"] == "other_currency":
        return _("the amount is in another currency than the rules")
    return _("the rules want it always")


def _state(state: str) -> str:
    return str(State(state).label) if state else ""
