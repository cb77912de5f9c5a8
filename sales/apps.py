from __future__ import annotations

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """Businesses, sales orders, invoices, payments, credit notes and the customer ledger."""

    name = "sales"

    def ready(self) -> None:
        from customers.querysets import BUSINESS_COMPANIES
        from sales.querysets import companies_dealt_with

        BUSINESS_COMPANIES.append(companies_dealt_with)
