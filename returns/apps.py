from __future__ import annotations

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """Return orders: what comes back, what becomes of it, and what the customer gets."""

    name = "returns"

    def ready(self) -> None:
        from customers.querysets import BUSINESS_COMPANIES
        from returns.api.credit_notes import credit_notes_of_return
        from returns.querysets import companies_returning
        from returns.services.paying_out import RETURNS
        from returns.web.nav import ENTRIES
        from returns.web.search import SOURCES as SEARCHED
        from rmaproject.web.nav import NAV
        from rmaproject.web.search import SOURCES
        from sales.api.credit_notes import EXTRA_FILTERS
        from sales.api.refunds import EXTRA_FILTERS as REFUND_FILTERS
        from sales.services.refunding import FOLLOWERS

        BUSINESS_COMPANIES.append(companies_returning)
        EXTRA_FILTERS["return_order"] = credit_notes_of_return
        REFUND_FILTERS["return_order"] = credit_notes_of_return
        FOLLOWERS.append(RETURNS)
        NAV.extend(ENTRIES)
        SOURCES.extend(SEARCHED)
