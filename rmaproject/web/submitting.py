"""A posted form carried out: done, or shown again with what was typed and what stood against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import HttpRequest

from rmaproject.shared.errors import Conflict, DomainError, RuleViolation, StaleVersion
from rmaproject.shared.http import status_of
from rmaproject.web.merging import meet

#: Refusals that a person can answer by changing what was typed; all others get their own page.
ANSWERABLE: Final = (Conflict, RuleViolation, StaleVersion)


@dataclass(frozen=True)
class Outcome:
    """What came of it: done, with what the service gave, else the status to show the form with."""

    done: bool = False
    value: Any = None
    status: int = 200


def submit(request: HttpRequest, form: forms.Form, act: Callable[[], Any]) -> Outcome:
    """Carry out `act` when the form was posted and can be read; a refusal is put on the form.

    Where somebody changed the record meanwhile, the form is merged with it (`form.meeting`).

    Raises the refusals that no other input would change, such as NotFound.
    """
    if request.method != "POST":
        return Outcome()
    if not form.is_valid():
        return Outcome(status=422)
    try:
        return Outcome(done=True, value=act())
    except ANSWERABLE as refusal:
        if meet(request, form, refusal) is None:
            put_on(form, refusal)
        return Outcome(status=status_of(refusal))


def put_on(form: forms.Form, refusal: DomainError) -> None:
    """Say a refusal at the field that it points to, else above the form."""
    name = refusal.pointer.strip("/").partition("/")[0]
    form.add_error(name if name in form.fields else None, refusal.message)
