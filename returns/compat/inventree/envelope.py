"""Refusals as this system's clients know them: `detail`, or the wrong fields with their reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rmaproject.rest.problems import Refusal

#: Statuses whose body is about the caller or the address, never about a value.
PLAIN: Final = frozenset({401, 403, 404, 405, 406, 413, 415, 429, 500, 503})
#: Refusals that name no value, and which one they are about.
FIELD_OF: Final = {"reference_exists": "reference"}
RULE: Final = "non_field_errors"


def body_of(refusal: Refusal, words: Mapping[str, str]) -> dict[str, Any]:
    """The body of a refusal; `words` translates our names of values into theirs."""
    if refusal.status in PLAIN:
        return {"detail": refusal.message}
    if refusal.code == "malformed" and not refusal.errors:
        return {"detail": refusal.message}
    if not refusal.errors:
        return {FIELD_OF.get(refusal.code, RULE): [refusal.message]}
    body: dict[str, Any] = {}
    for error in refusal.errors:
        steps = [words.get(step, step) for step in error["pointer"].split("/") if step]
        _put(body, steps, error["detail"])
    return body


def _put(body: dict[str, Any], steps: list[str], message: str) -> None:
    """Hang a message below its field; entries of a list stand at their place, {} between."""
    if not steps:
        body.setdefault(RULE, []).append(message)
        return
    name, rest = steps[0], steps[1:]
    if not rest:
        found = body.setdefault(name, [])
        (found if isinstance(found, list) else found.setdefault(RULE, [])).append(message)
        return
    if not rest[0].isdigit():
        found = body.setdefault(name, {})
        inner = found if isinstance(found, dict) else body
        _put(inner, rest, message)
        return
    entries = body.setdefault(name, [])
    place = int(rest[0])
    while len(entries) <= place:
        entries.append({})
    if isinstance(entries[place], dict):
        _put(entries[place], rest[1:], message)
