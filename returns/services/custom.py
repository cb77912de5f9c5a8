"""Custom fields: defined by an administrator, filled in where returns are made and changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from returns.custom import Fields, fields_of, parsed, plain, require_all, require_kept
from returns.models import CustomField, CustomValue, FieldKind, ReturnLine, ReturnOrder, Target
from returns.models.custom import COLUMNS
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared.db import command
from rmaproject.shared.errors import RuleViolation, below

EDITABLE: Final = {"name", "choices", "required", "active", "position"}
MOST_CHOICES: Final = 100
MOST_LETTERS: Final = 100


@command
def create_custom_field(values: dict[str, Any], *, actor: Actor) -> CustomField:
    """Add a field to returns or to their lines.

    Raises Conflict `code_exists`; RuleViolation `invalid_code`, `invalid_choices`.
    """
    field = CustomField(**values)
    _require_choices(field.choices)
    trail.create(field, actor=actor, code=field.code, target=field.target, kind=field.kind)
    return field


@command
def edit_custom_field(field_id: int, values: dict[str, Any], *, actor: Actor) -> CustomField:
    """Change a field; one that is not active keeps what was written and takes nothing new.

    Raises Malformed `unknown_field` for target, code and kind, which stay; RuleViolation
    `invalid_choices`, also for taking away a choice that a return or line holds.
    """
    trail.require_editable(values, EDITABLE)
    field = CustomField.objects.select_for_update().get(pk=field_id)
    if "choices" in values:
        _require_choices(values["choices"])
        _require_unused(field, set(field.choices) - set(values["choices"]))
    facts = trail.changed_fields(field, values, private=set())
    if facts:
        trail.change(field, "edit", actor=actor, fields=values, **facts)
    return field


def _require_choices(choices: list[str]) -> None:
    """Refuse what could not be told apart or shown."""
    texts = [text for text in choices if isinstance(text, str) and text.strip() == text and text]
    short = all(len(text) <= MOST_LETTERS for text in texts)
    if len(texts) != len(choices) or len({text.casefold() for text in texts}) != len(texts):
        message = _("Each choice is a text of its own.")
    elif len(texts) > MOST_CHOICES or not short:
        message = _(
            "There are at most %(most_choices)s choices of at most %(most_letters)s characters."
        ) % {"most_choices": MOST_CHOICES, "most_letters": MOST_LETTERS}
    else:
        return
    raise RuleViolation(message, code="invalid_choices", pointer="/choices")


def _require_unused(field: CustomField, gone: set[str]) -> None:
    held = CustomValue.objects.filter(field=field, text__in=gone).values_list("text", flat=True)
    if used := sorted({text or "" for text in held.distinct()}):
        message = _("%(used)s stands on returns; make the field inactive or keep it.") % {
            "used": ", ".join(used)
        }
        raise RuleViolation(message, code="invalid_choices", pointer="/choices", used=used)


@dataclass(frozen=True)
class Filled:
    """Checked values of one return or line, with the fields that they are for."""

    fields: Fields
    values: dict[str, Any]

    def rows(self, order: ReturnOrder, line: ReturnLine | None = None) -> list[CustomValue]:
        """The values as unsaved rows; what is taken out has none."""
        return [
            CustomValue(
                field=self.fields[code],
                kind=self.fields[code].kind,
                return_order=order,
                line=line,
                **{COLUMNS[FieldKind(self.fields[code].kind)]: value},
            )
            for code, value in self.values.items()
            if value is not None
        ]

    def facts(self, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Before and after for the trail; a text may be personal, so only that it changed."""
        old = before or {}
        changed = {code: value for code, value in self.values.items() if old.get(code) != value}
        hidden = {code for code in changed if self.fields[code].kind == FieldKind.TEXT}
        told = {
            f"custom.{code}": [plain(old.get(code)), plain(value)]
            for code, value in changed.items()
            if code not in hidden
        }
        private = sorted(f"custom.{code}" for code in hidden)
        return {
            **({"changed": told} if told else {}),
            **({"private": private} if private else {}),
        }


def read_header(given: Mapping[str, Any], *, complete: bool = True) -> Filled:
    """What a new return says in its fields, checked; `complete` asks for the required ones.

    Raises as `returns.custom.parsed`; RuleViolation `custom_required`.
    """
    fields = fields_of(Target.RETURN) if given or complete else {}
    return _filled(fields, given, complete=complete)


def read_lines(
    lines: Sequence[Mapping[str, Any]], *, listed: bool = True, complete: bool = True
) -> list[Filled]:
    """What new lines say in their fields, checked. Raises as `read_header`, below `/lines/0`."""
    fields = fields_of(Target.LINE) if any(lines) or (lines and complete) else {}
    found = []
    for number, given in enumerate(lines):
        with below(f"/lines/{number}" if listed else ""):
            found.append(_filled(fields, given, complete=complete))
    return found


def _filled(fields: Fields, given: Mapping[str, Any], *, complete: bool) -> Filled:
    values = parsed(fields, given)
    if complete:
        require_all(fields, values)
    return Filled(fields, values)


def write_header(order: ReturnOrder, filled: Filled) -> None:
    """Insert the values of a new return."""
    CustomValue.objects.bulk_create(filled.rows(order))


def write_lines(order: ReturnOrder, lines: Sequence[tuple[ReturnLine, Filled]]) -> None:
    """Insert the values of new lines."""
    rows = [row for line, filled in lines for row in filled.rows(order, line)]
    CustomValue.objects.bulk_create(rows)


def line_facts(filled: Sequence[Filled]) -> dict[str, Any]:
    """What the trail says of the values of new lines, in their order; nothing where none are."""
    facts = [one.facts() for one in filled]
    return {"custom": facts} if any(facts) else {}


def change_values(
    order: ReturnOrder, line: ReturnLine | None, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Write fields of a locked return, or of one of its lines; gives the facts for the trail.

    Raises as `returns.custom.parsed`; RuleViolation `custom_required` for emptying such a field.
    """
    if not given:
        return {}
    fields = fields_of(Target.LINE if line else Target.RETURN)
    values = parsed(fields, given)
    held = CustomValue.objects.filter(return_order=order, line=line, field__code__in=values)
    before = {row.field.code: row.content for row in held.select_related("field")}
    require_kept(fields, before, values)
    filled = Filled(fields, values)
    facts = filled.facts(before)
    if facts:
        held.delete()
        CustomValue.objects.bulk_create(filled.rows(order, line))
    return facts


def joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Two sets of facts as one."""
    changed = {**one.get("changed", {}), **other.get("changed", {})}
    private = sorted({*one.get("private", ()), *other.get("private", ())})
    return {
        **({"changed": changed} if changed else {}),
        **({"private": private} if private else {}),
    }
