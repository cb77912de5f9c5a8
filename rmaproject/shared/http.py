"""The one table from a kind of refusal to its HTTP status; every door reads it."""

from __future__ import annotations

from typing import Final

from rmaproject.shared import errors

STATUS: Final[dict[type[errors.DomainError], int]] = {
    errors.Malformed: 400,
    errors.NotPermitted: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.StaleVersion: 412,
    errors.RuleViolation: 422,
    errors.VersionRequired: 428,
    errors.Busy: 503,
}


def status_of(error: errors.DomainError) -> int:
    """The HTTP status of a refusal; the nearest class of the table decides."""
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return 400
