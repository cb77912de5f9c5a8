"""Reasons and dispositions: the words of the desk, which an administrator keeps."""

from __future__ import annotations

from typing import Any, TypeVar

from returns.models import VALUE_LEFT, Disposition, Reason
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared.db import command

Code = TypeVar("Code", Reason, Disposition)


@command
def create_reason(values: dict[str, Any], *, actor: Actor) -> Reason:
    """Add a reason for returns. Raises Conflict `code_exists`; RuleViolation `invalid_code`."""
    return _create(Reason(**values), actor)


@command
def edit_reason(reason_id: int, values: dict[str, Any], *, actor: Actor) -> Reason:
    """Change a reason; an inactive one stays on old returns and cannot be chosen any more.

    Raises Conflict `code_exists`; RuleViolation `invalid_code`.
    """
    return _edit(Reason.objects.select_for_update().get(pk=reason_id), values, actor)


@command
def create_disposition(values: dict[str, Any], *, actor: Actor) -> Disposition:
    """Add a disposition, a word for one of the fixed actions; its costs may be left out.

    Raises Conflict `code_exists`; RuleViolation `invalid_code`, `invalid_action`.
    """
    return _create(new_disposition(values), actor)


def new_disposition(values: dict[str, Any]) -> Disposition:
    """A disposition that is not saved yet; without a word on it, its action says what is lost."""
    left = VALUE_LEFT.get(values["action"], 100)
    return Disposition(**{"value_percent": left, **values})


@command
def edit_disposition(disposition_id: int, values: dict[str, Any], *, actor: Actor) -> Disposition:
    """Change a disposition; what was decided by it before stays as it was done.

    Raises Conflict `code_exists`; RuleViolation `invalid_code`, `invalid_action`.
    """
    return _edit(Disposition.objects.select_for_update().get(pk=disposition_id), values, actor)


def _create(row: Code, actor: Actor) -> Code:
    trail.create(row, actor=actor, code=row.code)
    return row


def _edit(row: Code, values: dict[str, Any], actor: Actor) -> Code:
    facts = trail.changed_fields(row, values, private=set())
    if facts:
        trail.change(row, "edit", actor=actor, fields=values, **facts)
    return row
