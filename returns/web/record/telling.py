"""The history of a return on its page: a piece of it, and the ways to see another piece."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from returns.models import Reason
from returns.web.record.history import DOORS, person, places_named, timeline
from returns.web.record.loading import Dossier, HistoryWish, voices
from rmaproject.web.staff import StaffRequest

Row = dict[str, Any]


def history_context(request: StaffRequest, papers: Dossier, wish: HistoryWish) -> Row:
    """What `returns/_history.html` shows; a constant number of queries."""
    reasons = {str(row.uuid): row.name for row in Reason.objects.all()}
    here = reverse("returns:detail", args=[papers.order.uuid])
    heard = voices(papers.order)
    may_note = request.actor.may("returns.comment_return")
    return {
        "note_url": reverse("returns:note", args=[papers.order.uuid]) if may_note else "",
        "entries": timeline(papers, reasons | places_named(papers.entries)),
        "history": {
            "url": here,
            "ways": _ways(here, wish),
            "show": wish.show,
            "people": _people(heard, wish),
            "doors": _doors(heard, wish),
            "narrowed": bool(wish.show or wish.by or wish.door or wish.older),
            "older_url": _address(here, wish, older=papers.older) if papers.older else "",
        },
    }


def _ways(here: str, wish: HistoryWish) -> list[Row]:
    offered = (("", _("All")), ("notes", _("Notes")), ("changes", _("Changes")))
    return [
        {"label": label, "url": _address(here, wish, show=show), "current": wish.show == show}
        for show, label in offered
    ]


def _address(here: str, wish: HistoryWish, **changes: Any) -> str:
    asked = {"show": wish.show, "by": wish.by, "door": wish.door, **changes}
    named = {"show": asked.pop("show"), **{name: value for name, value in asked.items() if value}}
    return f"{here}?{urlencode(named)}"


def _people(heard: list[Any], wish: HistoryWish) -> list[Row]:
    found = {
        str(entry.actor_id or "none"): person(entry.actor) or _("The program") for entry in heard
    }
    return [{"value": key, "label": name, "chosen": key == wish.by} for key, name in found.items()]


def _doors(heard: list[Any], wish: HistoryWish) -> list[Row]:
    found = {entry.door: str(DOORS.get(entry.door, entry.door)) for entry in heard}
    return [
        {"value": key, "label": label or _("by the program"), "chosen": key == wish.door}
        for key, label in found.items()
    ]
