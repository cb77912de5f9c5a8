"""What apps bring to notices: how records are shown, which events tell whom, what is looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from rmaproject.access.actors import Actor
from rmaproject.events.models import Event


@dataclass(frozen=True)
class Shown:
    """A record as a notice names it, for who may see it now."""

    title: str
    url: str


@dataclass(frozen=True)
class Draft:
    """Something to tell somebody. `key` is the same whenever the same event is looked at again."""

    user_id: int
    kind: str
    record_kind: str
    record: UUID
    key: str
    data: dict[str, Any] = field(default_factory=dict)


#: By the kind of record: those of the ids that an actor may see now, in few queries.
RECORDS: Final[dict[str, Callable[[Actor, Iterable[UUID]], Mapping[UUID, Shown]]]] = {}
#: By the kind of events: whom an event tells of what.
HEARERS: Final[dict[str, Callable[[Event], Iterable[Draft]]]] = {}
#: Looked at now and then: what is so at a moment without any event, such as being overdue.
SWEEPS: Final[list[Callable[[datetime], Iterable[Draft]]]] = []
