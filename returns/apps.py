from __future__ import annotations

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """Return orders: what comes back, what becomes of it, and what the customer gets."""

    name = "returns"

    def ready(self) -> None:
        from customers.querysets import BUSINESS_COMPANIES
        from returns.api.credit_notes import credit_notes_of_return
        from returns.querysets import companies_returning
        from returns.web.life import life_panel
        from returns.web.nav import ENTRIES
        from returns.web.search import SOURCES as SEARCHED
        from rmaproject.web.nav import NAV
        from rmaproject.web.search import SOURCES
        from sales.api.credit_notes import EXTRA_FILTERS
        from stock.web.panels import ITEM_PANELS

        BUSINESS_COMPANIES.append(companies_returning)
        EXTRA_FILTERS["return_order"] = credit_notes_of_return
        ITEM_PANELS.append(life_panel)
        NAV.extend(ENTRIES)
        SOURCES.extend(SEARCHED)
