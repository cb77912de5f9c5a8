"""One box finds anything: each app brings its sources, each limited, by rights and scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from rmaproject.access.actors import Actor
from rmaproject.shared.errors import NotPermitted
from rmaproject.web.lists import searched
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff

#: How many hits a source may give.
MOST: Final = 20


@dataclass(frozen=True)
class Hit:
    """Something found: where it is and how it shows.

    `names` are what it is called beside its title, as a scanner reads it: a tracking number, the
    customer's own number.
    """

    url: str
    title: str
    detail: str = ""
    axis: str = ""
    status: str = ""
    names: tuple[str, ...] = ()

    def is_called(self, text: str) -> bool:
        """Whether the text is just what this is called, in whatever case."""
        return text.casefold() in {name.casefold() for name in (self.title, *self.names)}


@dataclass(frozen=True)
class Source:
    """One kind of things to be found; `find` answers within the actor's rights and scope.

    It raises NotPermitted for who may see nothing of the kind.
    """

    label: str
    icon: str
    find: Callable[[Actor, str], list[Hit]]


SOURCES: Final[list[Source]] = []


@staff
def search(request: StaffRequest) -> HttpResponse:
    """What fits the typed text; the only thing of exactly that name is opened at once."""
    query = searched(request)
    groups = [_group(source, request.actor, query) for source in SOURCES] if query else []
    hits = [hit for group in groups for hit in group["hits"]]
    exact = {hit.url for hit in hits if hit.url and hit.is_called(query)}
    if len(exact) == 1:
        return redirect(exact.pop())
    shown = [group for group in groups if group["hits"]]
    return page(request, "search.html", {"query": query, "groups": shown})


#: How many hits of a kind the palette shows.
FEW: Final = 5


@never_cache
@staff
def palette(request: StaffRequest) -> HttpResponse:
    """What fits the typed text, as options of the palette's list."""
    query = searched(request)
    found = [_group(source, request.actor, query) for source in SOURCES] if query else []
    groups = [{**group, "hits": group["hits"][:FEW]} for group in found if group["hits"]]
    return render(request, "palette.html", {"groups": groups})


def _group(source: Source, actor: Actor, query: str) -> dict[str, Any]:
    try:
        hits = source.find(actor, query)
    except NotPermitted:
        hits = []
    return {"label": source.label, "icon": source.icon, "hits": hits[:MOST]}
