from __future__ import annotations

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """Return orders: what comes back, what becomes of it, and what the customer gets."""

    name = "returns"

    def ready(self) -> None:
        from customers.querysets import BUSINESS_COMPANIES
        from customers.web.panels import PANELS
        from returns.api.credit_notes import RELATED, credit_notes_of_return, pays_for
        from returns.api.expansions import returns_of_notes
        from returns.compat.plugging_in import plug_in
        from returns.importing.runs import kept_uploads
        from returns.importing.web.nav import ENTRIES as IMPORTS
        from returns.importing.working import KINDS as IMPORTING
        from returns.noticing import register as register_notices
        from returns.querysets import companies_returning
        from returns.selectors import visible_returns
        from returns.services.expiring import expire_business
        from returns.services.paying_out import RETURNS
        from returns.services.replacing import free_unshipped
        from returns.told import register_kinds
        from returns.web.lists.bulk import KINDS, STEPS
        from returns.web.lists.listing import RECEIVE
        from returns.web.lists.listing import RETURNS as RETURNS_LIST
        from returns.web.lists.many_slips import PAGES
        from returns.web.lists.panels import returns_panel
        from returns.web.lists.search import SOURCES as SEARCHED
        from returns.web.money.credit_queue import credit_tab
        from returns.web.nav import ENTRIES
        from returns.web.planning.board import BOARD, columns
        from returns.web.record.life import life_panel
        from rmaproject.files.orphans import FOLDERS
        from rmaproject.jobs.kinds import add_kinds
        from rmaproject.rest.expanding import Many
        from rmaproject.views.registry import add_list
        from rmaproject.web.nav import NAV
        from rmaproject.web.records import RECORDS
        from rmaproject.web.search import SOURCES
        from sales.api.credit_note_shapes import PAYS_FOR, PAYS_FOR_RELATED
        from sales.api.credit_notes import EXTRA_FILTERS, CreditNoteViewSet
        from sales.api.refunds import EXTRA_FILTERS as REFUND_FILTERS
        from sales.board_limits import BOARDS
        from sales.services.orders import ENDINGS
        from sales.services.refunding import FOLLOWERS
        from sales.services.sandbox_clock import WHEN_TIME_PASSES
        from sales.web.refund_queue import LEADING
        from stock.web.panels import ITEM_PANELS

        BOARDS[BOARD.key] = columns
        BUSINESS_COMPANIES.append(companies_returning)
        EXTRA_FILTERS["return_order"] = credit_notes_of_return
        CreditNoteViewSet.expansions["returns"] = Many(
            "returns.api.returns.ReturnViewSet", returns_of_notes
        )
        PAYS_FOR.append(pays_for)
        PAYS_FOR_RELATED.extend(RELATED)
        REFUND_FILTERS["return_order"] = credit_notes_of_return
        FOLLOWERS.append(RETURNS)
        ENDINGS.append(free_unshipped)
        WHEN_TIME_PASSES.append(expire_business)
        LEADING.append(credit_tab)
        ITEM_PANELS.append(life_panel)
        PANELS.append(returns_panel)
        NAV.extend([*ENTRIES, *IMPORTS])
        SOURCES.extend(SEARCHED)
        FOLDERS["imports"] = kept_uploads
        add_kinds(*KINDS, *IMPORTING)
        add_list(RETURNS_LIST, STEPS, PAGES)
        add_list(RECEIVE)
        RECORDS["returns"] = [visible_returns]
        register_kinds()
        register_notices()
        plug_in()
