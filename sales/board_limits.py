"""The boards there are, and the limits of their columns as they are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from sales.models import ColumnLimit
from sales.states import OPEN

#: Every board: its columns that can have a limit, with their names. Apps above add theirs.
BOARDS: Final[dict[str, Callable[[], list[tuple[str, Any]]]]] = {
    "sales": lambda: [(status.value, status.label) for status in OPEN],
}


def limits_of(board: str, business: str = "") -> dict[str, int]:
    """The limits of a board's columns: those of the business, else those of all together."""
    whose = Q(business=None)
    if business:
        whose |= Q(business__uuid=UUID(business))
    rows = ColumnLimit.objects.filter(whose, board=board, most__isnull=False)
    ordered = sorted(rows.values_list("business", "status", "most"), key=lambda row: row[0] or 0)
    return {status: most for _business, status, most in ordered if most is not None}
