from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import pre_migrate


class DeskConfig(AppConfig):
    name = "rmaproject"

    def ready(self) -> None:
        pre_migrate.connect(_group_steps)


def _group_steps(sender: AppConfig, *, plan: Sequence[Any] = (), **sent: Any) -> None:
    from rmaproject.database.migrating import group_steps

    group_steps(plan)
