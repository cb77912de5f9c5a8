"""Sales orders over REST, from the wish to the invoice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from guardian.shortcuts import assign_perm

from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.audit.models import AuditEntry
from sales.models import Allocation, Invoice, OrderLine, SalesOrder, Shipment
from sales.services.orders import create_order
from stock.models import StockItem
from stock.services import book_in
from tests.api.caller import Caller, codes
from tests.factories import (
    BusinessFactory,
    LocationFactory,
    PartFactory,
    UserFactory,
    actor_with,
    goods,
    sell,
)

pytestmark = pytest.mark.django_db

ORDER = {
    "business": "1000",
    "customer": "bo",
    "lines": [
        {"part": "PEG", "quantity": "3", "gross_unit_price": "5.00", "vat_percent": 21},
        {"kind": "discount", "name": "Friend", "quantity": 1, "gross_unit_price": -1},
    ],
}


@pytest.fixture
def pegs(business: Any, bo: Any) -> Any:
    """Ten pegs on a shelf, which Bo may buy from business 1000."""
    part = PartFactory(sku="PEG", name="Peg")
    return book_in(part, LocationFactory(code="A"), quantity=Decimal(10), actor=SYSTEM)[0]


def test_an_order_goes_from_the_wish_to_the_invoice(ada: Any, pegs: Any) -> None:
    caller = Caller(ada)
    made = caller.post("/sales-orders/", ORDER)
    order, at = made.json(), made["Location"]
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    assert (order["reference"], order["status"], order["gross"]) == ("SO-0001", "pending", "14.00")
    assert order["customer"]["reference"] == "BO"
    assert order["allowed_actions"] == ["issue", "hold", "allocate", "cancel", "edit"]

    issued = caller.post(at + "issue", If_Match='"1"')
    assert (issued.json()["status"], issued["ETag"]) == ("in_progress", '"2"')
    parcel = caller.post(at + "shipments/", {"carrier": "PostNL"})
    assert (parcel.status_code, parcel.json()["reference"], parcel["ETag"]) == (201, "1", '"3"')
    assert caller.get(parcel["Location"]).json() == parcel.json()
    goods_line = order["lines"][0]["id"]
    wanted = {"line": goods_line, "stock_item": str(pegs.uuid), "quantity": "3"}
    allocated = caller.post(
        at + "allocate", {"shipment": "1", "lines": [wanted]}, If_Match='"3"'
    ).json()
    assert allocated["lines"][0]["allocated"] == "3"
    assert "ship" in allocated["allowed_actions"]
    sent = {"shipment": parcel.json()["id"], "tracking_number": "3S1"}
    shipped = caller.post(at + "ship", sent, If_Match='"4"').json()
    assert (shipped["shipped"], shipped["lines"][0]["returnable_quantity"]) == (True, "3")
    assert shipped["shipments"][0]["tracking_number"] == "3S1"
    assert shipped["shipments"][0]["allocations"][0]["stock_item"] == str(pegs.uuid)

    charged = caller.post(at + "invoice", {"reference": "INV-X"})
    assert (charged.status_code, charged.json()["gross"]) == (201, "14.00")
    assert caller.get(charged["Location"]).json() == charged.json()
    assert charged.json()["sales_order"] == order["id"]
    again = caller.post(at + "invoice")
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_invoice")
    closed = caller.post(at + "complete", If_Match='"5"').json()
    assert (closed["status"], closed["allowed_actions"]) == ("complete", [])
    assert closed["invoices"][0]["lines"][0]["order_line"] == goods_line
    pegs.refresh_from_db()
    assert (pegs.quantity, pegs.allocated) == (7, 0)


def test_an_illegal_move_says_the_status_and_what_is_legal(ada: Any, pegs: Any) -> None:
    caller = Caller(ada)
    at = caller.post("/sales-orders/", ORDER)["Location"]

    refused = caller.post(at + "complete", If_Match='"1"')

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "illegal_transition")
    assert problem["current_status"] == "pending"
    assert problem["legal_verbs"] == ["issue", "hold", "allocate", "cancel", "edit"]
    assert caller.get(at).json()["version"] == 1


def test_hold_and_resume_keep_where_the_order_was(ada: Any, pegs: Any) -> None:
    caller = Caller(ada)
    at = caller.post("/sales-orders/", ORDER)["Location"]

    held = caller.post(at + "hold", {"reason": "Customer called"}, If_Match='"1"').json()
    resumed = caller.post(at + "resume", If_Match='"2"').json()

    assert (held["status"], held["held_from"]) == ("on_hold", "pending")
    assert (resumed["status"], resumed["held_from"]) == ("pending", "")
    trail = caller.get(at + "history/").json()["results"]
    assert [row["verb"] for row in trail] == ["create", "hold", "resume"]
    assert trail[1]["facts"]["reason"] == "Customer called"


def test_cancelling_frees_what_was_allocated(ada: Any, pegs: Any) -> None:
    caller = Caller(ada)
    made = caller.post("/sales-orders/", ORDER)
    at, line = made["Location"], made.json()["lines"][0]["id"]
    parcel = caller.post(at + "shipments/").json()["id"]
    body = {"shipment": parcel, "lines": [{"line": line, "stock_item": str(pegs.uuid)}]}
    allocated = caller.post(at + "allocate", body, If_Match='"2"').json()
    ids = [row["id"] for row in allocated["shipments"][0]["allocations"]]

    freed = caller.post(at + "deallocate", {"allocations": ids}, If_Match='"3"').json()
    assert freed["shipments"][0]["allocations"] == []
    caller.post(at + "allocate", body, If_Match='"4"')
    gone = caller.post(at + "cancel", {"reason": "No money"}, If_Match='"5"').json()

    assert gone["status"] == "cancelled"
    pegs.refresh_from_db()
    assert (pegs.allocated, Allocation.objects.count()) == (0, 0)


def test_lines_of_another_order_do_not_exist_for_this_one(ada: Any, pegs: Any) -> None:
    caller = Caller(ada)
    mine = caller.post("/sales-orders/", ORDER)
    other = caller.post("/sales-orders/", ORDER).json()
    parcel = caller.post(mine["Location"] + "shipments/").json()["id"]
    foreign = {"line": other["lines"][0]["id"], "stock_item": str(pegs.uuid)}

    refused = caller.post(
        mine["Location"] + "allocate", {"shipment": parcel, "lines": [foreign]}, If_Match="*"
    )

    assert (refused.status_code, codes(refused)) == (404, {"/lines/0/line": "not_found"})
    assert not Allocation.objects.exists()


def test_lines_are_added_changed_and_taken_out(ada: Any, pegs: Any) -> None:
    caller = Caller(ada)
    at = caller.post("/sales-orders/", ORDER)["Location"]

    added = caller.post(
        at + "lines/", {"kind": "shipping", "name": "Post", "quantity": 1, "gross_unit_price": 4}
    )
    assert (added.status_code, added.json()["number"], added["ETag"]) == (201, 3, '"2"')
    line = added["Location"]
    assert caller.get(line).json() == added.json()
    assert caller.patch(line, {"quantity": 2}).status_code == 428
    changed = caller.patch(line, {"gross_unit_price": "4.95"}, If_Match='"2"')
    assert (changed.json()["gross_unit_price"], changed["ETag"]) == ("4.95", '"3"')
    assert caller.delete(line, If_Match='"2"').status_code == 412
    assert caller.delete(line, If_Match='"3"').status_code == 204
    numbers = [row["number"] for row in caller.get(at + "lines/").json()["results"]]
    assert numbers == [1, 2]


def test_bad_values_are_named_one_by_one(ada: Any, pegs: Any) -> None:
    lines = [
        {"number": 1, "part": "PEG", "quantity": "0", "gross_unit_price": "NaN"},
        {"number": 1, "part": "PEG", "quantity": 1, "gross_unit_price": 1, "colour": "red"},
    ]
    body = {"business": "1000", "customer": "BO", "currency": "XXX", "lines": lines, "on": 1}

    refused = Caller(ada).post("/sales-orders/", body)
    rest = Caller(ada).post("/sales-orders/", {**body, "on": 1} | {"lines": lines[:1]})

    assert (refused.status_code, codes(refused)) == (400, {"/on": "unknown_field"})
    del body["on"]
    told = codes(Caller(ada).post("/sales-orders/", body))
    assert told == {
        "/currency": "invalid_currency",
        "/lines/0/quantity": "min_value",
        "/lines/0/gross_unit_price": "invalid",
        "/lines/1/colour": "unknown_field",
    }
    assert rest.status_code == 400
    assert not SalesOrder.objects.exists()


def test_two_lines_with_one_number_are_refused(ada: Any, pegs: Any) -> None:
    line = {"number": 4, "part": "PEG", "quantity": 1, "gross_unit_price": 1}

    refused = Caller(ada).post("/sales-orders/", {**ORDER, "lines": [line, line]})

    assert (refused.status_code, codes(refused)) == (400, {"/lines/1/number": "doubled_number"})
    assert not SalesOrder.objects.exists()


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"customer": "NOBODY"}, 404, "not_found"),
        ({"reference": "SALE-1"}, 409, "reference_exists"),
        ({"lines": [{"quantity": 1, "gross_unit_price": 1}]}, 422, "part_missing"),
        (
            {"lines": [{"kind": "fee", "quantity": 1, "gross_unit_price": -1}]},
            422,
            "invalid_price",
        ),
        ({"reference": " X"}, 422, "invalid_reference"),
        (
            {
                "lines": [
                    {"part": "PEG", "quantity": "9" * 10, "gross_unit_price": "9" * 13},
                    {"kind": "discount", "quantity": 1, "gross_unit_price": -1},
                ]
            },
            422,
            "too_large",
        ),
    ],
)
def test_broken_rules_leave_no_order(
    ada: Any, business: Any, bo: Any, pegs: Any, change: Any, status: int, code: str
) -> None:
    sell(business, bo, goods("PEG"), reference="SALE-1")

    refused = Caller(ada).post("/sales-orders/", {**ORDER, **change})

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert SalesOrder.objects.count() == 1


def test_the_header_is_changed_with_people_by_name(ada: Any, pegs: Any) -> None:
    caller = Caller(ada)
    at = caller.post("/sales-orders/", ORDER)["Location"]
    body = {"responsible_user": "ada", "target_date": "2026-12-24", "note": "Call first"}

    changed = caller.patch(at, body, If_Match='"1"').json()
    both = caller.patch(at, {"responsible_group": "Manager"}, If_Match='"2"')

    assert (changed["responsible_user"], changed["target_date"]) == ("ada", "2026-12-24")
    assert (both.status_code, both.json()["code"]) == (422, "two_responsible")
    assert caller.get(at).json()["responsible_group"] is None
    fixed = caller.patch(at, {"reference": "X"}, If_Match='"2"')
    assert codes(fixed) == {"/reference": "unknown_field"}


def test_orders_are_found_by_filters_and_search(ada: Any, business: Any, bo: Any, cy: Any) -> None:
    sell(business, bo, goods("TENT"), reference="S-BO")
    sell(business, cy, goods("TENT"), reference="S-CY")
    caller = Caller(ada)

    def found(query: str) -> list[str]:
        return [row["reference"] for row in caller.get(f"/sales-orders/?{query}").json()["results"]]

    assert found("customer=BO&business=1000&status=complete") == ["S-BO"]
    assert found(f"customer={cy.uuid}") == ["S-CY"]
    assert found("customer=NOBODY") == []
    assert found("search=s-b") == ["S-BO"]
    assert found("search=stranger") == ["S-CY"]
    assert found("ordered_on__gte=2026-03-03") == []
    assert found("ordering=created_at") == ["S-BO", "S-CY"]


def test_allocations_are_listed_by_order(ada: Any, business: Any, bo: Any) -> None:
    first = sell(business, bo, goods("TENT", serials=("T-1",)))
    sell(business, bo, goods("PEG"))

    rows = Caller(ada).get(f"/allocations/?sales_order={first.reference}").json()["results"]

    assert [row["serial"] for row in rows] == ["T-1"]
    assert rows[0]["sales_order"] == str(first.uuid)


def test_who_is_granted_one_business_sees_no_order_of_another(roles: None, business: Any) -> None:
    from tests.factories import CompanyFactory

    other = BusinessFactory(code="2000")
    mine = sell(business, CompanyFactory(), goods("TENT"))
    theirs = sell(other, CompanyFactory(), goods("PEG"))
    clerk = UserFactory(username="clerk")
    for right in ("sales.view_order", "sales.hold_order", "sales.edit_order", "sales.view_invoice"):
        assign_perm(right, clerk)
    assign_perm("sales.view_business", clerk, business)
    caller = Caller(Actor(clerk))

    rows = caller.get("/sales-orders/").json()["results"]
    assert [row["id"] for row in rows] == [str(mine.uuid)]
    assert [row["code"] for row in caller.get("/businesses/").json()["results"]] == ["1000"]
    assert len(caller.get("/invoices/").json()["results"]) == 1
    assert len(caller.get("/allocations/").json()["results"]) == 1
    hidden = f"/sales-orders/{theirs.uuid}/"
    for path in ("", "lines/", "shipments/", "history/"):
        assert caller.get(hidden + path).status_code == 404
    assert caller.post(hidden + "hold", If_Match="*").status_code == 404
    assert caller.patch(hidden, {"note": "Mine"}, If_Match="*").status_code == 404
    assert caller.get(f"/sales-orders/?business={other.uuid}").json()["results"] == []
    theirs.refresh_from_db()
    assert (theirs.note, theirs.version) == ("", 1)


def test_a_viewer_changes_no_order_and_sees_no_books(roles: None, pegs: Any) -> None:
    line = {"part": pegs.part, "quantity": Decimal(2), "gross_unit_price": Decimal(5)}
    order = create_order(
        business=BusinessFactory(code="3000"), customer=_bo(), lines=[line], actor=SYSTEM
    )
    caller = Caller(actor_with("Viewer"))
    at = f"/sales-orders/{order.uuid}/"
    row = order.lines.get()
    seen = caller.get(at).json()
    before = AuditEntry.objects.count()

    answers = [
        caller.post("/sales-orders/", ORDER),
        caller.patch(at, {"note": "X"}, If_Match="*"),
        caller.post(at + "lines/", {"kind": "fee", "quantity": 1, "gross_unit_price": 1}),
        caller.patch(f"{at}lines/{row.uuid}/", {"quantity": 1}, If_Match="*"),
        caller.delete(f"{at}lines/{row.uuid}/", If_Match="*"),
        caller.post(at + "shipments/", {}),
        *(
            caller.post(at + verb, {}, If_Match="*")
            for verb in (
                "issue hold resume allocate deallocate ship complete cancel invoice".split()
            )
        ),
        caller.post("/sales-orders/record", {}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 16
    assert (seen["invoices"], seen["payments"], seen["allowed_actions"]) == (None, None, [])
    order.refresh_from_db()
    assert (order.version, order.status, order.note) == (1, "pending", "")
    assert (OrderLine.objects.count(), Shipment.objects.count()) == (1, 0)
    assert (Invoice.objects.count(), AuditEntry.objects.count()) == (0, before)
    assert StockItem.objects.get().allocated == 0


def _bo() -> Any:
    from customers.models import Company

    return Company.objects.get(reference="BO")
