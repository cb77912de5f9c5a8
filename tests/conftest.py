"""What every test has: one throw-away server for the whole run, and append-only tables emptied."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations

from tests.throwaway import remove_with_server


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that made the folder removes it; xdist's workers have ended by then."""
    if hasattr(config, "workerinput"):
        return
    if folder := os.environ.pop("RMA_TEST_FOLDER", None):
        remove_with_server(Path(folder))


@pytest.fixture(scope="session", autouse=True)
def _append_only_tables_can_be_emptied() -> Iterator[None]:
    """History refuses TRUNCATE by trigger; only between transactional tests it must not."""
    flush = DatabaseOperations.execute_sql_flush

    def flush_without_triggers(self: Any, sql_list: list[str]) -> None:
        # LOCAL: the triggers are back when the flush commits.
        flush(self, ["SET LOCAL session_replication_role = replica", *sql_list] if sql_list else [])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush_without_triggers)
        yield
