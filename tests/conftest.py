"""What every test has: one throw-away server for the whole run, and append-only tables emptied."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.management.commands import flush
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation

from tests.throwaway import remove_with_server


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that made the folder removes it; xdist's workers have ended by then."""
    if hasattr(config, "workerinput"):
        return
    if folder := os.environ.pop("RMA_TEST_FOLDER", None):
        remove_with_server(Path(folder))


#: What migrations make and no test changes; kinds and rights need not be made again either.
KEPT: Final = {"django_content_type", "auth_permission"}


@pytest.fixture(scope="session", autouse=True)
def _tables_are_emptied_by_their_rows() -> Iterator[None]:
    """After a transactional test every table is empty again, at the price of what stood in it.

    TRUNCATE costs new files for each of many tables; and history refuses it, as it refuses
    DELETE, by triggers that sleep only within this one transaction.
    """

    def delete_all(self: Any, style: Any, tables: list[str], **options: Any) -> list[str]:
        emptied = sorted(set(tables) - KEPT)
        return [
            "SET LOCAL session_replication_role = replica",
            *(f"DELETE FROM {self.quote_name(table)}" for table in emptied),
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", delete_all)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *args: None)
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
