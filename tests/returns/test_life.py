"""The life of a unit: every step once, in order, with its papers, as far as one may know."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from guardian.shortcuts import assign_perm

from returns.life import life_of
from returns.models import Disposition
from returns.services import (
    ArrivalInput,
    LineInput,
    ReceiveInput,
    credit_return,
    issue_return,
    receive_return,
    request_return,
    turn_returns,
)
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.shared.errors import RuleViolation
from stock.models import StockItem
from stock.services import book_in, relocate
from tests.api.caller import Caller, problem
from tests.factories import (
    LocationFactory,
    PartFactory,
    UserFactory,
    actor_with,
    goods,
    sell,
)
from tests.web.browser import text_of


def come_back(business, customer, unit, *, disposition="restock"):
    """The unit returned, received, decided and credited."""
    lines = [LineInput(stock_item=unit)]
    made = request_return(business=business, customer=customer, actor=SYSTEM, lines=lines)
    issue_return(made.pk, actor=SYSTEM)
    decided = Disposition.objects.get(code=disposition)
    arrival = ArrivalInput(made.lines.get(), condition="opened", disposition=decided)
    receive_return(made.pk, ReceiveInput(lines=[arrival]), actor=SYSTEM)
    credit_return(made.pk, actor=SYSTEM)
    return made


@pytest.fixture
def drill(business):
    """A unit booked in and carried to another shelf."""
    part = PartFactory(sku="DRILL", is_serialized=True)
    (made,) = book_in(part, LocationFactory(code="DOOR"), actor=SYSTEM, serials=["D-1"])
    relocate(made.pk, location=LocationFactory(code="SHELF"), actor=SYSTEM)
    return StockItem.objects.get()


def sell_drill(business, customer):
    return sell(business, customer, goods("DRILL", "1", "80.00", serials=("D-1",)))


def test_a_unit_tells_all_that_happened_to_it_in_order(business, bo, cy, drill):
    first = sell_drill(business, bo)
    rma = come_back(business, bo, drill)
    again = sell_drill(business, cy)

    events = life_of(StockItem.objects.get(), SYSTEM)

    told = [(event.kind, tuple(paper.reference for paper in event.documents)) for event in events]
    note = first.credit_notes.get().reference
    assert sorted(told) == sorted(
        [
            ("booked_in", ()),
            ("moved", ()),
            ("sold", (first.reference,)),
            ("invoiced", (first.invoices.get().reference,)),
            ("announced", (rma.reference,)),
            ("received", (rma.reference,)),
            ("inspected", (rma.reference,)),
            ("decided", (rma.reference,)),
            ("credited", (note,)),
            ("sold", (again.reference,)),
            ("invoiced", (again.invoices.get().reference,)),
        ]
    )
    assert [event.at for event in events] == sorted(event.at for event in events)
    order = [event.kind for event in events if event.kind not in ("invoiced", "sold")]
    assert order == [
        "booked_in",
        "moved",
        "announced",
        "received",
        "inspected",
        "decided",
        "credited",
    ]
    received = next(event for event in events if event.kind == "received")
    assert received.facts == {"condition": "opened", "to": f"{dock(business)}, held"}
    assert next(event for event in events if event.kind == "inspected").facts == {
        "verdict": "accepted",
        "share": "100",
    }


def dock(business):
    return business.returns_location.code


def test_a_scrapped_unit_ends_with_that(business, bo, drill):
    sell_drill(business, bo)
    come_back(business, bo, drill, disposition="scrap")

    kinds = [event.kind for event in life_of(StockItem.objects.get(), SYSTEM)]

    assert kinds[-2:] == ["scrapped", "credited"]


def test_bulk_stock_has_no_life_of_its_own(business, ada):
    part = PartFactory(sku="PEG")
    (item,) = book_in(part, LocationFactory(), actor=SYSTEM, quantity=5)

    with pytest.raises(RuleViolation) as refused:
        life_of(item, SYSTEM)

    assert refused.value.code == "not_serialized"
    refusal = problem(Caller(ada).get(f"/stock-items/{item.uuid}/life/"), 422)
    assert refusal["code"] == "not_serialized"


def test_a_long_life_costs_as_many_queries_as_a_short_one(business, bo, cy, drill):
    def cost() -> int:
        unit, actor = StockItem.objects.get(), Actor(user, "test")
        with CaptureQueriesContext(connection) as caught:
            life_of(unit, actor)
        return len(caught)

    user = UserFactory(username="root", is_superuser=True)
    sell_drill(business, bo)
    come_back(business, bo, drill)
    once = cost()
    for customer in (cy, bo, cy):
        sell_drill(business, customer)
        come_back(business, customer, StockItem.objects.get())

    assert cost() == once
    assert len(life_of(StockItem.objects.get(), SYSTEM)) == 2 + 4 * 7


def test_what_may_not_be_seen_is_another_document_and_keeps_its_facts(business, bo, drill, roles):
    sell_drill(business, bo)
    come_back(business, bo, drill)
    dock_hand = actor_with("Warehouse")
    clerk = Actor(UserFactory(username="nobody"), "test")

    for actor, named in ((dock_hand, {"sales_order", "return"}), (clerk, set())):
        events = life_of(StockItem.objects.get(), actor)
        papers = [paper for event in events for paper in event.documents]
        assert {paper.kind for paper in papers if paper.reference} == named
        assert len(events) == 9
    hidden = [event for event in events if event.kind == "inspected"]
    assert [(event.facts, event.actor) for event in hidden] == [({}, "")]


def test_who_sees_one_customer_is_not_told_of_another(business, bo, cy, drill, roles):
    sell_drill(business, bo)
    come_back(business, bo, drill)
    theirs = sell_drill(business, cy)
    agent = actor_with("Service agent")
    agent.user.groups.clear()
    for right in ("stock.view_stock", "sales.view_order", "returns.view_return"):
        assign_perm(right, agent.user)
    assign_perm("customers.view_company", agent.user, cy)

    body = Caller(agent).get(f"/stock-items/{drill.uuid}/life/").json()

    named = [paper for event in body["events"] for paper in event["documents"] if paper["id"]]
    assert [paper["reference"] for paper in named] == [theirs.reference]
    hidden = {"kind": "return", "id": None, "reference": None}
    assert sum(hidden in event["documents"] for event in body["events"]) == 4


def test_returns_are_not_named_while_they_are_off(business, bo, drill):
    sell_drill(business, bo)
    come_back(business, bo, drill)
    turn_returns(on=False, actor=SYSTEM)

    events = life_of(StockItem.objects.get(), SYSTEM)

    papers = [paper for event in events for paper in event.documents if paper.kind == "return"]
    assert len(papers) == 4
    assert {paper.reference for paper in papers} == {""}


def test_the_life_is_told_over_rest_and_on_the_page_with_links(business, bo, drill, ada, client):
    sale = sell_drill(business, bo)
    rma = come_back(business, bo, drill)
    client.force_login(ada.user)

    body = Caller(ada).get(f"/stock-items/{drill.uuid}/life/").json()
    page = text_of(client.get(f"/stock/items/{drill.uuid}/"))

    assert (body["serial"], body["sku"], len(body["events"])) == ("D-1", "DRILL", 9)
    made = next(event for event in body["events"] if event["kind"] == "booked_in")
    assert (made["title"], made["facts"]) == ("Booked in", {"to": "DOOR, available"})
    assert body["events"][-1]["documents"][0]["kind"] == "credit_note"
    for link in (f"/returns/{rma.uuid}/", f"/sales/{sale.uuid}/"):
        assert f'href="{link}"' in page
    assert "Booked in" in page
    detail = text_of(client.get(f"/returns/{rma.uuid}/"))
    assert f'/stock/items/{drill.uuid}/#life"' in detail
