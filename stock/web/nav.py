"""Where the navigation leads to parts and stock."""

from __future__ import annotations

from rmaproject.web.nav import NavEntry

ENTRIES = [
    NavEntry("Parts", "stock:parts", "part", "records", "stock.view_stock", 40),
    NavEntry("Stock", "stock:items", "shelf", "records", "stock.view_stock", 50),
]
