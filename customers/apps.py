from __future__ import annotations

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Companies with their contacts and addresses."""

    name = "customers"

    def ready(self) -> None:
        from customers.selectors import visible_companies
        from customers.told import register_kinds
        from customers.web.listing import COMPANIES
        from customers.web.nav import ENTRIES
        from customers.web.search import SOURCES as SEARCHED
        from rmaproject.views.registry import add_list
        from rmaproject.web.nav import NAV
        from rmaproject.web.records import RECORDS
        from rmaproject.web.search import SOURCES

        NAV.extend(ENTRIES)
        SOURCES.extend(SEARCHED)
        add_list(COMPANIES)
        RECORDS["customers"] = [visible_companies]
        register_kinds()
