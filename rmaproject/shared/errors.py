"""Refusals as facts: a code that stays, a sentence that helps, and the figures behind it.

No class here knows HTTP; `http.py` holds the one table that gives each class its status.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class DomainError(Exception):
    """A refusal: nothing was changed, and `code` says for good what stood in the way."""

    def __init__(self, message: str, *, code: str, pointer: str = "", **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.pointer = pointer
        self.facts = facts


class Malformed(DomainError):
    """The request cannot be read: a missing, unknown or misshapen value."""


class NotPermitted(DomainError):
    """The caller may know of the thing but lacks the right."""


class NotFound(DomainError):
    """There is no such thing, or the caller may not know of it."""


class Conflict(DomainError):
    """The thing is not in a state that allows this."""


class StaleVersion(DomainError):
    """Somebody changed the record since the caller read it."""


class RuleViolation(DomainError):
    """The request is well formed and breaks a rule of the trade."""


class VersionRequired(DomainError):
    """A change was asked for without saying which version it is based on."""


class Busy(DomainError):
    """The database could not serve this now; the same request may be sent again."""


class InputErrors(Malformed):
    """Several values of one request are wrong; each is named by its pointer."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__("The request has invalid values.", code="invalid")
        self.errors = errors


@contextmanager
def below(pointer: str) -> Iterator[None]:
    """Let a refusal of one entry of a list say which entry it is about."""
    try:
        yield
    except DomainError as refusal:
        if isinstance(refusal, InputErrors):
            for error in refusal.errors:
                error["pointer"] = pointer + error["pointer"]
        if refusal.pointer:
            refusal.pointer = pointer + refusal.pointer
        raise
