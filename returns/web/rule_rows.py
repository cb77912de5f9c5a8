"""Rules as rows of a form: what each decides, when, and what it says; and back to a document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from returns.web.rule_words import ASPECTS, LISTS, Value

#: The newest row of a form stands below the others; more than this nobody reads.
MOST_ROWS: Final = 500
MOST_CONDITIONS: Final = 12
_ROW: Final = re.compile(r"rule-(\d{1,3})-aspect")


@dataclass
class Row:
    """One rule as it stands in the form: all values as typed."""

    aspect: str
    name: str = ""
    when: list[tuple[str, str]] = field(default_factory=list)
    then: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)


def rows_of(document: Mapping[str, Any]) -> list[Row]:
    """The rows that show a document; what cannot be read as a rule is left to the text view."""
    rules = document.get("rules", [])
    return [
        _row(rule) for rule in rules if isinstance(rule, dict) and rule.get("aspect") in ASPECTS
    ]


def _row(rule: dict[str, Any]) -> Row:
    when = [(key, _typed(value)) for key, value in (rule.get("when") or {}).items()]
    then = {key: _typed_value(value) for key, value in (rule.get("then") or {}).items()}
    return Row(rule["aspect"], str(rule.get("name", "")), when, then)


def _typed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _typed_value(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return list(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def rows_in(posted: Any) -> list[Row]:
    """The rows of a posted form, in their order."""
    places = sorted({int(found[1]) for name in posted if (found := _ROW.fullmatch(name))})
    return [_posted(posted, f"rule-{place}") for place in places[:MOST_ROWS]]


def _posted(posted: Any, at: str) -> Row:
    aspect = posted.get(f"{at}-aspect", "")
    row = Row(aspect if aspect in ASPECTS else "window", posted.get(f"{at}-name", "").strip())
    for value in ASPECTS[row.aspect].values:
        name = f"{at}-then-{value.name}"
        typed = posted.getlist(name) if value.several else posted.get(name, "").strip()
        row.then[value.name] = typed
    for place in range(MOST_CONDITIONS):
        key = posted.get(f"{at}-when-{place}-key", "")
        if key:
            row.when.append((key, posted.get(f"{at}-when-{place}-value", "").strip()))
    return row


def document_of(rows: list[Row]) -> dict[str, Any]:
    """The document that the rows say; values that cannot be meant are left to its reader."""
    return {"rules": [_rule(row) for row in rows]}


def _rule(row: Row) -> dict[str, Any]:
    rule: dict[str, Any] = {"aspect": row.aspect}
    when = _conditions(row.when)
    if when:
        rule["when"] = when
    rule["then"] = {
        value.name: _meant(value, row.then[value.name])
        for value in ASPECTS[row.aspect].values
        if row.then.get(value.name) not in (None, "", [])
    }
    return rule | ({"name": row.name} if row.name else {})


def _conditions(typed: list[tuple[str, str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, text in typed:
        if key in LISTS:
            words = [word.strip() for word in text.split(",") if word.strip()]
            found[key] = [*found.get(key, []), *words]
        else:
            found[key] = text.replace(",", ".")
    return found


def _meant(value: Value, typed: Any) -> Any:
    if value.kind == "flag":
        return {"yes": True, "no": False}.get(typed, typed)
    if value.kind == "days":
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else typed
    if value.kind in ("amount", "percent"):
        return typed.replace(",", ".")
    return typed


def moved(rows: list[Row], step: str) -> list[Row]:
    """The rows after a button: `up:2`, `down:2`, `remove:2`, `condition:2` or `add:<aspect>`."""
    verb, _, told = step.partition(":")
    if verb == "add" and told in ASPECTS:
        return [*rows, Row(told)]
    if not (told.isascii() and told.isdigit() and len(told) < 5 and int(told) < len(rows)):
        return rows
    place, rows = int(told), list(rows)
    if verb == "remove":
        rows.pop(place)
    elif verb == "condition":
        rows[place].when.append(("", ""))
    elif verb in ("up", "down"):
        other = place + (-1 if verb == "up" else 1)
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
    return rows


def put_errors(rows: list[Row], errors: list[dict[str, str]]) -> list[str]:
    """Say each error at its row by its pointer; gives those that belong to no row."""
    left = []
    for error in errors:
        _, _, told = error["pointer"].partition("/rules/")
        place, _, inside = told.partition("/")
        if place.isdigit() and int(place) < len(rows):
            rows[int(place)].errors.append(error["detail"])
            rows[int(place)].wrong.add(inside.removeprefix("then/"))
        else:
            left.append(error["detail"])
    return left
