from __future__ import annotations

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """Businesses, sales orders, invoices, payments, credit notes and the customer ledger."""

    name = "sales"

    def ready(self) -> None:
        from customers.querysets import BUSINESS_COMPANIES
        from customers.web.panels import PANELS
        from rmaproject.web.nav import NAV
        from rmaproject.web.search import SOURCES
        from sales.noticing import register as register_notices
        from sales.querysets import companies_dealt_with
        from sales.told import register_kinds
        from sales.web.nav import ENTRIES
        from sales.web.panels import accounts_panel, orders_panel
        from sales.web.search import SOURCES as SEARCHED

        BUSINESS_COMPANIES.append(companies_dealt_with)
        NAV.extend(ENTRIES)
        SOURCES.extend(SEARCHED)
        PANELS.extend([orders_panel, accounts_panel])
        register_kinds()
        register_notices()
