"""Where the navigation leads to customers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rmaproject.web.nav import NavEntry

ENTRIES = [
    NavEntry(_("Customers"), "customers:list", "company", "records", "customers.view_company", 35)
]
