"""Checks that every audit chain is whole: no byte changed, no entry missing, none swapped."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps

from rmaproject.audit.models import Aggregate, AuditEntry
from rmaproject.audit.trail import hash_of
from rmaproject.shared.verification import CHUNK, Broken, Check, sql_check

_HEADS = """
    SELECT '{label} ' || r.uuid || ' head',
           'version ' || r.version || ' ' || left(r.audit_head, 12),
           'version ' || last.n || ' ' || left(last.hash, 12)
    FROM {table} r LEFT JOIN LATERAL (
        SELECT n, hash FROM audit_auditentry e
        WHERE e.aggregate_id = r.uuid ORDER BY n DESC LIMIT 1) last ON true
    WHERE last.n IS DISTINCT FROM r.version OR last.hash IS DISTINCT FROM r.audit_head
    UNION ALL
    SELECT '{label} ' || e.aggregate_id, 'gone', 'there, as its audit trail is'
    FROM audit_auditentry e
    WHERE e.aggregate = '{label}' AND e.n = 1
      AND NOT EXISTS (SELECT 1 FROM {table} r WHERE r.uuid = e.aggregate_id)
"""


def checks() -> list[Check]:
    """The chains themselves, then what each kind of aggregate says of its own chain."""
    return [Check("audit chains", "audit_auditentry", broken_entries), *map(_heads, _roots())]


def _roots() -> list[type[Aggregate]]:
    return [model for model in apps.get_models() if issubclass(model, Aggregate)]


def _heads(model: type[Aggregate]) -> Check:
    table, label = model._meta.db_table, model._meta.label_lower
    query = _HEADS.format(table=table, label=label)
    return sql_check(f"audit heads of {label}", table, query)


def broken_entries() -> Iterator[Broken]:
    """Entries whose hash, number or link to the entry before is not what it must be."""
    entries = AuditEntry.objects.order_by("aggregate_id", "n").iterator(chunk_size=CHUNK)
    before: AuditEntry | None = None
    for entry in entries:
        if before is not None and before.aggregate_id != entry.aggregate_id:
            before = None
        yield from _flaws(entry, before)
        before = entry


def _flaws(entry: AuditEntry, before: AuditEntry | None) -> Iterator[Broken]:
    name = f"{entry.aggregate} {entry.aggregate_id} entry {entry.n}"
    number, link = (before.n + 1, before.hash) if before else (1, "")
    if entry.n != number:
        yield Broken(f"{name} number", str(entry.n), str(number))
    if entry.previous != link:
        yield Broken(f"{name} link", entry.previous[:12] or "nothing", link[:12] or "nothing")
    expected = hash_of(entry)
    if entry.hash != expected:
        yield Broken(f"{name} hash", entry.hash[:12], expected[:12])
