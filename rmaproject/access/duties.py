"""Rights that one person should not hold together, because each is a check of the other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Conflict:
    """Two rights, and what somebody with both could do without a second person."""

    first: str
    second: str
    words: Promise


CONFLICTS: Final = (
    Conflict(
        "returns.create_return",
        "returns.approve_return",
        _("asks for returns and approves them"),
    ),
    Conflict(
        "returns.inspect_return",
        "returns.override_inspection",
        _("inspects goods and goes against the result"),
    ),
    Conflict(
        "sales.create_refund",
        "sales.approve_refund",
        _("makes refunds and approves them"),
    ),
    Conflict(
        "sales.approve_refund",
        "sales.pay_refund",
        _("approves refunds and pays them out"),
    ),
    Conflict(
        "sales.edit_bank_details",
        "sales.pay_refund",
        _("changes bank accounts and pays to them"),
    ),
)


def conflicts_in(rights: Collection[str]) -> list[Promise]:
    """What the holder of these rights could do alone, in words."""
    return [row.words for row in CONFLICTS if row.first in rights and row.second in rights]
