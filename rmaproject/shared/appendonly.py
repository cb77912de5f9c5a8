"""Triggers for tables whose rows stay as they were written."""

from __future__ import annotations

import pgtrigger
from django.utils.translation import gettext as _

from rmaproject.shared.db import TRIGGER_REFUSALS
from rmaproject.shared.errors import Conflict


def append_only(table: str) -> list[pgtrigger.Trigger]:
    """Refuse UPDATE, DELETE and TRUNCATE, whoever asks; a mistake is mended by a counter-entry."""
    message = _("What was written down is never changed; it is mended by a counter-entry.")
    TRIGGER_REFUSALS[f"{table}_append_only"] = (Conflict, "append_only", message)
    refuse = (
        f"RAISE EXCEPTION 'Rows of {table} are never changed or removed.' "
        f"USING ERRCODE = 'restrict_violation', CONSTRAINT = '{table}_append_only';"
    )
    rows = pgtrigger.Trigger(
        name="append_only",
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=refuse,
    )
    whole = pgtrigger.Trigger(
        name="append_only_whole",
        level=pgtrigger.Statement,
        operation=pgtrigger.Truncate,
        when=pgtrigger.Before,
        func=refuse,
    )
    return [rows, whole]
