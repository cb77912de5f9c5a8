from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """What somebody should know: told in the desk, by mail at once, or once a day."""

    name = "rmaproject.notices"
    label = "notices"

    def ready(self) -> None:
        from rmaproject.notices.web.nav import ENTRIES
        from rmaproject.web.nav import NAV

        NAV.extend(ENTRIES)
