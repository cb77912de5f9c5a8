from __future__ import annotations

from django.apps import AppConfig


class StockConfig(AppConfig):
    """Parts, locations, stock items and the ledger of their movements."""

    name = "stock"

    def ready(self) -> None:
        from rmaproject.web.search import SOURCES
        from stock.web.search import SOURCES as SEARCHED

        SOURCES.extend(SEARCHED)
