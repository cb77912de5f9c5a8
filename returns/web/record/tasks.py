"""What waits for somebody, in words: each thing with its verb and the page where it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from returns.metrics.waiting import Task
from rmaproject.web.tags.figures import money, quantity

#: How many are shown; the rest is told as a number.
SHOWN: Final = 8
ICONS: Final = {
    "late": "clock",
    "approve": "ok",
    "surprise": "flag",
    "refund": "refund",
    "pay": "bank",
    "inspect": "inspect",
    "receive": "receive",
    "hold": "pause",
}
PAGES: Final = {
    "refund": "refunds:detail",
    "pay": "refunds:detail",
    "inspect": "returns:inspect",
    "receive": "returns:count",
}


def rows_of(tasks: Sequence[Task], now: datetime) -> dict[str, Any]:
    """The first of the tasks as rows, how many there are, and how many are not shown."""
    rows = [_row(task, now) for task in tasks[:SHOWN]]
    return {"rows": rows, "count": len(tasks), "more": len(tasks) - len(rows)}


def _row(task: Task, now: datetime) -> dict[str, Any]:
    return {
        "url": reverse(PAGES.get(task.kind, "returns:detail"), args=[task.uuid]),
        "reference": task.reference,
        "icon": ICONS[task.kind],
        "text": _words(task, now),
        "due": task.due,
    }


def _words(task: Task, now: datetime) -> str:
    who = {"customer": task.customer}
    if task.kind == "inspect" and task.number:
        said = ngettext(
            "Inspect %(units)s unit: %(customer)s",
            "Inspect %(units)s units: %(customer)s",
            int(task.number) or 1,
        )
        return said % {**who, "units": quantity(task.number)}
    if task.kind == "hold":
        days = (now - task.since).days
        said = ngettext(
            "On hold for %(days)d day: %(customer)s",
            "On hold for %(days)d days: %(customer)s",
            days,
        )
        return said % {**who, "days": days}
    amounts = ", ".join(f"{money(amount, code)} {code}" for code, amount in task.amounts)
    if amounts:
        return _priced()[task.kind] % {**who, "amount": amounts}
    return _plain()[task.kind] % who


def _priced() -> dict[str, str]:
    return {
        "approve": _("Approve: %(customer)s, %(amount)s"),
        "refund": _("Approve %(amount)s: %(customer)s"),
        "pay": _("Pay %(amount)s: %(customer)s"),
    }


def _plain() -> dict[str, str]:
    return {
        "late": _("Follow up: %(customer)s"),
        "approve": _("Approve: %(customer)s"),
        "surprise": _("Decide unexpected goods: %(customer)s"),
        "inspect": _("Inspect: %(customer)s"),
        "receive": _("Receive the parcel: %(customer)s"),
    }
