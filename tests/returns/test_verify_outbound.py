"""`manage.py verify` recounts what was replaced, repaired, sent back and charged."""

from __future__ import annotations

import pytest

from returns.services import add_extra_line, charge_return, edit_line
from rmaproject.access.actors import SYSTEM
from sales.services.orders import cancel_order
from tests.factories import ask_return, goods, sell
from tests.returns.outcomes import replace, send_back, ship_all
from tests.returns.steps import D, receive
from tests.test_verify import broken, tamper, verify


@pytest.fixture
def sent(business, bo):
    """Two replaced, one of them by an order that was cancelled; one repaired; a fee charged."""
    rma = ask_return(sell(business, bo, goods("TENT", "5", "50.00")), "4", issued=True)
    line = rma.lines.get()
    ship_all(replace(line, in_advance=True))
    cancel_order(replace(line, in_advance=True).pk, actor=SYSTEM)
    edit_line(line, {"outcome": "repair"}, actor=SYSTEM)
    receive(line, "2")
    send_back(line, repaired=True)
    send_back(line)
    fee = {"name": "Fee", "kind": "fee", "gross_unit_price": D("-1.00")}
    add_extra_line(rma.pk, fee, actor=SYSTEM)
    charge_return(rma.pk, actor=SYSTEM, reason="He keeps it.")
    return rma


def test_what_left_and_what_was_charged_is_well(sent):
    assert verify().endswith("All well.\n")


TAMPERINGS = {
    "UPDATE returns_returnline SET replaced = replaced + 1": [
        "line 1 of RMA-0001: replaced is 1, should be 0",
    ],
    "UPDATE returns_returnline SET repaired = 0": [
        "line 1 of RMA-0001: repaired is 0, should be 1",
    ],
    "UPDATE returns_outbound SET repair = true WHERE kind = 'send_back'": [
        "line 1 of RMA-0001: repaired is 1, should be 2",
    ],
    "DELETE FROM returns_outboundend WHERE invoice_line_id IS NULL": [
        "line 1 of RMA-0001: replaced is 0, should be 1",
        "replacement on SO-0002: counted is 1, should be 0",
    ],
    "UPDATE returns_extraline SET credited = false": [
        "extra line 1 of RMA-0001: credited is False, should be True",
    ],
}


@pytest.mark.parametrize("sql", TAMPERINGS)
def test_a_wrong_figure_is_named_with_the_right_one(sent, sql):
    tamper(sql)

    assert sorted(broken()) == TAMPERINGS[sql]
