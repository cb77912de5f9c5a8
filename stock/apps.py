from __future__ import annotations

from django.apps import AppConfig


class StockConfig(AppConfig):
    """Parts, locations, stock items and the ledger of their movements."""

    name = "stock"

    def ready(self) -> None:
        from customers.web.panels import PANELS
        from rmaproject.views.registry import add_list
        from rmaproject.web.nav import NAV
        from rmaproject.web.records import RECORDS
        from rmaproject.web.search import SOURCES
        from stock.selectors import visible_items, visible_parts
        from stock.told import register_kinds
        from stock.web.listing import ITEMS, PARTS
        from stock.web.nav import ENTRIES
        from stock.web.panels import units_panel
        from stock.web.search import SOURCES as SEARCHED

        NAV.extend(ENTRIES)
        SOURCES.extend(SEARCHED)
        RECORDS["stock"] = [visible_parts, visible_items]
        PANELS.extend([units_panel])
        add_list(PARTS)
        add_list(ITEMS)
        register_kinds()
