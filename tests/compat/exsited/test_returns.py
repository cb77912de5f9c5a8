"""Returns through this door, with the bodies that its documentation shows, compared whole."""

from __future__ import annotations

import pytest

from returns.models import ReturnOrder
from returns.services import approve_return, reject_return
from rmaproject.access.actors import SYSTEM
from sales.models import OrderLine
from stock.models import Movement
from tests.compat.calling import body_of, same
from tests.compat.exsited.steps import MANY, ONE, RECEIVED, RMAS, codes
from tests.factories import ask_return, goods, sell
from tests.returns.ruling import publish, rule

pytestmark = pytest.mark.django_db

CREATED = {
    "invoice": {
        "return_merchandise_authorisation": {
            "id": "RMA-77",
            "customer_return_status": "PENDING",
            "customer_return_date": "2024-08-28T00:00:00+02:00",
            "invoice_id": "<text:invoice>",
            "note": "Poles are bent.",
            "received_count": "0",
            "returns": [
                {
                    "item_id": "TENT",
                    "item_name": "TENT",
                    "item_uuid": "<uuid:item>",
                    "rma_returned": "0",
                    "rma_requested": "2",
                    "uuid": "<uuid:line>",
                }
            ],
            "created_by": "connector",
            "created_on": "<time:made>",
            "last_updated_by": "connector",
            "last_updated_on": "<time>",
            "uuid": "<uuid:rma>",
            "version": "2",
        }
    }
}


def seed(desk):
    """The body of the documentation, every field of it."""
    return desk.asks(("TENT", "2"), id="RMA-77", date="2024-08-28", note="Poles are bent.")


@pytest.mark.parametrize("version", ["/api/v3", "/api/v2", ""])
def test_a_return_is_asked_for_and_issued_at_once(desk, version):
    answer = desk.caller.post(desk.path(version=version), seed(desk))

    known = same(body_of(answer, 201), CREATED)
    order = ReturnOrder.objects.get()
    assert known["invoice"] == desk.invoice.reference
    assert known["item"] == str(desk.line().part.uuid)
    assert known["line"] == str(order.lines.get().uuid)
    assert known["rma"] == str(order.uuid)
    assert (order.status, order.reference, order.customer_id) == (
        "in_progress",
        "RMA-77",
        desk.invoice.customer_id,
    )
    assert order.lines.get().invoice_line == desk.line()
    assert OrderLine.objects.get(part__sku="TENT").claimed == 2


def test_without_a_number_ours_is_drawn_and_without_a_date_today_is_shown(desk):
    shown = desk.ask(("PEG", "2.5"))

    order = ReturnOrder.objects.get()
    assert shown["id"] == order.reference
    assert shown["customer_return_date"].startswith(f"{order.requested_on}T00:00:00+0")
    assert shown["returns"][0]["rma_requested"] == "2.5"
    assert order.dated_on is None


def test_receiving_all_closes_the_return_and_moves_the_goods(desk):
    desk.caller.post(desk.path(), seed(desk))
    rma = ReturnOrder.objects.get()
    line = rma.lines.get()
    came = {"rma_receive_quantity": "2", "uuid": str(line.uuid)}
    body = {f"{RECEIVED}s": {"receive_returns": [came]}}

    answer = desk.caller.post(desk.path("RMA-77", "receive", version="/api/v2"), body)

    expected = CREATED["invoice"][ONE]
    received = {**expected["returns"][0], "rma_returned": "2"}
    same(
        body_of(answer),
        {
            ONE: {
                **expected,
                "customer_return_status": "CLOSED",
                "received_count": "2",
                "returns": [received],
                "version": "3",
            }
        },
    )
    assert (Movement.objects.last().quantity, Movement.objects.last().to_state) == (2, "held")


def test_a_part_of_it_leaves_the_return_pending_and_more_than_is_expected_is_refused(desk):
    rma = desk.ask(("TENT", "2"))

    first = body_of(desk.receive(rma, "1"))[ONE]
    assert (first["customer_return_status"], first["received_count"]) == ("PENDING", "1")

    field = f"{RECEIVED}s.receive_returns[0].rma_receive_quantity"
    assert codes(desk.receive(rma, "2"), 422) == {field: "exceeds_expected"}
    assert body_of(desk.receive(rma, "1"))[ONE]["customer_return_status"] == "CLOSED"


def test_receipts_are_listed_and_shown_by_number_and_id(desk):
    rma = desk.ask(("TENT", "2"), ("PEG", "4"), id="RMA-1")
    desk.receive(rma, "1", "4")
    desk.receive(rma, "1")
    path = desk.path("RMA-1", "receive", version="/api/v2")
    tent, peg = ReturnOrder.objects.get().lines.order_by("number")

    def item(line, quantity):
        return {
            "rma_receive_quantity": quantity,
            "item_id": line.part.sku,
            "item_name": line.part.name,
            "item_uuid": str(line.part.uuid),
            "uuid": str(line.uuid),
        }

    def receipt(number, *items):
        return {
            "id": number,
            "receive_returns": list(items),
            "created_by": "connector",
            "created_on": "<time>",
            "uuid": f"<uuid:receipt{number}>",
        }

    first = receipt("1", item(tent, "1"), item(peg, "4"))
    second = receipt("2", item(tent, "1"))
    known = same(
        body_of(desk.caller.get(path)),
        {
            f"{RECEIVED}s": [first, second],
            "pagination": {
                "records": 2,
                "limit": 50,
                "offset": 0,
                "previous_page": None,
                "next_page": None,
            },
        },
    )
    same(body_of(desk.caller.get(f"{path}/2")), {RECEIVED: second}, known)
    same(body_of(desk.caller.get(f"{path}/{known['receipt1']}")), {RECEIVED: first}, known)
    assert codes(desk.caller.get(f"{path}/3"), 404) == {None: "not_found"}
    turned = body_of(desk.caller.get(f"{path}?direction=desc&limit=1"))
    assert [row["id"] for row in turned[f"{RECEIVED}s"]] == ["2"]
    assert turned["pagination"]["next_page"].endswith("/receive?direction=desc&limit=1&offset=1")


def test_returns_are_listed_below_their_invoice_and_all_together(desk, business, bo):
    other = sell(business, bo, goods("LAMP", "1", "9.00"))
    elsewhere = ask_return(other, issued=True)
    mine = desk.ask(("TENT", "1"), id="A")
    more = desk.ask(("PEG", "1"), id="B")

    below = body_of(desk.caller.get(desk.path(version="/api/v2")))
    page = {"limit": 50, "offset": 0, "previous_page": None, "next_page": None}
    expected = {"invoice": {MANY: [mine, more], "pagination": {"records": 2, **page}}}
    assert below == expected
    everything = body_of(desk.caller.get(f"/api/v3/{RMAS}"))
    assert [row["id"] for row in everything[MANY]] == [elsewhere.reference, "A", "B"]
    assert everything[MANY][0]["invoice_id"] == other.invoices.get().reference
    assert everything[MANY][1:] == [mine, more]
    assert everything["pagination"] == {"records": 3, **page}


def test_pages_follow_each_other_by_their_links(desk):
    for name in ("A", "B", "C"):
        desk.ask(("PEG", "1"), id=name)

    first = body_of(desk.caller.get(f"/api/v3/{RMAS}?limit=2&order_by=id&direction=desc"))
    second = body_of(desk.caller.get(first["pagination"]["next_page"]))

    assert [row["id"] for row in first[MANY]] == ["C", "B"]
    assert [row["id"] for row in second[MANY]] == ["A"]
    assert second["pagination"]["next_page"] is None
    before = body_of(desk.caller.get(second["pagination"]["previous_page"]))
    assert before[MANY] == first[MANY]


def test_a_return_is_shown_alone_and_below_its_invoice_by_number_and_id(desk):
    mine = desk.ask(("TENT", "1"), id="RMA/1 ä")

    for ident in ("RMA/1 ä", "rma/1 Ä", mine["uuid"]):
        assert body_of(desk.caller.get(f"/api/v3/{RMAS}/{ident}")) == {ONE: mine}
        shown = body_of(desk.caller.get(desk.path(ident, version="/api/v2")))
        assert shown == {"invoice": {ONE: mine}}


def test_a_return_of_another_invoice_is_not_below_this_one(desk, business, bo):
    other = ask_return(sell(business, bo, goods("LAMP", "1", "9.00")), issued=True)

    assert codes(desk.caller.get(desk.path(other.reference)), 404) == {None: "not_found"}
    assert codes(desk.caller.get(desk.path("nothing")), 404) == {None: "not_found"}


def test_a_return_that_needs_approval_waits_and_cannot_be_received(desk, business):
    publish(business, rule("approval", {"needed": "always"}))
    rma = desk.ask(("TENT", "1"), id="RMA-1")

    assert ReturnOrder.objects.get().status == "awaiting_approval"
    assert rma["customer_return_status"] == "PENDING"
    assert codes(desk.receive(rma, "1"), 409) == {None: "illegal_transition"}
    approve_return(ReturnOrder.objects.get().pk, actor=SYSTEM)
    assert body_of(desk.receive(rma, "1"))[ONE]["customer_return_status"] == "CLOSED"


def test_a_rejected_return_is_closed(desk, business):
    publish(business, rule("approval", {"needed": "always"}))
    desk.ask(("TENT", "1"), id="RMA-1")
    reject_return(ReturnOrder.objects.get().pk, actor=SYSTEM, reason="No.")

    shown = body_of(desk.caller.get(f"/api/v3/{RMAS}/RMA-1"))[ONE]

    assert (shown["customer_return_status"], shown["last_updated_by"]) == ("CLOSED", "system")


def test_units_that_can_only_be_these_are_received_without_a_serial(business, bo, desk):
    bikes = sell(business, bo, goods("BIKE", "2", "90.00", serials=("B-1", "B-2")))
    desk.invoice = bikes.invoices.get()
    rma = desk.ask(("BIKE", "2"))

    field = f"{RECEIVED}s.receive_returns[0].serial"
    assert codes(desk.receive(rma, "1"), 422) == {field: "serial_missing"}
    assert body_of(desk.receive(rma, "2"))[ONE]["received_count"] == "2"
    units = ReturnOrder.objects.get().receipts.get().lines.values_list("stock_item__serial")
    assert sorted(units) == [("B-1",), ("B-2",)]
    shown = body_of(desk.caller.get(desk.path(rma["id"], "receive")))[f"{RECEIVED}s"][0]
    assert [line["rma_receive_quantity"] for line in shown["receive_returns"]] == ["2"]


def test_one_of_two_units_is_received_by_its_serial(business, bo, desk):
    bikes = sell(business, bo, goods("BIKE", "2", "90.00", serials=("B-1", "B-2")))
    desk.invoice = bikes.invoices.get()
    rma = desk.ask(("BIKE", "1"))
    came = {
        "rma_receive_quantity": "1",
        "uuid": rma["returns"][0]["uuid"],
        "serial": "b-2",
    }
    body = {f"{RECEIVED}s": {"receive_returns": [came]}}

    answer = desk.caller.post(desk.path(rma["id"], "receive"), body)

    assert body_of(answer)[ONE]["customer_return_status"] == "CLOSED"


def test_each_of_two_invoice_lines_of_one_part_is_returned_by_itself(business, bo, desk):
    twice = sell(business, bo, goods("MAT", "1", "20.00"), goods("MAT", "2", "15.00"))
    desk.invoice = twice.invoices.get()
    first, second = desk.invoice.lines.order_by("number")
    wanted = {"rma_quantity": "2", "item_id": "mat", "uuid": str(second.uuid)}

    body_of(desk.caller.post(desk.path(), {MANY: {"returns": [wanted]}}), 201)

    assert [line.order_line.claimed for line in (first, second)] == [0, 2]
