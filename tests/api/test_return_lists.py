"""Lists of returns over REST: filters, search, pages, and who sees what."""

from __future__ import annotations

import pytest
from guardian.shortcuts import assign_perm

from returns.services import (
    LineInput,
    add_parcel,
    issue_return,
    request_return,
    turn_returns,
)
from rmaproject.access.actors import SYSTEM
from tests.api.caller import Caller, pointers, problem
from tests.api.returning import asked
from tests.factories import BusinessFactory, actor_with, ask_return, goods, sell


def references(response):
    assert response.status_code == 200, response.content
    return [row["reference"] for row in response.json()["results"]]


def test_the_list_is_filtered(api, business, bo, cy, sale, ada):
    theirs = sell(business, cy, goods("ROPE", "9"))
    one = api.post(
        "/returns/",
        asked(
            business,
            bo,
            {"order_line": str(sale.lines.get().uuid), "quantity": "1"},
            reference="ONE",
            target_date="2026-04-01",
            responsible_user="ada",
        ),
    ).json()
    two = ask_return(theirs, issued=True)

    for query, found in {
        "status=pending": ["ONE"],
        "status__in=in_progress,on_hold": [two.reference],
        "goods=expected&ordering=created_at": ["ONE", two.reference],
        "money=due": [],
        f"business={business.uuid}": [two.reference, "ONE"],
        "business=1000": [two.reference, "ONE"],
        "customer=cy": [two.reference],
        f"customer={bo.uuid}": ["ONE"],
        "responsible_user=ada": ["ONE"],
        "responsible_group=Manager": [],
        "reference=one": ["ONE"],
        f"sales_order={sale.uuid}": ["ONE"],
        f"sales_order={theirs.reference}": [two.reference],
        "target_date=2026-04-01": ["ONE"],
        "target_date__gte=2026-04-02": [],
        "target_date__lte=2026-04-01": ["ONE"],
        "created_at__gte=2026-01-01T00:00:00Z": [two.reference, "ONE"],
        "created_at__lte=2026-01-01T00:00:00Z": [],
        "open=true": [two.reference, "ONE"],
        "open=false": [],
        "ordering=reference": ["ONE", two.reference],
        "ordering=target_date": ["ONE", two.reference],
    }.items():
        assert references(api.get(f"/returns/?{query}")) == found, query
    assert one["reference"] == "ONE"


@pytest.mark.parametrize(
    "query", ["colour=red", "status=lost", "status__in=pending,lost", "target_date=soon", "limit=0"]
)
def test_parameters_that_cannot_be_read_are_refused(api, business, query):
    name = query.partition("=")[0]

    assert pointers(problem(api.get(f"/returns/?{query}"), 400)).keys() == {name}


@pytest.mark.parametrize("name", ["status", "status__in", "customer", "target_date__lte", "open"])
def test_an_empty_filter_is_refused_lest_it_lists_everything(api, business, name):
    assert pointers(problem(api.get(f"/returns/?{name}="), 400)).keys() == {name}
    assert references(api.get("/returns/?search=")) == []


def test_search_finds_by_any_number_or_name(api, business, bo, cy, sale, unit):
    hit = request_return(
        business=business,
        customer=bo,
        actor=SYSTEM,
        reference="WANTED-1",
        lines=[LineInput(stock_item=unit)],
    )
    issue_return(hit.pk, actor=SYSTEM)
    add_parcel(hit.pk, {"tracking_number": "3SXYZ99"}, actor=SYSTEM)
    other = sell(business, cy, goods("ROPE", "1"), reference="OTHER-SALE")
    ask_return(other)
    sold = hit.lines.get().order_line.order.reference

    for text in ("wanted", "jansen", "bo", "d-1", "dril", "xyz9", sold):
        assert references(api.get(f"/returns/?search={text}")) == ["WANTED-1"], text
    assert references(api.get("/returns/?search=nothing-like-it")) == []


def test_lists_go_on_by_cursor(api, sale):
    for _ in range(3):
        ask_return(sale)

    first = api.get("/returns/?limit=2&ordering=created_at")
    body = first.json()
    rest = api.client.get(body["next"], headers=api.headers).json()

    assert len(body["results"]) == 2
    assert body["previous"] is None
    assert 'rel="next"' in first.headers["Link"]
    assert len(rest["results"]) == 1
    assert rest["next"] is None


def test_who_sees_one_business_sees_only_its_returns(business, bo, cy, sale, roles):
    clerk = actor_with("Service agent")
    see_all = clerk.user.groups.get()
    see_all.permissions.remove(see_all.permissions.get(codename="see_all_businesses"))
    own = BusinessFactory(code="2000")
    assign_perm("sales.view_business", clerk.user, own)
    mine = ask_return(sell(own, cy, goods("ROPE", "2")))
    foreign = ask_return(sale)
    api = Caller(clerk.user)

    assert references(api.get("/returns/")) == [mine.reference]
    assert references(api.get("/returns/?search=TENT")) == []
    for path in ("", "lines/", "history/", "comments/", "receipts/"):
        assert problem(api.get(f"/returns/{foreign.uuid}/{path}"), 404)["code"] == "not_found"
    assert problem(api.verb(foreign, "issue"), 404)
    entry = {"order_line": str(sale.lines.get().uuid), "quantity": "1"}
    refused = api.post(f"/returns/{mine.uuid}/lines/", entry)
    assert pointers(problem(refused, 404)) == {"/order_line": "not_found"}
    foreign.refresh_from_db()
    assert (foreign.status, foreign.version) == ("pending", 1)
    assert mine.lines.count() == 1


def test_without_the_right_to_see_returns_nothing_is_shown(business, sale, db):
    rma = ask_return(sale)
    nobody = Caller(actor_with().user)

    assert problem(nobody.get("/returns/"), 403)
    assert problem(nobody.get(f"/returns/{rma.uuid}/"), 403)
    assert problem(Caller().get("/returns/"), 401)["code"] == "not_authenticated"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/returns/"),
        ("POST", "/returns/"),
        ("POST", "/returns/record/"),
        ("GET", "/returns/{id}/"),
        ("PATCH", "/returns/{id}/"),
        ("DELETE", "/returns/{id}/"),
        ("POST", "/returns/{id}/issue/"),
        ("POST", "/returns/{id}/lines/"),
        ("GET", "/returns/{id}/lines/"),
        ("GET", "/returns/{id}/history/"),
        ("POST", "/returns/{id}/comments/"),
        ("GET", "/receipts/"),
    ],
)
def test_while_returns_are_off_everything_of_returns_says_so(api, sale, method, path):
    rma = ask_return(sale)
    turn_returns(on=False, actor=SYSTEM)

    response = api.call(method, path.format(id=rma.uuid), If_Match='"1"')

    assert problem(response, 403)["code"] == "returns_disabled"
    rma.refresh_from_db()
    assert rma.version == 1
