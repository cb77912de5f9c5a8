"""What jobs can do: each app adds its kinds when it is loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.jobs.models import Job, JobRow
from rmaproject.shared.errors import Conflict, Malformed


class Stopped(Conflict):
    """Raised by a job done as a whole once its owner asked for a stop; it says what stays."""


@dataclass(frozen=True)
class Changed:
    """What a row's change left: the record's new version, and what it held before."""

    version: int
    before: dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind of job: `change` is done to each row, `whole` once for a job without rows.

    `undo` names the kind that takes a change back, given the row's `before` as its values.
    `said` is what was done to how many, as `ngettext_lazy` of `count`; `versions` those of the
    records that can be seen now.
    """

    key: str
    title: Any  # translated when it is shown
    said: Any  # translated and counted when it is shown
    change: Callable[[Job, JobRow, Actor], Changed] | None = None
    whole: Callable[[Job, Actor], None] | None = None
    versions: Callable[[Actor, Sequence[UUID]], dict[UUID, int]] = lambda actor, records: {}
    undo: str = ""

    def told(self, job: Job) -> str:
        """What the job has done, in words."""
        return str(self.said % {"count": job.done})

    def changing(self, job: Job, row: JobRow, actor: Actor) -> Changed:
        """One row changed. Raises Malformed `unknown_kind` for a kind that changes none."""
        if self.change is None:
            raise Malformed(_("%(key)s changes no rows.") % {"key": self.key}, code="unknown_kind")
        return self.change(job, row, actor)


KINDS: Final[dict[str, Kind]] = {}

#: Told of each job that the worker brought to its end.
ENDED: Final[list[Callable[[Job], None]]] = []


def add_kinds(*kinds: Kind) -> None:
    """Let jobs do these too."""
    KINDS.update({kind.key: kind for kind in kinds})


def kind_of(job: Job) -> Kind:
    return KINDS[job.kind]
