"""How somebody looks at a list right now: address, saved view and own choices taken together.

Pages, steps on many rows, exports and the REST lists all ask here, so they mean the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.shared import clock
from rmaproject.views.models import ListPreference, SavedView
from rmaproject.views.selectors import access_view, preference_of, visible_views
from rmaproject.web.lists import Asked, Asking, Column, Filters, Listing, Sort, Tab
from rmaproject.web.lists.declared import OWN

#: What says where somebody is, and is no part of what a view keeps.
PASSING: Final = ("of", "view", "after", "before", "find")
#: What a view keeps beside its filters.
APART: Final = ("cols", "sort")


@dataclass
class Look:
    """A list as one person looks at it. `asked` holds all of its state, views unfolded."""

    listing: Listing
    actor: Actor
    asked: Asked
    view: SavedView | None = None
    preference: ListPreference | None = None
    lenient: bool = False
    notes: list[str] = field(default_factory=list)

    @cached_property
    def filters(self) -> Filters:
        """The panel; filled in when `narrowed` is asked for."""
        names = (self.listing.tab_name, "sort", "cols", "of")
        placeholder = str(self.listing.placeholder)
        return Filters(self.asked, placeholder=placeholder, hidden=names, lenient=self.lenient)

    @cached_property
    def narrowed(self) -> Any:
        """The rows in sight that fit search and filters, of all queues.

        Raises NotPermitted, and Malformed `invalid_filter` for an address that cannot be read.
        """
        rows = self.listing.visible(self.actor)
        return self.listing.narrow(self.filters, self.actor, rows)

    @cached_property
    def tab(self) -> Tab | None:
        return self.listing.tab_of(self.asked, self.actor)

    @property
    def found(self) -> Any:
        """The rows of the list, in no order yet."""
        return self.tab.narrow(self.narrowed, clock.now()) if self.tab else self.narrowed

    @cached_property
    def sort(self) -> Sort:
        return self.listing.sort_of(self.asked, self.actor)

    @cached_property
    def chosen_keys(self) -> list[str]:
        """The columns that somebody chose, by the address or once for all; [] for the usual."""
        named = [key for key in searched_long(self.asked, "cols").split(",") if key]
        return named or (list(self.preference.columns) if self.preference else [])

    @cached_property
    def columns(self) -> list[Column]:
        """The columns to show, in their order; those that are gone are left out."""
        offered = {row.key: row for row in self.listing.columns_for(self.actor)}
        fixed = [row for row in offered.values() if row.fixed]
        if not self.chosen_keys:
            return [row for row in offered.values() if row.usual or row.fixed]
        chosen = [offered[key] for key in dict.fromkeys(self.chosen_keys) if key in offered]
        if not chosen:
            return [row for row in offered.values() if row.usual or row.fixed]
        return [*fixed, *(row for row in chosen if not row.fixed)]

    @property
    def state(self) -> str:
        """All that makes these rows, this order and these columns, as one text to compare."""
        return canonical(self.asked.GET)

    @property
    def filter_query(self) -> str:
        """The part of it that a view keeps as its query."""
        return canonical(self.asked.GET, without=APART)

    def left_out(self) -> list[str]:
        """Sentences about what a kept view asks for and is not there any more."""
        if not self.lenient:
            return []
        gone = [key for key in self.chosen_keys if key not in {c.key for c in self.listing.columns}]
        known = self.filters.known | OWN | {self.listing.tab_name}
        unknown = [name for name in self.asked.GET if name not in known]
        words = [*self.filters.left_out, *unknown, *gone]
        if not words:
            return []
        told = _("This view asks for what is not there any more and was left out: %(names)s.")
        return [told % {"names": ", ".join(dict.fromkeys(map(str, words)))}]


def searched_long(asking: Asking, name: str) -> str:
    """A longer text of the address."""
    return asking.GET.get(name, "").replace("\x00", "")[:1000]


def canonical(query: QueryDict, *, without: tuple[str, ...] = ()) -> str:
    """A query in one spelling, without what says where in the list somebody is."""
    kept = QueryDict(mutable=True)
    for name in sorted(query):
        value = query.get(name, "").replace("\x00", "")
        if value and name not in PASSING and name not in without:
            kept[name] = value
    return kept.urlencode()


def look(listing: Listing, actor: Actor, given: QueryDict, path: str = "") -> Look:
    """What an address asks for. Raises NotFound for a view that the actor may not open."""
    preference = preference_of(actor, listing.key)
    view = None
    if slug := given.get("view"):
        view = access_view(actor, listing.key, slug)
    elif slug := given.get("of"):  # a view that is gone since leaves its filters in the address
        view = visible_views(actor, listing.key).filter(slug=slug[:60]).first()
    elif not given and preference is not None and preference.view is not None:
        view = preference.view if may_open(actor, preference.view) else None
    folded = view is not None and ("view" in given or "of" not in given)
    query = unfolded(view, given) if view is not None and folded else given.copy()
    if view is None:
        query.pop("of", None)
    asked = Asked(query, path)
    return Look(listing, actor, asked, view, preference, lenient=view is not None)


def may_open(actor: Actor, view: SavedView) -> bool:
    return view.shared or view.owner_id == actor.user_id


def unfolded(view: SavedView, given: QueryDict) -> QueryDict:
    """The query of a view as an address of its own; what was given beside it goes before."""
    query = QueryDict(view.query, mutable=True)
    query["sort"], query["cols"], query["of"] = view.sort, ",".join(view.columns), view.slug
    for name in given:
        if name != "view":
            query[name] = given.get(name, "")
    return query


def kept_look(listing: Listing, actor: Actor, query: str, path: str = "") -> Look:
    """A query that was kept by a form or a job; what it cannot read any more is left out."""
    given = QueryDict(query[:4000], mutable=True)
    for name in PASSING:
        given.pop(name, None)
    preference = preference_of(actor, listing.key)
    return Look(listing, actor, Asked(given, path), preference=preference)


def narrowed_by_view(listing: Listing, actor: Actor, rows: Any, slug: str) -> Any:
    """Narrow rows that a caller sees anyway by a saved view. Raises NotFound."""
    view = access_view(actor, listing.key, slug)
    asked = Asked(unfolded(view, QueryDict()))
    seen = Look(listing, actor, asked, view, lenient=True)
    return rows.filter(pk__in=seen.found.order_by().values("pk"))
