"""Who else is here: asked every few seconds by record pages that somebody looks at."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy, ngettext

from rmaproject.presence.models import Presence
from rmaproject.presence.selectors import others_at
from rmaproject.presence.services import come
from rmaproject.web.records import is_in_sight
from rmaproject.web.staff import StaffRequest, staff

DOING = {
    "view": gettext_lazy("%(who)s is here too"),
    "edit": gettext_lazy("%(who)s is editing this"),
    "receive": gettext_lazy("%(who)s is receiving this"),
    "inspect": gettext_lazy("%(who)s is inspecting this"),
    "credit": gettext_lazy("%(who)s is crediting this"),
    "decide": gettext_lazy("%(who)s is deciding this"),
}


@staff
def presence(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """One quiet line about the others; a POST also says what the caller is doing here.

    At a record that is not in sight nobody is.
    """
    if not is_in_sight(request.actor, uuid):
        return HttpResponse()
    if request.method == "POST":
        come(request.actor, uuid, request.POST.get("doing", ""))
    others = others_at(request.actor, uuid)
    context = {"people": [_name(row) for row in others], "line": _line(others)}
    return render(request, "presence/_people.html", context)


def _line(others: list[Presence]) -> str:
    if not others:
        return ""
    busy = [row for row in others if row.doing != Presence.VIEW] or others
    first = str(DOING[busy[0].doing]) % {"who": _name(busy[0])}
    if len(others) == 1:
        return first
    more = len(others) - 1
    words = ngettext("%(first)s, %(n)d more is here", "%(first)s, %(n)d more are here", more)
    return words % {"first": first, "n": more}


def _name(row: Presence) -> str:
    return row.user.first_name or row.user.get_full_name() or row.user.get_username()
