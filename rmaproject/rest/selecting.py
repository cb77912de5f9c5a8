"""`fields=` and `omit=`: only what the caller names of an answer, to the level below the top."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from rest_framework import serializers

from rmaproject.shared.errors import InputErrors

#: The fields of a record by name, each with the fields below it (none for plain values).
Names = Mapping[str, frozenset[str]]


@lru_cache
def names_of(output: type[serializers.Serializer[Any]]) -> Names:
    """The fields that a record has by its description in the schema."""
    return {name: frozenset(_below(known)) for name, known in output().get_fields().items()}


def _below(known: Any) -> Iterable[str]:
    inner = getattr(known, "child", known)
    return inner.get_fields() if isinstance(inner, serializers.Serializer) else ()


@dataclass
class Choice:
    """What of each record is shown: nothing named means everything."""

    wanted: dict[str, set[str]] = field(default_factory=dict)
    unwanted: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, fields: str | None, omit: str | None, names: Names) -> Choice:
        """Raises InputErrors `invalid_parameter` for a name that the record does not have."""
        return cls(_paths("fields", fields, names), _paths("omit", omit, names))

    def applied(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows with what was chosen of them."""
        if self.wanted:
            rows = [_only(row, self.wanted) for row in rows]
        if self.unwanted:
            rows = [_without(row, self.unwanted) for row in rows]
        return rows


def listed(given: str | None) -> list[str]:
    """The words of a parameter that are parted by commas."""
    return [] if given is None else given.split(",")


def words_pattern(words: Iterable[str]) -> dict[str, str]:
    """Some of these words, parted by commas, in the terms of JSON Schema."""
    one = f"({'|'.join(map(re.escape, sorted(words)))})"
    return {"type": "string", "pattern": f"^{one}(,{one})*$"}


def paths_of(names: Names) -> list[str]:
    """The fields of a record and those below them, as `fields` and `omit` name them."""
    return [*names, *(f"{top}.{name}" for top, below in names.items() for name in below)]


def refuse_names(parameter: str, unknown: Iterable[str], known: Iterable[str]) -> InputErrors:
    """The refusal of names that a parameter does not know, with those that it knows."""
    offered = ", ".join(sorted(known)) or "nothing"
    return InputErrors(
        [
            {
                "pointer": parameter,
                "code": "invalid_parameter",
                "detail": f"There is no {name!r} here; there is {offered}.",
            }
            for name in unknown
        ]
    )


def _paths(parameter: str, given: str | None, names: Names) -> dict[str, set[str]]:
    """Top names with the names below them; an empty set stands for the whole field."""
    found: dict[str, set[str]] = {}
    for path in listed(given):
        top, _, below = path.partition(".")
        if top not in names or (below and below not in names[top]):
            below_top = {f"{top}.{name}" for name in names.get(top, ())}
            raise refuse_names(parameter, [path], below_top or names)
        whole = top in found and not found[top]
        if not below or whole:
            found[top] = set()
        else:
            found.setdefault(top, set()).add(below)
    return found


def _only(row: dict[str, Any], wanted: dict[str, set[str]]) -> dict[str, Any]:
    return {
        name: _each(value, wanted[name], _kept) if wanted[name] else value
        for name, value in row.items()
        if name in wanted
    }


def _without(row: dict[str, Any], unwanted: dict[str, set[str]]) -> dict[str, Any]:
    return {
        name: _each(value, unwanted[name], _left) if name in unwanted else value
        for name, value in row.items()
        if name not in unwanted or unwanted[name]
    }


def _each(value: Any, names: set[str], choose: Any) -> Any:
    if isinstance(value, list):
        return [choose(item, names) for item in value]
    return choose(value, names)


def _kept(value: Any, names: set[str]) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: inner for name, inner in value.items() if name in names}


def _left(value: Any, names: set[str]) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: inner for name, inner in value.items() if name not in names}
