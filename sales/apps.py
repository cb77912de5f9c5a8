from __future__ import annotations

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """Businesses, sales orders, invoices, payments, credit notes and the customer ledger."""

    name = "sales"

    def ready(self) -> None:
        from customers.querysets import BUSINESS_COMPANIES
        from rmaproject.web.search import SOURCES
        from sales.querysets import companies_dealt_with
        from sales.web.search import SOURCES as SEARCHED

        BUSINESS_COMPANIES.append(companies_dealt_with)
        SOURCES.extend(SEARCHED)
