"""Django's PostgreSQL backend on our own server, started by the first connection, not by settings.

Reading settings, `--help` and type checkers must never start a server.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from rmaproject.database.server import Server


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        settings = self.settings_dict
        server = Server.at(Path(settings["DATA_DIR"]), durable=settings.get("DURABLE", True))
        server.use()
        settings["HOST"] = str(server.socket_dir)
        return super().get_connection_params()
