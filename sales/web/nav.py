"""Where the navigation leads to sales."""

from __future__ import annotations

from rmaproject.web.nav import NavEntry

ENTRIES = [
    NavEntry("Sales orders", "sales:list", "order", "records", "sales.view_order", 30),
    NavEntry("Refunds", "refunds:list", "bank", "work", "sales.view_refund", 40),
]
