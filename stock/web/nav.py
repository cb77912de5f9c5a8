"""Where the navigation leads to parts and stock."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rmaproject.web.nav import NavEntry

ENTRIES = [
    NavEntry(_("Parts"), "stock:parts", "part", "records", "stock.view_stock", 40),
    NavEntry(_("Stock"), "stock:items", "shelf", "records", "stock.view_stock", 50),
]
