"""The kinds of records that other systems are told of. The apps register theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import QuerySet

from rmaproject.access.actors import Actor


def _nothing(row: Any) -> dict[str, Any]:
    return {}


def _as_done(row: Any, verb: str, written: dict[str, Any]) -> str:
    return verb


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Kind:
    """What is told of one kind of record, and to whom.

    `seen` gives the rows in an actor's sight, also those deleted since: that they are gone must
    reach who knew them. `tell` adds to the id and version; never names, addresses or accounts.
    `told_as` may name what became of the record instead of how (`written` are the fields that
    changed, all of them for a new record). `example` is what `tell` may give, for the documents.
    """

    name: str
    permission: str
    verbs: Sequence[str]
    seen: Callable[[Actor], QuerySet[Any, Any]]
    tell: Callable[[Any], dict[str, Any]] = _nothing
    told_as: Callable[[Any, str, dict[str, Any]], str] = _as_done
    open: Callable[[], bool] = _always
    example: dict[str, Any] = field(default_factory=dict)

    @property
    def types(self) -> list[str]:
        """Every type of event of this kind."""
        return [f"{self.name}.{verb}" for verb in self.verbs]


#: By the label of the model; what is not in here is not told.
KINDS: Final[dict[str, Kind]] = {}


def register(label: str, kind: Kind) -> None:
    """Tell other systems of every change of this model, given as `app.model` in lower case."""
    KINDS[label] = kind


def all_types() -> list[str]:
    """Every type of event, in the order of their kinds."""
    return [name for kind in KINDS.values() for name in kind.types]


def matches(pattern: str, type_: str) -> bool:
    """Whether a type is meant by a type, by its kind (`return.*`), or by `*`."""
    return pattern in ("*", type_) or pattern == f"{type_.partition('.')[0]}.*"


def known_patterns() -> list[str]:
    """What a list of types may hold: every type, every kind as `kind.*`, and `*`."""
    return ["*", *(f"{kind.name}.*" for kind in KINDS.values()), *all_types()]
