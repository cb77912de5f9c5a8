"""Approving and raising a return at the same moment, and what it is that holds the two apart."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from threading import Event
from typing import Any

import pytest

from returns.expecting import expected_credits
from returns.models import ReturnOrder
from returns.services import _advance, approve_return, edit_line
from rmaproject.access.actors import SYSTEM
from rmaproject.audit import trail
from tests.factories import goods, sell
from tests.racing import WAIT, race
from tests.returns.ruling import publish
from tests.returns.test_approval import ABOVE_100, issued, status_of


@pytest.mark.django_db(transaction=True)
def test_approving_and_raising_at_once_never_lets_more_through_than_was_approved(business, bo):
    publish(business, ABOVE_100)
    order = sell(business, bo, goods("TENT", "10", "50.00"))
    made = issued(order, "3")
    line = made.lines.get()

    done, refused = race(
        [
            partial(approve_return, made.pk, actor=SYSTEM),
            partial(edit_line, line, {"quantity": Decimal(9)}, actor=SYSTEM),
        ]
    )

    assert (len(done), refused) == (2, [])
    status, approved = status_of(made)
    assert (status, approved) in [
        ("in_progress", Decimal(450)),
        ("awaiting_approval", Decimal(150)),
    ]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_more_goes_through_than_was_approved(business, bo, monkeypatch):
    """Also out of the way: the guard of the version, which would refuse the late writer."""
    publish(business, ABOVE_100)
    order = sell(business, bo, goods("TENT", "10", "50.00"))
    made = issued(order, "3")
    line = made.lines.get()
    judged, raised = Event(), Event()
    keep = trail.change

    def without_version(root: Any, verb: str, *, actor: Any, fields: Any = None, **facts: Any):
        if verb == "approve":
            judged.set()
            raised.wait(WAIT)
        type(root).objects.filter(pk=root.pk).update(**(fields or {}))

    def raise_after_judging():
        judged.wait(WAIT)
        edit_line(line, {"quantity": Decimal(9)}, actor=SYSTEM)
        raised.set()

    monkeypatch.setattr(_advance, "lock_return", unlocked)
    monkeypatch.setattr(trail, "change", without_version)
    done, refused = race([partial(approve_return, made.pk, actor=SYSTEM), raise_after_judging])
    monkeypatch.setattr(trail, "change", keep)

    assert (len(done), refused) == (2, [])
    assert status_of(made) == ("in_progress", Decimal(150))
    assert expected_credits([made])[made.pk] == {"EUR": Decimal(450)}


def unlocked(return_id: int) -> ReturnOrder:
    return ReturnOrder.objects.select_related("business", "customer").get(pk=return_id)
