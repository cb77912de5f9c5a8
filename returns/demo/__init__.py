"""A believable outdoor shop to look around in: made once, by the services that real work uses."""

from __future__ import annotations

from collections.abc import Callable

from customers.models import Company
from returns.demo.goods import make_goods
from returns.demo.rmas import make_returns
from returns.demo.sold import make_sales
from returns.demo.terms import make_terms
from returns.services import turn_returns
from returns.setup import make_codes, make_sheet
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.db import command
from sales.models import SalesOrder
from stock.models import Part


def make_demo(progress: Callable[[str], None]) -> None:
    """Fill an installation that nobody has used yet; one that holds anything stays as it is.

    All of it is made or nothing, so an interrupted run is simply run again. `progress` gets a
    line for each step.
    """
    if any(model.objects.exists() for model in (Company, Part, SalesOrder)):
        progress("There is data already; nothing was added.")
        return
    _make(progress)


@command
def _make(progress: Callable[[str], None]) -> None:
    world = make_goods()
    progress(f"{len(world.companies)} companies, {len(world.parts)} parts, stock on the shelves")
    make_codes()
    make_sheet()
    make_terms(world)
    turn_returns(on=True, actor=SYSTEM)
    sold = make_sales(world)
    progress(f"{len(sold)} sales orders with shipments, invoices and payments")
    progress(f"{make_returns(world, sold)} returns on every stage")
