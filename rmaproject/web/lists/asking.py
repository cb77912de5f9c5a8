"""What is asked of a list: the parameters of its address, from a request or kept from before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from django.http import QueryDict

#: Where in the list somebody is; any other change starts at its top again.
CURSORS: Final = ("after", "before", "find")


class Asking(Protocol):
    """The address of a list: a request has one, and so has a kept query."""

    @property
    def GET(self) -> QueryDict: ...  # noqa: N802 (as Django calls it)

    @property
    def path(self) -> str: ...


@dataclass(frozen=True)
class Asked:
    """A query that stands for itself: of a saved view, of a job, of a form."""

    GET: QueryDict
    path: str = ""


def searched(asking: Asking, name: str = "q") -> str:
    """A text of the address that the database can look for."""
    return asking.GET.get(name, "").replace("\x00", "").strip()[:100]


def link(asking: Asking, **changes: object) -> str:
    """This page's address with some parameters changed; empty ones and the page are left out."""
    query = asking.GET.copy()
    for name in CURSORS:
        query.pop(name, None)
    for name, value in changes.items():
        query[name] = str(value)
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return f"{asking.path}?{query.urlencode()}" if query else asking.path
