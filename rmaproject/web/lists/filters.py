"""The filter panel of a list: each field narrows the rows when the address gives it a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from rmaproject.shared.errors import Malformed, NotPermitted
from rmaproject.web.days import day_of
from rmaproject.web.lists.asking import Asking, link, searched

M = TypeVar("M", bound=Model)


@dataclass
class Filters:
    """The filter panel of a list, filled in step by step: each field narrows when it has a value.

    A value that cannot be read is refused. Where the query was kept from before (`lenient`), it is
    left out instead, and `left_out` says which.
    """

    request: Asking
    placeholder: str = ""
    fields: list[dict[str, Any]] = field(default_factory=list)
    chips: list[dict[str, Any]] = field(default_factory=list)
    hidden: tuple[str, ...] = ()
    lenient: bool = False
    left_out: list[str] = field(default_factory=list)

    def choice(self, name: str, label: str, options: Sequence[tuple[object, Any]]) -> str:
        """The chosen one of these values; "" for any. Raises Malformed for another value."""
        value = searched(self.request, name)
        known = {str(key): str(words) for key, words in options}
        if value and value not in known:
            self._leave_out(name, label)
            value = ""
        rows = [{"value": key, "label": words} for key, words in known.items()]
        self.fields.append({"name": name, "label": label, "value": value, "options": rows})
        if value:
            self._chip(name, label, known[value])
        return value

    def day(self, name: str, label: str) -> date | None:
        """The chosen day. Raises Malformed for what is no day."""
        value = searched(self.request, name)
        self.fields.append({"name": name, "label": label, "value": value, "type": "date"})
        if not value:
            return None
        try:
            chosen = day_of(value)
        except ValueError:
            self._leave_out(name, label)
            return None
        self._chip(name, label, value)
        return chosen

    def text(self, name: str, label: str) -> str:
        """A text to look for; "" for any."""
        value = searched(self.request, name)
        self.fields.append({"name": name, "label": label, "value": value})
        if value:
            self._chip(name, label, value)
        return value

    def record(self, name: str, label: str, rows: Callable[[], QuerySet[M, M]]) -> M | None:
        """The record that the address names by its UUID: set by links, shown as a chip.

        `rows` is asked only when one is named, so the list itself is open to those who lack the
        right for that kind of record. Raises Malformed, and what `rows` raises.
        """
        value = searched(self.request, name)
        if not value:
            return None
        try:
            found = rows().filter(uuid=UUID(value)).first()
        except ValueError:
            found = None
        except NotPermitted:
            if not self.lenient:
                raise
            found = None
        if found is None:
            self._leave_out(name, label)
            return None
        self.hidden = (*self.hidden, name)
        self._chip(name, label, str(found))
        return found

    def context(self) -> dict[str, Any]:
        """What the template of the panel needs."""
        kept = [(name, searched(self.request, name)) for name in self.hidden]
        return {
            "action": self.request.path,
            "q": searched(self.request),
            "placeholder": self.placeholder,
            "fields": self.fields,
            "chips": self.chips,
            "hidden": [{"name": name, "value": value} for name, value in kept if value],
            "clear_url": self.request.path,
        }

    @property
    def known(self) -> set[str]:
        """The names of all parameters that were looked at."""
        return {row["name"] for row in self.fields} | set(self.hidden)

    def _leave_out(self, name: str, label: str) -> None:
        if not self.lenient:
            raise _unreadable(label)
        self.left_out.append(label)
        for row in self.fields:
            if row["name"] == name:
                row["value"] = ""

    def _chip(self, name: str, label: str, value: str) -> None:
        remove = link(self.request, **{name: ""})
        self.chips.append({"name": name, "label": label, "value": value, "remove_url": remove})


def _unreadable(label: str) -> Malformed:
    message = _("The filter %(label)s has a value that is not known. Open the list again.")
    return Malformed(message % {"label": label}, code="invalid_filter")
