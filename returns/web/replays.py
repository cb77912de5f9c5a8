"""A trial of the rules as a table."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from returns.services.replaying import Change, Replay, Ruling


def replay_table(found: Replay) -> dict[str, Any]:
    """Rows for returns that would have been ruled otherwise, and sums by currency."""
    words = ngettext("%(n)s return looked at", "%(n)s returns looked at", found.looked_at)
    return {
        "looked_at": words % {"n": found.looked_at},
        "more": found.more,
        "rows": [_row(change) for change in found.changes],
        "sums": [
            {
                "currency": currency,
                "label": label,
                "before": sums.before[name],
                "after": sums.after[name],
            }
            for currency, sums in sorted(found.sums.items())
            for name, label in AMOUNTS
        ],
    }


def _row(change: Change) -> dict[str, Any]:
    return {
        "reference": change.order.reference,
        "url": reverse("returns:detail", args=[change.order.uuid]),
        "on": change.order.requested_on,
        "currency": change.currency,
        "before": _ruling(change.before),
        "after": _ruling(change.after),
    }


def _ruling(ruling: Ruling) -> dict[str, Any]:
    said = [
        _("line %(number)s refused (%(code)s)") % {"number": number, "code": code.replace("_", " ")}
        for number, code in ruling.refused
    ]
    said += [_("waits for approval")] if ruling.approval else []
    return {
        "decision": ", ".join(said) or _("allowed"),
        "fee": ruling.fee,
        "shipping": ruling.shipping,
        "credit": ruling.credit,
    }


AMOUNTS = (("fee", "Fees"), ("shipping", "Shipping charged"), ("credit", "Credits"))
