from __future__ import annotations

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """Businesses, sales orders, invoices, payments, credit notes and the customer ledger."""

    name = "sales"

    def ready(self) -> None:
        from customers.querysets import BUSINESS_COMPANIES
        from customers.web.panels import PANELS
        from rmaproject.jobs.kinds import add_kinds
        from rmaproject.views.registry import add_list
        from rmaproject.web.nav import NAV
        from rmaproject.web.records import RECORDS
        from rmaproject.web.search import SOURCES
        from sales.noticing import register as register_notices
        from sales.querysets import companies_dealt_with
        from sales.refund_selectors import visible_refunds
        from sales.selectors import visible_orders
        from sales.told import register_kinds
        from sales.web.book_listing import INVOICES, PAYMENTS
        from sales.web.bulk import KINDS, STEPS
        from sales.web.listing import CREDIT_NOTES, ORDERS, REFUNDS
        from sales.web.nav import ENTRIES
        from sales.web.panels import accounts_panel, orders_panel
        from sales.web.refund_bulk import KINDS as REFUND_KINDS
        from sales.web.refund_bulk import STEPS as REFUND_STEPS
        from sales.web.search import SOURCES as SEARCHED

        BUSINESS_COMPANIES.append(companies_dealt_with)
        NAV.extend(ENTRIES)
        SOURCES.extend(SEARCHED)
        RECORDS["sales"] = [visible_orders]
        RECORDS["refunds"] = [visible_refunds]
        PANELS.extend([orders_panel, accounts_panel])
        add_kinds(*KINDS)
        add_list(ORDERS, STEPS)
        add_kinds(*REFUND_KINDS)
        add_list(REFUNDS, REFUND_STEPS)
        add_list(CREDIT_NOTES)
        add_list(INVOICES)
        add_list(PAYMENTS)
        register_kinds()
        register_notices()
