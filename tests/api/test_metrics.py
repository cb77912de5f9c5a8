"""The figures over REST: the same as on the pages, within rights, with what they mean."""

from __future__ import annotations

import json

import pytest

from returns.metrics.definitions import DEFINITIONS
from rmaproject.shared import clock
from tests.api.caller import Caller
from tests.factories import actor_with, ask_return, goods, sell
from tests.returns.steps import receive


def test_the_figures_are_told_with_their_definitions(ada, business, bo):
    rma = ask_return(sell(business, bo, goods("TENT", "3", "50.00")), "2", issued=True)
    receive(rma.lines.get())

    told = Caller(ada).get(f"/metrics/?from={clock.today(business)}").json()

    queues = {row["key"]: row["count"] for row in told["queues"]}
    assert queues["open"] == queues["inspect"] == queues["receive"] == 1
    rates = {row["by"]: row for row in told["return_rates"]}
    assert (rates["part"]["code"], rates["part"]["units"]) == ("TENT", "1")
    assert told["refunds"] == [
        {"step": "requested", "currency": "EUR", "documents": 1, "amount": "100.00"}
    ]
    assert [row["count"] for row in told["stages"]] == [0] * 6
    assert [row["key"] for row in told["definitions"]] == list(DEFINITIONS)


def test_who_may_not_see_money_is_told_no_amount(business, bo, roles):
    ask_return(sell(business, bo, goods("TENT", "3", "4321.50")), "2", issued=True)

    told = Caller(actor_with("Warehouse")).get("/metrics/").json()

    assert told["refunds"] == []
    assert "refund" not in {row["key"] for row in told["queues"]}
    assert "8643" not in json.dumps(told)
    assert "4321" not in json.dumps(told)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("from=soon", 400, "invalid"),
        ("business=", 400, "invalid"),
        ("days=3", 400, "invalid"),
        ("business=none", 404, "not_found"),
        ("category=x", 404, "not_found"),
        ("from=2001-01-01", 422, "no_period"),
        ("from=2026-02-01&to=2026-01-31", 422, "no_period"),
        ("to=0001-01-01", 422, "no_period"),
        ("to=9999-12-31", 422, "no_period"),
    ],
)
def test_what_cannot_be_meant_is_refused(ada, business, query, status, code):
    answer = Caller(ada).get(f"/metrics/?{query}")

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_business_is_named_by_its_code(ada, business):
    assert Caller(ada).get(f"/metrics/?business={business.code}").status_code == 200
