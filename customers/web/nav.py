"""Where the navigation leads to customers."""

from __future__ import annotations

from rmaproject.web.nav import NavEntry

ENTRIES = [
    NavEntry("Customers", "customers:list", "company", "records", "customers.view_company", 35)
]
