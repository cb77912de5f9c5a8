"""A list in one declaration: page, counts, saved views, bulk steps and export all read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.urls import reverse

from rmaproject.access.actors import Actor
from rmaproject.web.lists.asking import Asking, searched
from rmaproject.web.lists.filters import Filters
from rmaproject.web.lists.paging import Sort

Found = Any  # a QuerySet of the list's model
Row = dict[str, Any]

#: Parameters of a list that are no filters.
OWN: Final = frozenset({"q", "sort", "cols", "of", "view", "after", "before", "find"})


@dataclass(frozen=True)
class Column:
    """One column: `key` names its value in a row as it is shown, `kind` how it looks.

    `sort` is the model's column to sort by, "" for none; `right` what somebody needs to see it.
    Columns that are not `usual` are shown to who asks for them; `fixed` ones always. `if_several`
    leaves the column out while all rows say the same, until somebody asks for it.
    """

    key: str
    label: Any  # translated when it is shown
    kind: str = "text"
    sort: str = ""
    right: str = ""
    usual: bool = True
    fixed: bool = False
    if_several: bool = False
    axis: str = ""
    css: str = ""
    titled: bool = False  # the value is labelled where rows are folded into records

    @property
    def is_amount(self) -> bool:
        return self.kind == "amount"


def page_of_only(found: Found, page: str) -> str:
    """The address of the one record that is found, for `exact`; "" for none and for several."""
    same = list(found[:2])
    return reverse(page, args=[same[0].uuid]) if len(same) == 1 else ""


@dataclass(frozen=True)
class Tab:
    """A queue of a list: its rows, and the right that it needs beside that for the list."""

    key: str
    label: Any  # translated when it is shown
    narrow: Callable[[Found, datetime], Found]
    right: str = ""
    counted: bool = True
    usual: bool = True  # the others get their tab when a link leads there


@dataclass(frozen=True)
class Listing:
    """One list. `visible` gives the rows in sight, `narrow` applies search and filters,

    `present` makes rows for the page out of model rows with a fixed number of queries, and may
    leave out what no column of `wanted` needs. `exact` is the address of the one record that is
    called just so, "" for none or several.
    """

    key: str
    title: Any
    path: Callable[[], str]
    placeholder: Any
    columns: tuple[Column, ...]
    visible: Callable[[Actor], Found]
    narrow: Callable[[Filters, Actor, Found], Found]
    present: Callable[[Actor, Sequence[Any], frozenset[str]], list[Row]]
    loaded: Callable[[Found], Found] = lambda rows: rows
    exact: Callable[[Actor, str], str] = lambda actor, text: ""
    tabs: tuple[Tab, ...] = ()
    tab_name: str = "queue"
    leading: Callable[[Actor], list[Row]] = lambda actor: []  # tabs that lead to other pages
    sort: str = ""
    sorts: dict[str, str] = field(default_factory=dict)
    icon: str = "search"
    none_yet: Any = ""
    none_fits: Any = ""
    next_step: Any = ""
    context_name: str = "rows"

    def columns_for(self, actor: Actor) -> list[Column]:
        """The columns that this actor may choose from."""
        return [row for row in self.columns if not row.right or actor.may(row.right)]

    def tabs_for(self, actor: Actor) -> list[Tab]:
        """The queues that this actor may look at."""
        return [tab for tab in self.tabs if not tab.right or actor.may(tab.right)]

    def tab_of(self, asking: Asking, actor: Actor) -> Tab | None:
        """The queue that the address names, else the first one; None for lists without any."""
        offered = self.tabs_for(actor)
        named = searched(asking, self.tab_name)
        return next((tab for tab in offered if tab.key == named), offered[0] if offered else None)

    def sort_of(self, asking: Asking, actor: Actor) -> Sort:
        """The order that the address asks for; the list's own for one that it does not know."""
        for name in (searched(asking, "sort"), self.sort):
            column = self._sorts(actor).get(name.removeprefix("-"))
            if column:
                return Sort(name, column, name.startswith("-"))
        return Sort()

    def _sorts(self, actor: Actor) -> dict[str, str]:
        by_column = {row.key: row.sort for row in self.columns_for(actor) if row.sort}
        return {**self.sorts, **by_column}
