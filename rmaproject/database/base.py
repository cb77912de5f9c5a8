"""Django's PostgreSQL backend on our own server, started by the first connection, not by settings.

Reading settings, `--help` and type checkers must never start a server.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from rmaproject.database.server import Server


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        settings = self.settings_dict
        server = Server.at(Path(settings["DATA_DIR"]), durable=settings.get("DURABLE", True))
        server.use()
        settings["HOST"] = str(server.socket_dir)
        if pool := settings["OPTIONS"].get("pool"):
            pool.setdefault("connection_class", reviving_connection(server))
        return super().get_connection_params()


def reviving_connection(server: Server) -> type[psycopg.Connection[Any]]:
    """A pool asks for its parameters once; when it reconnects, the server may have crashed."""

    class RevivingConnection(psycopg.Connection[Any]):
        @classmethod
        def connect(cls, *args: Any, **options: Any) -> Any:
            try:
                return super().connect(*args, **options)
            except psycopg.OperationalError:
                server.use()
                return super().connect(*args, **options)

    return RevivingConnection
