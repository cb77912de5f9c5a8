"""Why there is no database, as a sentence for the person who started the program."""

from __future__ import annotations

from django.db import OperationalError


class ServerError(OperationalError):
    """A connection that cannot be made, so that callers of Django's database code see one kind."""
