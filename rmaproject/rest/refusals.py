"""Refusals that DRF has no class for."""

from __future__ import annotations

from rest_framework.exceptions import APIException, PermissionDenied


class CsrfFailed(PermissionDenied):
    """A browser session asks for a change without its CSRF token."""


class TooLarge(APIException):
    """The body has more bytes than are read."""

    status_code = 413
