"""What is on the shelf, and an order of four boxes of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rmaproject.access.actors import SYSTEM
from sales.services.orders import add_lines, create_order
from stock.services import book_in
from tests.factories import LocationFactory, PartFactory
from tests.web.selling.steps import fresh


@pytest.fixture
def shelf(db):
    return LocationFactory(code="A-01")


@pytest.fixture
def tent(shelf):
    part = PartFactory(sku="TENT", name="Tent", is_serialized=True)
    book_in(part, shelf, serials=["T-1", "T-2"], actor=SYSTEM)
    return part


@pytest.fixture
def pegs(shelf):
    part = PartFactory(sku="PEGS", name="Pegs")
    book_in(part, shelf, quantity=Decimal(10), actor=SYSTEM)
    return part


@pytest.fixture
def order(business, bo, pegs):
    made = create_order(business=business, customer=bo, actor=SYSTEM, reference="SO-1")
    line = {"part": pegs, "quantity": Decimal(4), "gross_unit_price": Decimal("2.50")}
    add_lines(made.pk, [line], actor=SYSTEM)
    return fresh(made)
