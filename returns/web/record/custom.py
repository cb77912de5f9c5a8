"""Custom fields on the pages of returns: as inputs, as facts, and as filters of the list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from returns.custom import Fields, fields_of, narrowed, plain
from returns.models import CustomField, CustomValue, FieldKind, Target
from rmaproject.web.forms import AmountField, DayField
from rmaproject.web.lists import Filters

TRUTHS: Final = (("true", gettext_lazy("Yes")), ("false", gettext_lazy("No")))
#: Before the codes of fields in the names of a form's inputs.
PREFIX: Final = "custom_"

Row = dict[str, Any]


class CustomFields(forms.Form):
    """The part of a form that asks for the custom fields of a return.

    Whether a required one is missing, the service says; a form that is shown again by a button
    that saves nothing must not complain.
    """

    def add_custom(self, initial: dict[str, Any] | None = None) -> None:
        """Add an input for each field in use."""
        self.custom = fields_of(Target.RETURN)
        for code, field in self.custom.items():
            self.fields[f"{PREFIX}{code}"] = form_field(field)
            self.initial[f"{PREFIX}{code}"] = _posted((initial or {}).get(code))

    def custom_values(self) -> dict[str, Any]:
        """What was filled in, by code; None where nothing was."""
        return {
            code: _typed(field, self.cleaned_data.get(f"{PREFIX}{code}"))
            for code, field in self.custom.items()
        }

    @property
    def custom_inputs(self) -> list[forms.BoundField]:
        """The inputs in their order."""
        return [self[f"{PREFIX}{code}"] for code in self.custom]


def form_field(field: CustomField) -> forms.Field:
    """The input for a field."""
    told: dict[str, Any] = {"label": field.name, "required": False}
    if field.required:
        told["help_text"] = _("Must be filled in.")
    if field.kind == FieldKind.NUMBER:
        return AmountField(max_digits=19, decimal_places=6, **told)
    if field.kind == FieldKind.DATE:
        return DayField(**told)
    if options := options_of(field):
        return forms.ChoiceField(choices=[("", _("None")), *options], **told)
    return forms.CharField(max_length=500, **told)


def options_of(field: CustomField) -> list[tuple[str, Any]]:
    """What can be chosen; nothing for fields into which something is typed."""
    if field.kind == FieldKind.BOOLEAN:
        return list(TRUTHS)
    return [(text, text) for text in field.choices]


def line_inputs(
    fields: Fields, data: QueryDict, key: str, held: dict[str, Any] | None = None
) -> list[Row]:
    """The inputs of one line of a form; what was posted stands before what is held."""
    return [
        {
            "name": f"{PREFIX}{key}_{code}",
            "label": field.name,
            "type": "date" if field.kind == FieldKind.DATE else "text",
            "options": [{"value": value, "label": label} for value, label in options_of(field)],
            "value": data.get(f"{PREFIX}{key}_{code}", _posted((held or {}).get(code))),
        }
        for code, field in fields.items()
    ]


def posted(fields: Fields, data: QueryDict, key: str) -> dict[str, Any]:
    """What was posted for one line, by code, as the service takes it; None for emptied ones."""
    names = {code: f"{PREFIX}{key}_{code}" for code in fields}
    return {
        code: _typed(fields[code], str(data[name]).strip())
        for code, name in names.items()
        if name in data
    }


def changed(fields: Fields, data: QueryDict, key: str, held: dict[str, Any]) -> dict[str, Any]:
    """What a form says otherwise than a line holds."""
    told = posted(fields, data, key)
    return {
        code: value for code, value in told.items() if _posted(value) != _posted(held.get(code))
    }


def held_by(values: Iterable[CustomValue]) -> dict[str, Any]:
    """What was written, by code."""
    return {row.field.code: row.content for row in values}


def facts(values: Iterable[CustomValue]) -> list[Row]:
    """What was written, for the list of facts; those of fields out of use too."""
    rows = sorted(values, key=lambda row: (row.field.position, row.field.code))
    return [{"label": row.field.name, **_fact(row)} for row in rows]


def _fact(row: CustomValue) -> Row:
    if row.kind == FieldKind.BOOLEAN:
        return {"value": _("Yes") if row.boolean else _("No")}
    if row.kind == FieldKind.DATE:
        return {"value": row.date, "date": True}
    return {"value": plain(row.content)}


def in_words(values: Iterable[CustomValue]) -> str:
    """What was written into the fields of a line, on one line."""
    return " · ".join(f"{fact['label']}: {plain(fact['value'])}" for fact in facts(values))


def filtered(filters: Filters, rows: Any) -> Any:
    """Narrow a list of returns by the fields of the installation; costs one query."""
    asked: dict[str, str] = {}
    for code, field in fields_of(Target.RETURN).items():
        name = f"custom.{code}"
        if options := options_of(field):
            value = filters.choice(name, field.name, [(key, str(text)) for key, text in options])
        elif field.kind == FieldKind.DATE:
            day = filters.day(name, field.name)
            value = day.isoformat() if day else ""
        else:
            value = filters.text(name, field.name)
        if value:
            asked[name] = value
    return narrowed(rows, Target.RETURN, asked) if asked else rows


def _typed(field: CustomField, value: Any) -> Any:
    """A cleaned or posted value as the service takes it."""
    if value in (None, ""):
        return None
    if field.kind == FieldKind.BOOLEAN:
        return {"true": True, "false": False}.get(value, value)
    if field.kind == FieldKind.NUMBER and isinstance(value, str):
        return value.replace(",", ".")
    return value


def _posted(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(plain(value))
