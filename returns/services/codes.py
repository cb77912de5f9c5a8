"""The coded words of returns: why goods come back, and what may become of them."""

from __future__ import annotations

from typing import Any, TypeVar

from returns.models import Disposition, Reason
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared.db import command

Code = TypeVar("Code", Reason, Disposition)


def save_reason(values: dict[str, Any], *, actor: Actor, reason: Reason | None = None) -> Reason:
    """Add a reason, or change one; not active it is kept where it is used and offered no more.

    Raises Conflict `code_exists`; RuleViolation `invalid_code`.
    """
    return _save(Reason, reason, values, actor)


def save_disposition(
    values: dict[str, Any], *, actor: Actor, disposition: Disposition | None = None
) -> Disposition:
    """Add a disposition, or change one; its action holds for what is decided from now on.

    Raises Conflict `code_exists`; RuleViolation `invalid_code`, `invalid_action`.
    """
    return _save(Disposition, disposition, values, actor)


@command
def _save(model: type[Code], known: Code | None, values: dict[str, Any], actor: Actor) -> Code:
    if known is None:
        made = model(**values)
        trail.create(made, actor=actor, **values)
        return made
    locked = model._default_manager.select_for_update().get(pk=known.pk)
    facts = trail.changed_fields(locked, values, private=set())
    if facts:
        trail.change(locked, "edit", actor=actor, fields=values, **facts)
    return locked
