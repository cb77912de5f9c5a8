"""Where the navigation leads to sales."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rmaproject.web.nav import NavEntry

ENTRIES = [
    NavEntry(_("Sales orders"), "sales:list", "order", "records", "sales.view_order", 30),
    NavEntry(_("Refunds"), "refunds:list", "bank", "work", "sales.view_refund", 40),
]
