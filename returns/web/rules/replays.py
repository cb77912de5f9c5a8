"""A trial of the rules as a table."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from returns.services.replaying import Change, Replay, Ruling
from rmaproject.web.csv_files import csv_lines


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


def replay_file(found: Replay) -> HttpResponse:
    """The returns that would have been ruled otherwise, as a CSV file."""
    head = [
        _("Return"), _("Asked for"), _("Currency"), _("As it was"), _("By this version"),
        _("Fee was"), _("Fee would be"), _("Credit was"), _("Credit would be"),
    ]  # fmt: skip
    response = HttpResponse(
        csv_lines(head, map(_cells, map(_row, found.changes))),
        content_type="text/csv; charset=utf-8",
    )
    response.headers["Content-Disposition"] = 'attachment; filename="replay.csv"'
    return response


def _cells(row: dict[str, Any]) -> list[str]:
    before, after = row["before"], row["after"]
    pairs = [(before[name], after[name]) for name in ("decision", "fee", "credit")]
    named = [row["reference"], row["on"].isoformat(), row["currency"]]
    return [*named, *(str(value) for pair in pairs for value in pair)]


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


AMOUNTS = (
    ("fee", gettext_lazy("Fees")),
    ("shipping", gettext_lazy("Shipping charged")),
    ("credit", gettext_lazy("Credits")),
)
