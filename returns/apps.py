from __future__ import annotations

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """Return orders: what comes back, what becomes of it, and what the customer gets."""

    name = "returns"

    def ready(self) -> None:
        from customers.querysets import BUSINESS_COMPANIES
        from returns.querysets import companies_returning

        BUSINESS_COMPANIES.append(companies_returning)
