"""Words for tests that ask for returns over REST."""

from __future__ import annotations

from typing import Any

from customers.models import Company
from returns.models import ReturnOrder
from rmaproject.audit.models import AuditEntry
from sales.models import Business, OrderLine


def asked(business: Business, bo: Company, *lines: Any, **more: Any) -> dict[str, Any]:
    """The body of a new return, with its parties by code and reference."""
    return {"business": business.code, "customer": bo.reference, "lines": list(lines), **more}


def unchanged() -> tuple[int, int, int]:
    """What a refusal must leave as it was."""
    claimed = sum(OrderLine.objects.values_list("claimed", flat=True))
    return ReturnOrder.objects.count(), AuditEntry.objects.count(), int(claimed)
