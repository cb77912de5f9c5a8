"""The lists of the desk by their key, each with the steps on many rows; apps add theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.shared.errors import NotFound
from rmaproject.web.lists import Listing


@dataclass(frozen=True)
class BulkStep:
    """A step on many rows of a list, done as a job of the kind `kind`.

    `blocked` says for model rows why the services would refuse, by their key; `form` asks for what
    the step needs, and gives it by `values()`. `typed` steps cannot be taken back: their name is
    typed before they start.
    """

    key: str
    label: Any  # translated when it is shown
    icon: str
    kind: str
    right: str
    question: Any  # counted as well
    blocked: Callable[[Actor, Sequence[Any]], dict[int, str]]
    loaded: Callable[[Any], Any] = lambda rows: rows
    form: type[forms.Form] | None = None
    typed: str = ""


@dataclass(frozen=True)
class Registered:
    """A list with its steps; `page_url` opens a page with the chosen rows instead (slips)."""

    listing: Listing
    steps: tuple[BulkStep, ...] = ()
    pages: tuple[tuple[str, Any, str, str], ...] = field(default=())  # key, label, icon, url name

    def steps_for(self, actor: Actor) -> list[BulkStep]:
        """The steps that this actor holds the right for."""
        return [step for step in self.steps if actor.may(step.right)]


LISTS: Final[dict[str, Registered]] = {}


def add_list(
    listing: Listing,
    steps: tuple[BulkStep, ...] = (),
    pages: tuple[tuple[str, Any, str, str], ...] = (),
) -> None:
    """Let a list have saved views, columns, export, and these steps."""
    LISTS[listing.key] = Registered(listing, steps, pages)


def registered(key: str) -> Registered:
    """A list by its key. Raises NotFound."""
    if key not in LISTS:
        raise NotFound(_("There is no such list."), code="not_found")
    return LISTS[key]
