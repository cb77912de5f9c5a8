from __future__ import annotations

from typing import Any

import pytest

from returns.compat.inventree import codes
from returns.models import Disposal, Outcome, ReturnLine, ReturnOrder
from returns.states import Status
from sales.models import CreditNote
from stock.models import State, StockItem
from tests.compat.inventree.calling import Caller, body
from tests.compat.inventree.test_rights import caller_with
from tests.factories import ask_return

pytestmark = pytest.mark.django_db


def asked(client: Caller, customer: Any, item: Any) -> tuple[int, int]:
    """An issued order with one line for a unit: their keys."""
    pk = body(client.post("order/ro/", {"customer": customer.pk}), 201)["pk"]
    line = body(client.post("order/ro-line/", {"order": pk, "item": item.pk}), 201)["pk"]
    body(client.post(f"order/ro/{pk}/issue/"), 201)
    return pk, line


def receive(client: Caller, pk: int, *items: dict[str, Any], place: int | None) -> Any:
    told = {"items": list(items), "location": place}
    return client.post(f"order/ro/{pk}/receive/", told)


def test_every_status_outcome_and_state_of_ours_has_a_code_of_theirs() -> None:
    assert set(codes.RETURN_STATUS) == set(Status.values)
    assert set(codes.OUTCOME) == set(Outcome.values)
    assert set(codes.STOCK_STATUS) == set(State.values)
    assert set(codes.WISHES) == {code.key for code in codes.OUTCOME_CODES}
    known = {code.key for code in codes.STOCK_CODES}
    assert known == {*codes.DECIDED_AT_THE_DOCK, *codes.SEEN_AT_THE_DOCK, 70}


@pytest.mark.parametrize(
    ("status", "state", "condition"),
    [
        (10, "available", "unknown"),
        (85, "available", "unknown"),
        (60, "scrapped", "unknown"),
        (None, "held", "unknown"),
        (75, "held", "unknown"),
        (50, "held", "opened"),
        (55, "held", "damaged"),
        (65, "held", "damaged"),
    ],
)
def test_the_state_of_received_goods(
    client: Caller, bo: Any, unit: Any, business: Any, status: int, state: str, condition: str
) -> None:
    pk, line = asked(client, bo, unit)

    item = {"item": line, **({"status": status} if status else {})}
    body(receive(client, pk, item, place=business.returns_location_id), 201)

    assert StockItem.objects.get(pk=unit.pk).state == state
    assert ReturnLine.objects.get(pk=line).receipt_lines.get().condition == condition


def test_what_was_received_is_not_lost(client: Caller, bo: Any, unit: Any, business: Any) -> None:
    pk, line = asked(client, bo, unit)

    told = body(
        receive(client, pk, {"item": line, "status": 70}, place=business.returns_location_id), 400
    )

    assert told == {"items": [{"status": ["What was received is not lost."]}]}
    assert ReturnLine.objects.get(pk=line).received == 0


@pytest.mark.parametrize(
    ("code", "verdict", "state", "outcome"),
    [
        (20, "rejected", "to_send_back", Outcome.SENT_BACK),
        (30, "accepted", "in_repair", Outcome.REPAIR),
        (40, "accepted", "quarantined", Outcome.REPLACEMENT),
        (50, "accepted", "quarantined", Outcome.REFUND),
        (60, "rejected", "to_send_back", Outcome.NOTHING),
    ],
)
def test_an_outcome_decides_what_was_received(
    client: Caller,
    bo: Any,
    unit: Any,
    business: Any,
    code: int,
    verdict: str,
    state: str,
    outcome: str,
) -> None:
    pk, line = asked(client, bo, unit)
    body(receive(client, pk, {"item": line}, place=business.returns_location_id), 201)

    told = body(client.patch(f"order/ro-line/{line}/", {"outcome": code}))

    row = ReturnLine.objects.get(pk=line)
    assert told["outcome"] == code
    assert (getattr(row, verdict), row.outcome) == (1, outcome)
    assert StockItem.objects.get(pk=unit.pk).state == state


def test_an_outcome_before_the_goods_is_a_wish(client: Caller, bo: Any, unit: Any) -> None:
    _, line = asked(client, bo, unit)

    told = body(client.patch(f"order/ro-line/{line}/", {"outcome": 40}))

    assert told["outcome"] == 40
    assert not Disposal.objects.exists()


def test_decided_goods_are_not_pending_again(
    client: Caller, bo: Any, unit: Any, business: Any
) -> None:
    pk, line = asked(client, bo, unit)
    place = business.returns_location_id
    body(receive(client, pk, {"item": line, "status": 10}, place=place), 201)

    told = body(client.patch(f"order/ro-line/{line}/", {"outcome": 10}), 409)
    body(client.patch(f"order/ro-line/{line}/", {"outcome": 60}), 409)

    assert list(told) == ["outcome"]
    assert ReturnLine.objects.get(pk=line).accepted == 1


def test_complete_books_the_credit_that_a_refund_owes(
    client: Caller, bo: Any, unit: Any, business: Any
) -> None:
    pk, line = asked(client, bo, unit)
    place = business.returns_location_id
    body(receive(client, pk, {"item": line, "status": 10}, place=place), 201)
    body(client.patch(f"order/ro-line/{line}/", {"outcome": 50}))

    body(client.post(f"order/ro/{pk}/complete/"), 201)

    assert CreditNote.objects.get().gross == 121


def test_complete_is_refused_to_who_may_not_book_the_credit(
    client: Caller, bo: Any, unit: Any, business: Any
) -> None:
    pk, line = asked(client, bo, unit)
    place = business.returns_location_id
    body(receive(client, pk, {"item": line, "status": 10}, place=place), 201)
    body(client.patch(f"order/ro-line/{line}/", {"outcome": 50}))

    clerk = caller_with("view_return", "complete_return")
    told = body(clerk.post(f"order/ro/{pk}/complete/"), 409)

    assert told == {"non_field_errors": ["A credit is owed and not booked."]}
    assert not CreditNote.objects.exists()


def test_complete_with_undecided_goods_is_refused(
    client: Caller, bo: Any, unit: Any, business: Any
) -> None:
    pk, line = asked(client, bo, unit)
    body(receive(client, pk, {"item": line}, place=business.returns_location_id), 201)

    told = body(client.post(f"order/ro/{pk}/complete/"), 409)

    assert told == {"non_field_errors": ["1 are here and undecided."]}
    assert ReturnOrder.objects.get().status == Status.IN_PROGRESS


def test_goods_are_received_once(client: Caller, bo: Any, unit: Any, business: Any) -> None:
    pk, line = asked(client, bo, unit)
    place = business.returns_location_id
    body(receive(client, pk, {"item": line}, place=place), 201)

    told = body(receive(client, pk, {"item": line}, place=place), 422)

    assert list(told["items"][0]) == ["quantity"]
    assert ReturnLine.objects.get(pk=line).receipt_lines.count() == 1


def test_a_line_of_another_order_is_refused(
    client: Caller, bo: Any, unit: Any, pegs: Any, business: Any
) -> None:
    pk, _ = asked(client, bo, unit)
    other = ask_return(pegs.order, "1", issued=True).lines.get()

    told = body(receive(client, pk, {"item": other.pk}, place=business.returns_location_id), 400)

    assert told == {"items": [{"item": ["Line item does not match return order."]}]}
    other.refresh_from_db()
    assert other.received == 0


@pytest.mark.parametrize(
    ("change", "named"),
    [({"location": None}, "location"), ({"items": []}, "items"), ({"items": None}, "items")],
)
def test_a_receipt_names_lines_and_a_place(
    client: Caller, bo: Any, unit: Any, business: Any, change: dict[str, Any], named: str
) -> None:
    pk, line = asked(client, bo, unit)
    told = {"items": [{"item": line}], "location": business.returns_location_id, **change}

    assert list(body(client.post(f"order/ro/{pk}/receive/", told), 400)) == [named]


def test_a_part_of_a_line_may_come_first(client: Caller, bo: Any, pegs: Any, business: Any) -> None:
    order = ask_return(pegs.order, "3", issued=True)
    line = order.lines.get()
    place = business.returns_location_id

    body(receive(client, order.pk, {"item": line.pk, "quantity": 2}, place=place), 201)
    first = body(client.get(f"order/ro-line/{line.pk}/"))
    body(receive(client, order.pk, {"item": line.pk}, place=place), 201)
    rest = body(client.get(f"order/ro-line/{line.pk}/"))

    assert (first["received"], first["received_date"]) == (2.0, None)
    assert rest["received"] == 3.0
    assert rest["received_date"]
