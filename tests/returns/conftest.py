"""What several tests of returns begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from returns.models import ReturnLine, Sheet
from returns.services import LineInput
from sales.models import Business, SalesOrder
from tests.factories import goods, sell
from tests.returns.feeds import Subscription
from tests.returns.inspections import tent_sheet
from tests.returns.kits import kit
from tests.returns.ledgers import HEADER, LEDGER
from tests.returns.steps import D, receive, request


@pytest.fixture
def mine(ada):
    """Ada's calendar feed of everything."""
    return Subscription(ada.user)


@pytest.fixture
def camp(business: Any, bo: Any) -> SalesOrder:
    """Two camping sets at 9.99: a tent and two fixings, each of three pegs."""
    kit("FIXING", ("PEG", "3"))
    kit("CAMP", ("TENT", "1"), ("FIXING", "2"))
    return sell(business, bo, goods("CAMP", "2", "9.99"))


@pytest.fixture
def tents(business: Any, bo: Any) -> SalesOrder:
    """Bo bought three tents for 50.00 each."""
    return sell(business, bo, goods("TENT", "3", "50.00"))


@pytest.fixture
def bikes(business: Any, bo: Any) -> SalesOrder:
    """Bo bought two bicycles, B-1 and B-2."""
    return sell(business, bo, goods("BIKE", "2", "900.00", serials=("B-1", "B-2")))


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that are written where one stands go into a folder of the test's own."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def ledger(tmp_path: Path, business: Business) -> Path:
    """The ledger of a shop, as a file."""
    path = tmp_path / "ledger.csv"
    path.write_text(f"{HEADER}\n{LEDGER}", encoding="utf-8")
    return path


@pytest.fixture
def sheet(business: Any) -> Sheet:
    """How tents are inspected."""
    return tent_sheet()


@pytest.fixture
def line(tents: SalesOrder) -> ReturnLine:
    """Bo's three tents are expected, and here."""
    rma = request(tents, LineInput(D("3"), order_line=tents.lines.get()))
    receive(rma.lines.get(), "3")
    return rma.lines.get()
