"""What there is to choose from, one row each: added, moved and taken out, also without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict

#: More rows are not shown; the service says how many choices there may be.
MOST: Final = 200


class RowsInput(forms.Widget):
    """Inputs of one name, one for each text; `settings/_choice_rows.html` draws them."""

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> list[str]:
        return data.getlist(name) if isinstance(data, QueryDict) else list(data.get(name, []))

    def format_value(self, value: Any) -> list[str]:
        return list(value or [])


class ChoiceRows(forms.Field):
    """Texts in their order, without empty ones."""

    widget = RowsInput

    def to_python(self, value: Any) -> list[str]:
        lines = (line.strip() for text in value or [] for line in text.splitlines())
        return [line for line in lines if line]


def rows_of(texts: list[str]) -> list[dict[str, Any]]:
    """The texts as rows to show; an empty one stands at the end, to write into."""
    shown = texts[:MOST] if texts and not texts[-1] else [*texts[:MOST], ""]
    last = max((place for place, text in enumerate(shown) if text), default=0)
    return [
        {"place": place, "text": text, "first": place == 0, "last": place >= last}
        for place, text in enumerate(shown)
    ]


def moved(texts: list[str], step: str) -> list[str]:
    """The texts after a button: `add`, `up-2`, `down-2` or `drop-2`; else as they were."""
    verb, _dash, told = step.partition("-")
    if verb == "add":
        return [*(text for text in texts if text), ""]
    if not (told.isascii() and told.isdigit() and int(told[:4]) < len(texts)):
        return texts
    place, rows = int(told[:4]), list(texts)
    other = place + {"up": -1, "down": 1}.get(verb, 0)
    if verb == "drop":
        rows.pop(place)
    elif 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    return rows
