"""What every test has: one throw-away server for the whole run, and append-only tables emptied."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation

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


@pytest.fixture(autouse=True)
def _words_are_english_again() -> Iterator[None]:
    """A request leaves its language with the thread, as Django does; the next test has its own."""
    yield
    translation.deactivate()


@pytest.fixture
def roles(db: None) -> None:
    """The roles of an installation."""
    from rmaproject.access.roles import make_roles

    make_roles()


@pytest.fixture
def business(db: None) -> Any:
    """A business in euros with a returns location; returns are on, codes are made."""
    from returns.services import turn_returns
    from returns.setup import make_codes
    from rmaproject.access.actors import SYSTEM
    from tests.factories import BusinessFactory

    made = BusinessFactory(code="1000", name="Tents & Co")
    make_codes()
    turn_returns(on=True, actor=SYSTEM)
    return made


@pytest.fixture
def bo(db: None) -> Any:
    """Bo, a customer."""
    from tests.factories import CompanyFactory

    return CompanyFactory(reference="BO", name="Bo Jansen")


@pytest.fixture
def cy(db: None) -> Any:
    """Cy, a stranger: another customer."""
    from tests.factories import CompanyFactory

    return CompanyFactory(reference="CY", name="Cy Stranger")


@pytest.fixture
def ada(roles: None) -> Any:
    """Ada, the clerk: a manager who may do all the daily work."""
    from tests.factories import actor_with

    return actor_with("Manager", username="ada")
