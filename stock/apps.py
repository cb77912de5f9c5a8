from __future__ import annotations

from django.apps import AppConfig


class StockConfig(AppConfig):
    """Parts, locations, stock items and the ledger of their movements."""

    name = "stock"
