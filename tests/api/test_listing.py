"""A list of serials and SKUs over REST, whose lines a new return takes as they are."""

from __future__ import annotations

from returns.api.listing import ListedOutput
from tests.api.caller import Caller, problem
from tests.api.returning import asked
from tests.api.test_return_shape import compare
from tests.changes import picture
from tests.factories import actor_with


def test_the_lines_of_a_list_make_a_return(api, business, bo, sale):
    sku, before = sale.lines.get().part.sku, picture()

    answer = api.post("/returns/match-list/", {"text": f"{sku};1\nWHO", "customer": "BO"})

    assert (answer.status_code, picture()) == (200, before)
    told = answer.json()
    compare(told, ListedOutput())
    assert [row["code"] for row in told["rows"]] == ["", "not_found"]
    told = api.post("/returns/match-list/", {"text": sale.reference}).json()
    lines = [{key: value for key, value in told["lines"][0].items() if value}]
    assert told["customers"] == ["BO"]
    made = api.post("/returns/", asked(business, bo, *lines))
    assert made.status_code == 201


def test_a_list_is_for_those_who_ask_for_returns(business, sale):
    inspector = Caller(actor_with("Inspector"))

    assert problem(inspector.post("/returns/match-list/", {"text": "A"}), 403)
