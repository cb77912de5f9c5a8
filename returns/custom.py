"""Custom fields as callers write, read and look for them; typed by what an administrator said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext

from returns.models import CustomField, CustomValue, FieldKind, Target
from rmaproject.shared import money
from rmaproject.shared.errors import InputErrors, Malformed, RuleViolation

MOST_TEXT: Final = 500
#: 19 digits, six of them after the point.
MOST_NUMBER: Final = Decimal(10) ** 13
_FIGURE: Final = re.compile(r"[+-]?[0-9]{1,13}(\.[0-9]{1,6})?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRUTHS: Final = {"true": True, "false": False}
#: Comparisons that a list offers beside equality, by kind.
RANGES: Final = {"min": "gte", "max": "lte"}
RANGED: Final = (FieldKind.NUMBER, FieldKind.DATE)

Fields = dict[str, CustomField]


def fields_of(target: Target, *, active: bool = True) -> Fields:
    """The fields of returns or of lines by their code, in the order of their position."""
    rows = CustomField.objects.filter(target=target).order_by("position", "code")
    return {row.code: row for row in (rows.filter(active=True) if active else rows)}


def parsed(fields: Fields, given: Mapping[str, Any]) -> dict[str, Any]:
    """Given values in the types of their fields; None takes a value out.

    Raises Malformed `unknown_field` for a code that no field in use has and `invalid` for
    another type, RuleViolation `not_a_choice`, each with its pointer.
    """
    found = {}
    for code, value in given.items():
        field = fields.get(code)
        if field is None:
            message = gettext("There is no field %(code)r in use.") % {"code": code}
            raise Malformed(message, code="unknown_field", pointer=f"/custom/{code}")
        found[code] = None if value is None or value == "" else _READERS[field.kind](field, value)
    return found


def require_all(fields: Fields, values: Mapping[str, Any]) -> None:
    """Refuse to leave a required field empty. Raises RuleViolation `custom_required`."""
    for code, field in fields.items():
        if field.required and values.get(code) is None:
            raise _missing(field)


def require_kept(fields: Fields, held: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Refuse to empty a required field that is filled. Raises RuleViolation `custom_required`."""
    for code, value in values.items():
        if value is None and code in held and fields[code].required:
            raise _missing(fields[code])


def shown(values: Iterable[CustomValue]) -> dict[str, Any]:
    """What was written, by code in the order of position; numbers as plain texts.

    The values were loaded with their fields; those of fields not in use any more stay readable.
    """
    rows = sorted(values, key=lambda row: (row.field.position, row.field.code))
    return {row.field.code: plain(row.content) for row in rows}


def by_line(values: Iterable[CustomValue]) -> dict[int | None, list[CustomValue]]:
    """The values of a return by the key of their line; None for those of the return itself."""
    found: dict[int | None, list[CustomValue]] = {}
    for row in values:
        found.setdefault(row.line_id, []).append(row)
    return found


def plain(value: Any) -> Any:
    """A value as JSON and audit hold it."""
    if isinstance(value, Decimal):
        return money.plain(value)
    return value.isoformat() if isinstance(value, date) else value


def narrowed(
    rows: QuerySet[Any, Any], target: Target, asked: Mapping[str, str], *, prefix: str = "custom."
) -> QuerySet[Any, Any]:
    """The returns whose fields, or a line of which, hold what is asked by `<prefix><code>`.

    Raises InputErrors `unknown_parameter` and `invalid_parameter` by the parameter's name.
    """
    fields = fields_of(target, active=False)
    for name, text in asked.items():
        code, _, bound = name.removeprefix(prefix).partition(".")
        field = fields.get(code)
        if field is None or (bound and (bound not in RANGES or field.kind not in RANGED)):
            raise _unread(name, "unknown_parameter", f"There is no query parameter {name}.")
        held = CustomValue.objects.filter(**_asked(field, bound, name, text))
        rows = rows.filter(pk__in=held.values("return_order"))
    return rows


def _asked(field: CustomField, bound: str, name: str, text: str) -> dict[str, Any]:
    if field.kind in (FieldKind.TEXT, FieldKind.CHOICE):
        return {"field": field, "text__iexact": text}
    value: Any = text
    if field.kind == FieldKind.BOOLEAN:
        value = _TRUTHS.get(text, text)
    try:
        value = _READERS[field.kind](field, value)
    except Malformed as error:
        raise _unread(name, "invalid_parameter", error.message) from error
    column = "number" if field.kind == FieldKind.NUMBER else field.kind
    return {"field": field, f"{column}__{RANGES.get(bound, 'exact')}": value}


def _unread(name: str, code: str, detail: str) -> InputErrors:
    return InputErrors([{"pointer": name, "code": code, "detail": detail}])


def _missing(field: CustomField) -> RuleViolation:
    message = gettext("%(name)s must be filled in.") % {"name": field.name}
    return RuleViolation(message, code="custom_required", pointer=f"/custom/{field.code}")


def _misshapen(field: CustomField, wanted: str) -> Malformed:
    message = gettext("%(name)s is %(wanted)s.") % {"name": field.name, "wanted": wanted}
    return Malformed(message, code="invalid", pointer=f"/custom/{field.code}")


def _text(field: CustomField, value: Any) -> str:
    wanted = f"a text of at most {MOST_TEXT} characters"
    if not isinstance(value, str) or "\x00" in value:
        raise _misshapen(field, wanted)
    text = value.strip()
    if not 0 < len(text) <= MOST_TEXT:
        raise _misshapen(field, wanted)
    return text


def _number(field: CustomField, value: Any) -> Decimal:
    wanted = "a number of at most 13 digits before and 6 after the point"
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise _misshapen(field, wanted)
    if isinstance(value, str) and not _FIGURE.fullmatch(value):
        raise _misshapen(field, wanted)
    try:
        figure = Decimal(value)
        fits = abs(figure) < MOST_NUMBER and figure == round(figure, 6)
    except InvalidOperation as error:
        raise _misshapen(field, wanted) from error
    if not fits:
        raise _misshapen(field, wanted)
    return figure


def _date(field: CustomField, value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise _misshapen(field, "a day like 2026-03-02")


def _boolean(field: CustomField, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _misshapen(field, "true or false")
    return value


def _choice(field: CustomField, value: Any) -> str:
    if not isinstance(value, str):
        raise _misshapen(field, "a text")
    if value not in field.choices:
        message = gettext("%(name)s is one of %(choices)s.") % {
            "name": field.name,
            "choices": ", ".join(field.choices),
        }
        pointer = f"/custom/{field.code}"
        raise RuleViolation(message, code="not_a_choice", pointer=pointer, choices=field.choices)
    return value


_READERS: Final[dict[str, Callable[[CustomField, Any], Any]]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.CHOICE: _choice,
}
