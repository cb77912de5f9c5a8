"""The one table from refusals to HTTP statuses; every door reads it."""

from __future__ import annotations

from typing import Final

from rmaproject.shared import errors

STATUSES: Final[tuple[tuple[type[errors.DomainError], int], ...]] = (
    (errors.Malformed, 400),
    (errors.NotPermitted, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.StaleVersion, 412),
    (errors.RuleViolation, 422),
    (errors.VersionRequired, 428),
    (errors.Busy, 503),
)


def status_of(error: errors.DomainError) -> int:
    """The HTTP status of a refusal."""
    return next(status for kind, status in STATUSES if isinstance(error, kind))
