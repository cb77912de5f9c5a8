"""A believable outdoor shop to look around in: made once, by the services that real work uses."""

from __future__ import annotations

from collections.abc import Callable

from customers.models import Company
from returns.demo.goods import make_goods
from returns.demo.recorded import recorded
from returns.demo.rmas import make_returns
from returns.demo.sold import make_sales
from returns.demo.terms import make_terms
from returns.services import turn_returns
from returns.setup import make_codes, make_sheet
from returns.switch import returns_are_on
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.shared.db import command, try_lock
from sales.models import SalesOrder
from stock.models import Part

SMALL, USUAL, FULL = "small", "usual", "full"
#: How many past weeks each size tells of.
WEEKS = {SMALL: 0, USUAL: 12, FULL: 26}


def is_unused() -> bool:
    """Whether nobody has worked here yet: no customer, no part, no sale."""
    return not any(model.objects.exists() for model in (Company, Part, SalesOrder))


def make_demo(progress: Callable[[str], None], *, size: str = USUAL, actor: Actor = SYSTEM) -> bool:
    """Fill an installation that nobody has used yet; one that holds anything stays as it is.

    All of it is made or nothing, so an interrupted run is simply run again. `progress` gets a
    line for each step. `size` "usual" adds some settled returns of the last weeks, so that charts
    show a course, "full" all returns of the last half year. Gives whether it was made. Which rows
    it made is kept, so that `remove_demo` finds them.
    """
    if not is_unused():
        progress("There is data already; nothing was added.")
        return False
    return _make(progress, size, actor)


@command
def _make(progress: Callable[[str], None], size: str, actor: Actor) -> bool:
    if not try_lock("demo"):
        progress("Somebody else is making it just now.")
        return False
    make_codes()
    make_sheet()
    if not returns_are_on():
        turn_returns(on=True, actor=SYSTEM)
    with recorded(actor):
        _fill(progress, size)
    return True


def _fill(progress: Callable[[str], None], size: str) -> None:
    world = make_goods()
    progress(f"{len(world.companies)} companies, {len(world.parts)} parts, stock on the shelves")
    make_terms(world)
    sold = make_sales(world)
    progress(f"{len(sold)} sales orders with shipments, invoices and payments")
    made = make_returns(world, sold, weeks=WEEKS[size])
    progress(f"{made} returns on every stage")
