"""Each disposition moves stock once, keeps what it cost, and charges its fee."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from returns.models import Disposal, Disposition, ExtraLine, Inspection, ReturnOrder, Waiver
from returns.services import DisposeInput, LineInput, credit_return, dispose_return, disposing
from returns.services.codes import edit_disposition
from returns.terms import LineTerms
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import Conflict, NotPermitted, RuleViolation
from stock.models import Movement, StockItem
from stock.services import edit_part, relocate
from tests.changes import picture
from tests.factories import LocationFactory, actor_with, goods, sell
from tests.returns.steps import D, dispose, receive, request

#: action: state that goods are in after it, verdict that it gives.
EFFECTS = {
    "restock": ("available", "accepted"),
    "quarantine": ("quarantined", "accepted"),
    "repair": ("in_repair", "accepted"),
    "refurbish": ("refurbishing", "accepted"),
    "send_back": ("to_send_back", "rejected"),
    "scrap": ("scrapped", "accepted"),
    "return_to_vendor": ("returned_to_vendor", "accepted"),
    "donate": ("donated", "accepted"),
}
GONE = ("scrapped", "returned_to_vendor", "donated")


@pytest.fixture
def tents(business, bo):
    """A return of three tents, all expected."""
    order = sell(business, bo, goods("TENT", "3", "50.00"))
    return request(order, LineInput(D("3"), order_line=order.lines.get()))


@pytest.fixture
def bike(business, bo):
    order = sell(business, bo, goods("BIKE", "1", "900.00", serials=("B-1",)))
    return request(order, LineInput(stock_item=order.lines.get().unit_sales.get().stock_item))


def refused(action: Any, kind: type[Any] = RuleViolation) -> Any:
    before = picture()
    with pytest.raises(kind) as refusal:
        action()
    assert picture() == before
    return refusal.value


@pytest.mark.parametrize("code", EFFECTS)
def test_bulk_goods_go_where_the_action_says(tents, code):
    line = tents.lines.get()
    receive(line, "3")

    dispose(line, code, "2")

    state, verdict = EFFECTS[code]
    stock = {row.state: row.quantity for row in StockItem.objects.exclude(quantity=0)}
    assert stock == {"held": 1} if state in GONE else {"held": 1, state: 2}
    moved = Movement.objects.get(cause="disposal")
    assert (moved.quantity, moved.from_state, moved.to_state) == (2, "held", state)
    line.refresh_from_db()
    assert (line.received, line.disposed, getattr(line, verdict)) == (3, 2, 2)
    row = Disposal.objects.get()
    assert (row.action, row.quantity, row.inspection.verdict) == (code, 2, verdict)


@pytest.mark.parametrize("code", EFFECTS)
def test_a_unit_goes_where_the_action_says(bike, business, code):
    line = bike.lines.get()
    receive(line)

    dispose(line, code)

    state, _ = EFFECTS[code]
    unit = StockItem.objects.get()
    place = None if state in GONE else business.returns_location
    assert (unit.state, unit.location, unit.holder) == (state, place, None)
    assert Movement.objects.get(cause="disposal").to_state == state


def test_goods_sent_back_are_not_credited(tents):
    line = tents.lines.get()
    receive(line, "3")
    dispose(line, "send_back")

    refusal = refused(lambda: credit_return(tents.pk, actor=SYSTEM), Conflict)

    assert refusal.code == "nothing_to_credit"


def test_a_second_click_changes_nothing(tents):
    line = tents.lines.get()
    receive(line, "3")
    dispose(line, "scrap")

    refusal = refused(lambda: dispose(line, "scrap"), Conflict)

    assert refusal.code == "nothing_undecided"
    assert Movement.objects.filter(cause="disposal").count() == 1


def test_more_than_waits_is_refused_with_the_figure(tents):
    line = tents.lines.get()
    receive(line, "2")

    refusal = refused(lambda: dispose(line, "restock", "3"))

    assert (refusal.code, refusal.facts) == ("exceeds_received", {"undecided": "2"})
    assert refusal.pointer == "/lines/0/quantity"


def test_goods_that_must_be_inspected_are_not_decided_before(tents, monkeypatch):
    line = tents.lines.get()
    receive(line, "1")
    strict = LineTerms(inspection_required=True)
    monkeypatch.setattr(disposing, "line_terms", lambda order, line: strict)

    refusal = refused(lambda: dispose(line))

    assert (refusal.code, refusal.pointer) == ("inspection_required", "/lines/0/line")


def test_stock_in_repair_is_carried_on_by_hand(bike):
    line = bike.lines.get()
    receive(line)
    dispose(line, "repair")
    unit, shelf = StockItem.objects.get(), LocationFactory(code="SHELF")

    moved = relocate(unit.pk, location=shelf, state="available", actor=SYSTEM, note="Repaired.")

    assert (moved.state, moved.location) == ("available", shelf)


# what it costs


def cost(sku_line: Any, **values: Any) -> None:
    edit_part(sku_line.part_id, values, actor=SYSTEM)


def change(code: str, **values: Any) -> None:
    edit_disposition(Disposition.objects.get(code=code).pk, values, actor=SYSTEM)


def test_a_disposal_keeps_what_is_written_off_and_what_handling_cost(tents):
    line = tents.lines.get()
    cost(line, unit_cost=D("12.345"), cost_currency="EUR")
    change("refurbish", value_percent=D("80"), handling_cost=D("3.50"), currency="USD")
    receive(line, "3")

    dispose(line, "refurbish")
    cost(line, unit_cost=D("99"), cost_currency="EUR")
    change("refurbish", value_percent=D("10"), handling_cost=D("0"), action="scrap")

    row = Disposal.objects.get()
    assert (row.unit_cost, row.cost_currency, row.write_off) == (D("12.345"), "EUR", D("7.41"))
    assert (row.handling, row.handling_currency) == (D("10.50"), "USD")
    assert row.action == "refurbish"


def test_restocked_goods_and_goods_without_a_cost_write_nothing_off(tents):
    line = tents.lines.get()
    receive(line, "2")
    dispose(line, "scrap", "1")
    cost(line, unit_cost=D("10"), cost_currency="EUR")
    dispose(line, "restock", "1")

    rows = Disposal.objects.order_by("pk").values_list("unit_cost", "write_off")
    assert list(rows) == [(None, 0), (10, 0)]


def test_a_fee_becomes_one_charge_for_all_its_units(tents):
    line = tents.lines.get()
    change("send_back", fee=D("4.99"), fee_vat_percent=D("21"), currency="EUR")
    receive(line, "1")
    receive(line, "2")

    dispose(line, "send_back")

    charge = ExtraLine.objects.get()
    assert (charge.kind, charge.quantity, charge.gross_unit_price) == ("fee", 3, D("-4.99"))
    assert (charge.vat_percent, charge.currency) == (21, "EUR")
    assert [row.fee_line for row in Disposal.objects.all()] == [charge, charge]


def test_a_fee_in_another_currency_is_refused(tents):
    line = tents.lines.get()
    change("scrap", fee=D("4.99"), currency="USD")
    receive(line, "1")

    refusal = refused(lambda: dispose(line, "scrap"))

    assert refusal.code == "invalid_currency"
    assert refusal.facts == {"currency": "EUR", "fee_currency": "USD"}


def test_an_amount_needs_a_currency(business):
    refusal = refused(lambda: change("scrap", fee=D("1")))

    assert refusal.code == "invalid_currency"


# what the customer keeps


def test_what_the_customer_keeps_is_waived_and_credited_without_stock(tents):
    line = tents.lines.get()
    cost(line, unit_cost=D("20"), cost_currency="EUR")

    dispose(line, "customer_keeps", "2")

    line.refresh_from_db()
    assert (line.quantity, line.waived, line.received, line.disposed) == (1, 2, 0, 0)
    assert line.claim == 3
    assert Waiver.objects.get().quantity == 2
    row = Disposal.objects.get()
    assert (row.receipt_line, row.movement, row.quantity, row.write_off) == (None, None, 2, 40)
    assert StockItem.objects.count() == Movement.objects.count() == 0
    (note,) = credit_return(tents.pk, actor=SYSTEM)
    assert note.gross == Decimal("100.00")


def test_a_unit_that_the_customer_keeps_stays_with_the_customer(bike, bo):
    dispose(bike.lines.get(), "customer_keeps")

    line = bike.lines.get()
    assert (line.quantity, line.waived) == (0, 1)
    assert StockItem.objects.get().holder == bo
    assert ReturnOrder.objects.get(pk=bike.pk).goods == "none"


def test_goods_that_are_here_cannot_be_kept_by_the_customer(tents):
    line = tents.lines.get()
    receive(line, "3")

    refusal = refused(lambda: dispose(line, "customer_keeps"))

    assert (refusal.code, refusal.facts) == ("goods_are_here", {"received": "3"})


def test_the_customer_keeps_no_more_than_is_expected_and_not_twice(tents):
    line = tents.lines.get()
    receive(line, "1")

    too_many = refused(lambda: dispose(line, "customer_keeps", "3"))
    dispose(line, "customer_keeps")
    again = refused(lambda: dispose(line, "customer_keeps"))

    assert (too_many.code, too_many.facts) == ("exceeds_expected", {"expected": "2"})
    assert again.code == "goods_are_here"


def test_leaving_goods_with_the_customer_needs_the_right_to_credit_without_goods(tents, roles):
    inspector = actor_with("Inspector")
    keeps = Disposition.objects.get(code="customer_keeps")
    entry = DisposeInput(tents.lines.get(), keeps)

    refusal = refused(lambda: dispose_return(tents.pk, [entry], actor=inspector), NotPermitted)

    assert refusal.facts == {"permission": "returns.credit_without_goods"}


def test_goods_that_just_came_cannot_be_kept_by_the_customer(tents):
    line = tents.lines.get()
    keeps = Disposition.objects.get(code="customer_keeps")

    assert refused(lambda: receive(line, "1", disposition=keeps)).code == "goods_are_here"
    assert Inspection.objects.count() == 0
