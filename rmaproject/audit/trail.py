"""The one way to write an aggregate: its fields, version, audit entry and event in one go.

Entry n carries the hash of entry n-1, and n is the aggregate's version; so a changed byte, a
missing row or a swapped pair shows (`manage.py verify`). Facts hold ids and figures, never the
personal values themselves.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext

from rmaproject.access.actors import Actor
from rmaproject.audit.models import Aggregate, AuditEntry
from rmaproject.events import outbox
from rmaproject.events.outbox import Told
from rmaproject.shared import clock, requestid
from rmaproject.shared.canonical import canonical, digest
from rmaproject.shared.errors import Conflict, Malformed


def create(root: Aggregate, *, actor: Actor, verb: str = "create", **facts: Any) -> None:
    """Insert a new aggregate as version 1 together with the first entry of its trail."""
    create_all([(root, facts)], actor=actor, verb=verb)


def create_all(
    rows: Sequence[tuple[Aggregate, dict[str, Any]]], *, actor: Actor, verb: str = "create"
) -> None:
    """Insert many new aggregates of one model, each with its first entry, in two statements."""
    if not rows:
        return
    entries = [_entry(root, 1, verb, actor, facts) for root, facts in rows]
    for (root, _), entry in zip(rows, entries, strict=True):
        root.version, root.audit_head = 1, entry.hash
        root.created_at = root.updated_at = entry.at
    roots = [root for root, _ in rows]
    type(roots[0])._default_manager.bulk_create(roots)
    AuditEntry.objects.bulk_create(entries)
    outbox.tell(map(_told_of, roots, entries), actor=actor)


def change(
    root: Aggregate,
    verb: str,
    *,
    actor: Actor,
    fields: dict[str, Any] | None = None,
    **facts: Any,
) -> None:
    """Write fields of a locked aggregate, raise its version and append to its trail.

    `fields` are set on the instance too. Raises Conflict `concurrent_change` when the row moved
    on since it was read, which a caller who holds the lock never meets.
    """
    entry = _entry(root, root.version + 1, verb, actor, facts)
    written = {
        **(fields or {}),
        "version": entry.n,
        "audit_head": entry.hash,
        "updated_at": entry.at,
    }
    rows = type(root)._default_manager.filter(pk=root.pk, version=root.version)
    if not rows.update(**written):
        message = gettext("Somebody else changed the record at the same moment.")
        raise Conflict(message, code="concurrent_change")
    for name, value in written.items():
        setattr(root, name, value)
    AuditEntry.objects.bulk_create([entry])
    outbox.tell([Told(root, verb, written, entry.at)], actor=actor)


def require_editable(values: dict[str, Any], editable: set[str]) -> None:
    """Refuse to write fields that a service does not offer to change.

    Raises Malformed `unknown_field`.
    """
    unknown = sorted(set(values) - editable)
    if unknown:
        message = gettext("%(unknown)s cannot be changed here.") % {"unknown": ", ".join(unknown)}
        raise Malformed(message, code="unknown_field", fields=unknown)


def history(root: Aggregate) -> list[AuditEntry]:
    """The trail of an aggregate, oldest first, with the people in it."""
    entries = AuditEntry.objects.filter(aggregate_id=root.uuid).order_by("n")
    return list(entries.select_related("actor"))


def hash_of(entry: AuditEntry) -> str:
    """What the entry's hash must be, by its own content and the hash before it."""
    covered = {
        "aggregate": entry.aggregate,
        "aggregate_id": entry.aggregate_id,
        "n": entry.n,
        "verb": entry.verb,
        "actor": entry.actor_id,
        "door": entry.door,
        "request_id": entry.request_id,
        "at": entry.at,
        "facts": entry.facts,
        "previous": entry.previous,
    }
    return digest(covered)


def changed_fields(root: Model, values: dict[str, Any], *, private: set[str]) -> dict[str, Any]:
    """Before and after of what differs; of private fields only that they changed."""
    differing = [name for name, value in values.items() if getattr(root, name) != value]
    shown: dict[str, Any] = {
        name: [_plain(getattr(root, name)), _plain(values[name])]
        for name in differing
        if name not in private
    }
    hidden = sorted(set(differing) & private)
    return {**({"changed": shown} if shown else {}), **({"private": hidden} if hidden else {})}


def _told_of(root: Aggregate, entry: AuditEntry) -> Told:
    return Told(root, entry.verb, vars(root), entry.at)


def _plain(value: Any) -> Any:
    if isinstance(value, Aggregate):
        return str(value.uuid)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value if value is None or isinstance(value, bool | int) else str(value)


def _entry(root: Aggregate, n: int, verb: str, actor: Actor, facts: dict[str, Any]) -> AuditEntry:
    entry = AuditEntry(
        aggregate=root._meta.label_lower,
        aggregate_id=root.uuid,
        n=n,
        verb=verb,
        actor_id=actor.user_id,
        door=actor.door,
        request_id=requestid.current(),
        at=clock.now(),
        facts=json.loads(canonical(facts)),
        previous=root.audit_head if n > 1 else "",
    )
    entry.hash = hash_of(entry)
    return entry
