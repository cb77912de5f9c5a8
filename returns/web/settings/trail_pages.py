"""The audit page: who did what to records, people and roles, with filters and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from returns.web.settings.trail_words import (
    door_of,
    facts_of,
    kind_of,
    names_of,
    raw_of,
    verb_of,
)
from rmaproject.access.actors import SEE_ALL
from rmaproject.access.models import RightsEntry, User
from rmaproject.audit.models import AuditEntry
from rmaproject.web.csv_files import csv_lines
from rmaproject.web.lists import Filters, link, paged
from rmaproject.web.nav import address
from rmaproject.web.people_words import told_of
from rmaproject.web.sections import MANAGE, settings_page
from rmaproject.web.staff import StaffRequest, staff

MOST_EXPORTED: Final = 50_000
#: Kinds of records that have a page, with its address.
PAGES: Final = {
    "returns.returnorder": "returns:detail",
    "sales.salesorder": "sales:detail",
    "customers.company": "customers:detail",
    "returns.policyversion": "settings-policy",
    "sales.business": "settings-business",
    "returns.reason": "settings-reason",
    "returns.disposition": "settings-disposition",
    "returns.sheet": "settings-sheet",
    "stock.part": "stock:part",
}
WHAT: Final = {
    "records": gettext_lazy("Records"),
    "people": gettext_lazy("People and roles"),
}


@staff
def trail_page(request: StaffRequest) -> HttpResponse:
    """The latest entries that fit the filters; all of them as a file on demand."""
    request.actor.require(MANAGE)
    if not request.actor.scope.everything:
        request.actor.require(SEE_ALL)
    filters, rows = _filtered(request)
    if request.GET.get("format") == "csv":
        return _as_csv(rows)
    found = paged(request, rows)
    context = {
        "filters": filters.context(),
        "entries": _told(found.rows),
        "page": found.pager,
        "csv_url": link(request, format="csv"),
        "empty": {
            "icon": "search",
            "title": _("Nothing found"),
            "text": _("No entry fits these filters."),
        },
    }
    return settings_page(request, "trail", context)


def _filtered(request: StaffRequest) -> tuple[Filters, QuerySet[Any, Any]]:
    filters = Filters(request, placeholder=_("What was done, like approve"))
    what = filters.choice("what", _("What"), [(key, str(words)) for key, words in WHAT.items()])
    people = what == "people"
    rows: QuerySet[Any, Any] = RightsEntry.objects.all() if people else AuditEntry.objects.all()
    names = User.objects.order_by("username").values_list("pk", "username")
    who = filters.choice("who", _("Who"), [(str(key), name) for key, name in names])
    since, until = filters.day("since", _("From")), filters.day("until", _("Until"))
    rows = rows.filter(actor=int(who)) if who else rows
    rows = rows.filter(at__gte=_start(since)) if since else rows
    rows = rows.filter(at__lt=_start(until + timedelta(1))) if until else rows
    text = filters.context()["q"]
    rows = rows.filter(verb__icontains=text.replace(" ", "_")) if text else rows
    return filters, rows.select_related("actor").order_by("-pk")


def _start(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _told(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """The entries of a page in words, records by what they are called now."""
    names = names_of([row for row in rows if isinstance(row, AuditEntry)])
    return [_in_words(row, names) for row in rows]


def _in_words(row: AuditEntry | RightsEntry, names: dict[UUID, str]) -> dict[str, Any]:
    if isinstance(row, RightsEntry):
        return {**told_of(row), "door": door_of(row.door), "url": ""}
    name = PAGES.get(row.aggregate, "")
    there = row.aggregate_id in names and row.verb != "delete"
    known = row.facts.get("reference") or row.facts.get("code") or ""
    return {
        "at": row.at,
        "who": _who(row),
        "door": door_of(row.door),
        "verb": verb_of(row),
        "kind": kind_of(row),
        "subject": names.get(row.aggregate_id) or str(known),
        "url": address(name, row.aggregate_id) if name and there else "",
        "facts": facts_of(row),
        "raw": raw_of(row),
    }


def _entry(row: AuditEntry | RightsEntry) -> dict[str, Any]:
    """An entry for the file, which programs compare: its verb, its ids and its facts as kept."""
    if isinstance(row, RightsEntry):
        return {**told_of(row), "door": row.door}
    kind = row.aggregate.partition(".")[2]
    return {
        "at": row.at,
        "who": _who(row),
        "door": row.door,
        "verb": row.verb.replace("_", " "),
        "kind": kind,
        "subject": str(row.facts.get("reference") or row.facts.get("code") or row.aggregate_id),
        "facts": [
            {"label": key.replace("_", " "), "value": _shown(value)}
            for key, value in row.facts.items()
        ],
    }


def _who(row: AuditEntry) -> str:
    return (row.actor.get_full_name() or row.actor.get_username()) if row.actor else ""


def _shown(value: Any) -> str:
    """Facts are ids and figures; what changed reads as before and after."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_shown(one)}" for name, one in value.items())
    if isinstance(value, list):
        return " → ".join(_shown(one) for one in value)
    return "–" if value in (None, "") else str(value)


def _as_csv(rows: QuerySet[Any, Any]) -> HttpResponse:
    head = [_("When"), _("Who"), _("Door"), _("What"), _("Kind"), _("Record"), _("Facts")]
    response = HttpResponse(
        csv_lines(head, _lines(rows[:MOST_EXPORTED].iterator(chunk_size=1000))),
        content_type="text/csv; charset=utf-8",
    )
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


def _lines(rows: Iterable[Any]) -> Iterator[list[str]]:
    for row in rows:
        entry = _entry(row)
        facts = "; ".join(f"{fact['label']}: {fact['value']}" for fact in entry["facts"])
        what = [entry["verb"], entry["kind"], entry["subject"], facts]
        yield [row.at.isoformat(), entry["who"], entry["door"], *map(str, what)]
