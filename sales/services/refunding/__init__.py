"""Money that goes back: intended first, then approved, paid and settled (DOMAIN 5)."""

from __future__ import annotations

from sales.services.refunding.intending import intend_refunds
from sales.services.refunding.terms import RefundTerms, unpromised

__all__ = ["RefundTerms", "intend_refunds", "unpromised"]
