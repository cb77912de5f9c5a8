from __future__ import annotations

from django.apps import AppConfig


class ViewsConfig(AppConfig):
    """How people look at lists: saved views, columns, steps on many rows, export."""

    name = "rmaproject.views"
    label = "views"

    def ready(self) -> None:
        from rmaproject.jobs.kinds import add_kinds
        from rmaproject.views.exporting import KIND
        from rmaproject.views.noticing import register

        add_kinds(KIND)
        register()
