"""How often something happened in a period, counted for all processes of a machine.

An SQLite file beside the data, never synced to disk: a count costs some twenty microseconds, so
no request waits for the database, and no server has to run for it. Several machines count each
for itself.
"""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Final

#: What counting may raise: the caller decides what goes on without it.
FAILURES: Final = (sqlite3.Error, OSError)
#: How long a count waits for another one, in seconds.
PATIENCE: Final = 1.0
TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS {name}"
    " (who TEXT PRIMARY KEY, period INTEGER NOT NULL, calls INTEGER NOT NULL) WITHOUT ROWID"
)
COUNT: Final = (
    "INSERT INTO {name} VALUES (?, ?, 1) ON CONFLICT (who) DO UPDATE SET"
    " calls = CASE WHEN period = excluded.period THEN calls + 1 ELSE 1 END,"
    " period = excluded.period RETURNING calls"
)
CALLS: Final = "used"
LOGINS: Final = "wrong_logins"
_mine: Final = threading.local()


def count(path: Path, who: str, period: int, table: str = CALLS) -> int:
    """Count once more in this period, and say how often it was. Raises FAILURES.

    What is counted by periods of another length belongs into another table.
    """
    file = _open(path)
    seen = getattr(_mine, table, period)
    if seen != period:
        file.execute(f"DELETE FROM {table} WHERE period < ?", [period])  # noqa: S608 ours
    setattr(_mine, table, period)
    ((calls,),) = file.execute(COUNT.format(name=table), [who, period]).fetchall()
    return int(calls)


def counted(path: Path, who: str, period: int, table: str = CALLS) -> int:
    """How often it was in this period so far. Raises FAILURES."""
    select = f"SELECT calls FROM {table} WHERE who = ? AND period = ?"  # noqa: S608 ours
    row = _open(path).execute(select, [who, period]).fetchone()
    return int(row[0]) if row else 0


def forget(path: Path, who: str, table: str = CALLS) -> None:
    """Begin anew for one. Raises FAILURES."""
    _open(path).execute(f"DELETE FROM {table} WHERE who = ?", [who])  # noqa: S608 ours


def _open(path: Path) -> sqlite3.Connection:
    """This thread's connection; another file where the settings changed."""
    known: sqlite3.Connection | None = getattr(_mine, "file", None)
    if known is not None and _mine.path == path:
        return known
    path.parent.mkdir(parents=True, exist_ok=True)
    file = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = OFF")
    for table in (CALLS, LOGINS):
        file.execute(TABLE.format(name=table))
    _mine.file, _mine.path = file, path
    return file
