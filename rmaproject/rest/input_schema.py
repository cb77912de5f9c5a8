"""What fields of requests take, in the terms of JSON Schema: as strict as the fields themselves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from rest_framework import serializers

from rmaproject.rest.inputs import FigureInput, PartField, RecordField

Schema = dict[str, Any]

#: Texts without NUL, and those that also say something.
ANY_TEXT: Final = r"^[^\x00]*$"
SOME_TEXT: Final = r"^[^\x00]*[^\s\x00][^\x00]*$"


def narrowed(field: Any, found: Schema) -> Schema:
    """The schema of a field of a request, narrowed to what the field really takes."""
    if isinstance(field, FigureInput):
        return _described(field, _figure(field))
    if isinstance(field, RecordField) and "oneOf" not in found:
        return _described(field, _record(field))
    if isinstance(field, serializers.CharField):
        return _text(field, found)
    return found


def or_blank(found: Schema) -> Schema:
    """A text that may be empty, in words that an empty text fits only once."""
    either = found.get("oneOf", [])
    if len(either) != 2 or either[1] != {"type": "string", "maxLength": 0}:
        return found
    rest = {name: value for name, value in found.items() if name != "oneOf"}
    text = either[0]
    if text.get("pattern") == ANY_TEXT:
        return {**text, **rest}
    return {"anyOf": either, **rest}


def _figure(field: FigureInput) -> Schema:
    """A decimal as a text or a number, within the digits and bounds of the field."""
    whole = (field.max_digits or 0) - (field.decimal_places or 0)
    low = field.min_value
    above_zero = low is not None and 0 < Decimal(low) < 1
    places = field.decimal_places or 0
    sign = "" if low is not None and Decimal(low) >= 0 else "-?"
    digits = rf"(0|[1-9]\d{{0,{whole - 1}}})(\.\d{{1,{places}}})?"
    not_zero = r"(?!0+(\.0+)?$)" if above_zero else ""
    found: Schema = {
        "type": ["string", "number"],
        "pattern": f"^{not_zero}{sign}{digits}$",
        "multipleOf": float(Decimal(1).scaleb(-places)),
    }
    most = 10**whole - 1
    return {**found, "minimum": float(low) if low is not None else -most, "maximum": most}


def _record(field: RecordField) -> Schema:
    kinds = ["string", *(["integer"] if isinstance(field, PartField) else [])]
    return {"type": kinds if len(kinds) > 1 else "string", "pattern": SOME_TEXT}


def _text(field: serializers.CharField, found: Schema) -> Schema:
    if "pattern" in found or "enum" in found or "format" in found:
        return found
    return {**found, "pattern": ANY_TEXT if field.allow_blank else SOME_TEXT}


def _described(field: Any, found: Schema) -> Schema:
    if field.help_text:
        found = {**found, "description": str(field.help_text)}
    if field.allow_null:
        kinds = found["type"] if isinstance(found["type"], list) else [found["type"]]
        found = {**found, "type": [*kinds, "null"]}
    return found
