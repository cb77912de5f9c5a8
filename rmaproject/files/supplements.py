"""What other systems' clients keep with our records: read for many, written with a trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.audit.models import Addressable, Aggregate
from rmaproject.files.models import Supplement
from rmaproject.shared.canonical import canonical
from rmaproject.shared.db import command
from rmaproject.shared.errors import Malformed, RuleViolation

#: How long the text of all that is kept with one record may be.
MOST: Final = 65_536


@dataclass(frozen=True)
class Kept:
    """What is kept with one record; nothing, where nobody kept anything."""

    values: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)


NOTHING: Final = Kept()


def kept_with(rows: Iterable[Addressable], *, system: str) -> dict[UUID, Kept]:
    """What is kept with these records, by their ids; one query."""
    keys = [row.uuid for row in rows]
    found = Supplement.objects.filter(owner_id__in=keys, system=system)
    return {row.owner_id: Kept(row.content, row.metadata) for row in found}


@command
def keep_with(
    root: Aggregate,
    row: Addressable,
    *,
    system: str,
    actor: Actor,
    values: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
    anew: bool = False,
) -> Kept:
    """Keep values or metadata with a record of an aggregate, beside what is kept, or `anew`.

    The trail of the aggregate tells which were written, never what they say; what is the same as
    before is no change. Raises RuleViolation `too_much_kept`, Malformed `invalid`.
    """
    rows = type(root)._default_manager.filter(pk=root.pk)
    locked = rows.select_for_update(of=("self",)).get()
    known = Supplement.objects.filter(owner_id=row.uuid, system=system).first()
    made = known or Supplement(owner=row._meta.label_lower, owner_id=row.uuid, system=system)
    before = Kept(made.content, made.metadata)
    after = Kept(_joined(before.values, values, False), _joined(before.metadata, metadata, anew))
    if after == before:
        return before
    _require_fitting(after)
    made.content, made.metadata = after.values, after.metadata
    made.save()
    told = sorted({*(values or {}), *(["metadata"] if metadata is not None else [])})
    trail.change(locked, "supplement", actor=actor, system=system, about=row.uuid, private=told)
    return after


def _joined(old: dict[str, Any], new: Mapping[str, Any] | None, anew: bool) -> dict[str, Any]:
    if new is None:
        return old
    return dict(new) if anew else {**old, **new}


def _require_fitting(kept: Kept) -> None:
    text = canonical([kept.values, kept.metadata])
    if "\\u0000" in text:
        raise Malformed(_("A text holds a NUL character."), code="invalid")
    if len(text.encode()) > MOST:
        message = _("At most %(most)s bytes are kept with one record.") % {"most": MOST}
        raise RuleViolation(message, code="too_much_kept", most=MOST)
