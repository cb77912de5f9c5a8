"""A step on many rows is planned: which rows, as they were seen, and which are left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.jobs.models import Job, JobRow, RowState
from rmaproject.jobs.services import plan
from rmaproject.shared.errors import RuleViolation
from rmaproject.views.looking import Look
from rmaproject.views.registry import BulkStep

#: So many rows one step may take; more are found by nobody in a preview.
MOST: Final = 20_000
AT_ONCE: Final = 500
LABEL: Final = 200


def plan_step(
    seen: Look, step: BulkStep, picked: Sequence[UUID], *, actor: Actor, whole: bool, back: str
) -> Job:
    """Write down the picked rows, or all that match, with what the services would say to each.

    Raises NotPermitted; RuleViolation `nothing_picked`, `too_many_rows`.
    """
    actor.require(step.right)
    listing = seen.listing
    rows = seen.found if whole else listing.visible(actor).filter(uuid__in=picked)
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    if not keys:
        raise RuleViolation(_("Choose at least one row."), code="nothing_picked")
    if len(keys) > MOST:
        message = _("At most %(most)d rows are changed at once. Narrow the list first.")
        raise RuleViolation(message % {"most": MOST}, code="too_many_rows", most=MOST)
    made = [row for some in _in_pieces(keys) for row in _planned(seen, step, actor, some)]
    return plan(step.kind, made, actor=actor, back=back)


def _in_pieces(keys: list[int]) -> list[list[int]]:
    return [keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE)]


def _planned(seen: Look, step: BulkStep, actor: Actor, keys: list[int]) -> list[JobRow]:
    found: Any = seen.listing.visible(actor).filter(pk__in=keys)
    rows = list(step.loaded(found).order_by("pk"))
    blocked = step.blocked(actor, rows)
    return [_row(row, blocked.get(row.pk, "")) for row in rows]


def _row(row: Any, why_not: str) -> JobRow:
    made = JobRow(record=row.uuid, label=str(row)[:LABEL], version=row.version)
    if why_not:
        made.state, made.code, made.message = RowState.SKIPPED, "not_possible", why_not
    return made
