"""An audit trail in plain words, for the timeline of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from rmaproject.audit.models import AuditEntry
from rmaproject.shared import money

#: What a verb is called and which sign it has; what a field is called.
Words = Mapping[str, tuple[str | Promise, str]]
Labels = Mapping[str, str | Promise]

_FIGURE = re.compile(r"-?\d+\.\d+")
_RECORD = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def timeline(
    entries: Iterable[AuditEntry],
    *,
    words: Words,
    labels: Labels,
) -> list[dict[str, Any]]:
    """The entries for `_timeline.html`, newest first.

    `words` gives each verb its sentence and its sign, `labels` each field its name.
    """
    return [_entry(entry, words, labels) for entry in reversed(list(entries))]


def _entry(entry: AuditEntry, words: Words, labels: Labels) -> dict[str, Any]:
    text, kind = words.get(entry.verb, (entry.verb.replace("_", " "), "edit"))
    return {
        "at": entry.at,
        "who": entry.actor.get_full_name() or entry.actor.username if entry.actor else "",
        "text": text if entry.actor else _("The program %(did)s") % {"did": text},
        "kind": kind,
        "details": [*_changes(entry.facts, labels), *_reason(entry.facts)],
    }


def _changes(facts: dict[str, Any], labels: Labels) -> list[dict[str, Any]]:
    changed = [_change(name, old, new, labels) for name, (old, new) in _pairs(facts)]
    return [*changed, *({"label": _label(name, labels)} for name in facts.get("private", ()))]


def _pairs(facts: dict[str, Any]) -> Iterable[tuple[str, list[Any]]]:
    pairs: dict[str, list[Any]] = facts.get("changed", {})
    return pairs.items()


def _change(name: str, old: object, new: object, labels: Labels) -> dict[str, Any]:
    label = _label(name, labels)
    if any(_RECORD.fullmatch(str(value)) for value in (old, new)):
        return {"label": label}
    return {"label": label, "old": said(old), "new": said(new) or _("nothing")}


def _reason(facts: dict[str, Any]) -> list[dict[str, Any]]:
    reason = facts.get("reason")
    return [{"label": _("Reason"), "new": reason}] if reason else []


def _label(name: str, labels: Labels) -> str:
    return str(labels.get(name, name.replace("_", " ").capitalize()))


def said(value: object) -> str:
    """A value as a person reads it; "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    return money.plain(Decimal(text)) if _FIGURE.fullmatch(text) else text
