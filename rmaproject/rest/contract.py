"""What of the OpenAPI document clients rely on, and which changes of it would break them.

Additive changes are none: new paths, new optional input, new output fields, new values of what is
answered. A path or field that goes, a value of another type, an input that was optional or taken
and is required or refused now, are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from rmaproject.rest.examples import operations

Schema = dict[str, Any]
Document = dict[str, Any]
JSON: Final = "application/json"


def breaking_changes(old: Document, new: Document) -> list[str]:
    """Each change that would break a client of the old document, as a sentence; empty for none."""
    return sorted(set(_Comparison(old, new).found()))


class _Comparison:
    def __init__(self, old: Document, new: Document) -> None:
        self.old, self.new = old, new

    def found(self) -> Iterator[str]:
        after = dict(operations(self.new))
        for name, before in operations(self.old):
            if name not in after:
                yield f"{name} is gone."
            else:
                yield from self._operation(name, before, after[name])

    def _operation(self, name: str, old: Document, new: Document) -> Iterator[str]:
        yield from self._parameters(name, old.get("parameters", []), new.get("parameters", []))
        before, after = _body(old), _body(new)
        if before is not None and after is None:
            yield f"{name} takes no body any more."
        elif after is not None:
            if new["requestBody"].get("required") and not old.get("requestBody"):
                yield f"{name} needs a body now."
            yield from self._taken(f"{name} body", before or {}, after)
        for status, answer in old["responses"].items():
            if status.startswith("2"):
                yield from self._answer(f"{name} {status}", answer, new["responses"].get(status))

    def _parameters(self, name: str, old: list[Schema], new: list[Schema]) -> Iterator[str]:
        before = {(row["in"], row["name"]): row for row in old}
        after = {(row["in"], row["name"]): row for row in new}
        for key, row in before.items():
            if key not in after:
                yield f"{name} knows no {key[0]} parameter {key[1]} any more."
            else:
                place = f"{name} parameter {key[1]}"
                yield from self._taken(place, row["schema"], after[key]["schema"])
        for key, row in after.items():
            if row.get("required") and not before.get(key, {}).get("required"):
                yield f"{name} needs the {key[0]} parameter {key[1]} now."

    def _answer(self, place: str, old: Schema, new: Schema | None) -> Iterator[str]:
        if new is None:
            yield f"{place} is gone."
            return
        before = old.get("content", {}).get(JSON, {}).get("schema")
        after = new.get("content", {}).get(JSON, {}).get("schema")
        if before is not None:
            yield from self._given(place, before, after or {}, frozenset())

    def _given(
        self, place: str, old: Schema, new: Schema, seen: frozenset[tuple[str, str]]
    ) -> Iterator[str]:
        """What is answered: nothing goes, nothing becomes of another type or null."""
        pair = (old.get("$ref", ""), new.get("$ref", ""))
        if all(pair) and pair in seen:
            return
        seen |= {pair}
        old, new = _resolved(self.old, old), _resolved(self.new, new)
        if _types(new) - _types(old) and _types(old):
            yield f"{place} is {_words(new)} now, it was {_words(old)}."
        for name, before in old.get("properties", {}).items():
            after = new.get("properties", {}).get(name)
            if after is None:
                yield f"{place}/{name} is gone."
            else:
                yield from self._given(f"{place}/{name}", before, after, seen)
        if "items" in old and "items" in new:
            yield from self._given(f"{place}/*", old["items"], new["items"], seen)

    def _taken(
        self, place: str, old: Schema, new: Schema, seen: frozenset[tuple[str, str]] = frozenset()
    ) -> Iterator[str]:
        """What is taken: whatever was accepted is accepted still."""
        pair = (old.get("$ref", ""), new.get("$ref", ""))
        if all(pair) and pair in seen:
            return
        seen |= {pair}
        old, new = _resolved(self.old, old), _resolved(self.new, new)
        if _types(old) - _types(new) and _types(new):
            yield f"{place} takes {_words(new)} now, it took {_words(old)}."
        choices: list[Any] = old.get("enum", [])
        gone = set(choices) - set(new.get("enum", choices))
        if gone:
            yield f"{place} takes {', '.join(map(str, sorted(gone, key=str)))} no more."
        for name in sorted(set(new.get("required", [])) - set(old.get("required", []))):
            yield f"{place}/{name} is required now."
        for name, before in old.get("properties", {}).items():
            after = new.get("properties", {}).get(name)
            if after is None:
                yield f"{place}/{name} is refused now."
            else:
                yield from self._taken(f"{place}/{name}", before, after, seen)
        if "items" in old and "items" in new:
            yield from self._taken(f"{place}/*", old["items"], new["items"], seen)


def _body(operation: Document) -> Schema | None:
    content = operation.get("requestBody", {}).get("content", {})
    return next((kind["schema"] for kind in content.values()), None)


def _resolved(document: Document, schema: Schema) -> Schema:
    while "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**document["components"]["schemas"][name], **rest}
    return schema


def _types(schema: Schema) -> set[str]:
    found = schema.get("type", [])
    types = set(found if isinstance(found, list) else [found])
    for either in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        types |= _types(either)
    if "integer" in types and "number" in types:
        types.discard("integer")
    return types


def _words(schema: Schema) -> str:
    return " or ".join(sorted(_types(schema)))
