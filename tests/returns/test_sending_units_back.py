"""Units with serial numbers go back, and what was repaired."""

from __future__ import annotations

import pytest

from returns.models import Disposition, Outbound
from returns.services import LineInput, complete_return, edit_line
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation
from sales.models import UnitSale
from stock.models import StockItem
from stock.services import relocate
from tests.changes import picture
from tests.factories import LocationFactory, ask_return
from tests.returns.outcomes import counters, here, send_back
from tests.returns.steps import D, receive, request


def test_a_unit_passes_back_to_its_customer_by_its_own_sale(bikes):
    unit = StockItem.objects.get(serial="B-1")
    line = request(bikes, LineInput(stock_item=unit)).lines.get()
    receive(line)

    send_back(line)

    unit.refresh_from_db()
    assert (unit.state, unit.holder, unit.location) == ("sold", bikes.customer, None)
    now, before = UnitSale.objects.filter(stock_item=unit).order_by("-pk")
    assert (now.order_line, now.until) == (bikes.lines.get(), None)
    assert before.until is not None
    again = request(bikes, LineInput(stock_item=unit)).lines.get()
    receive(again)
    assert counters(again)["received"] == 1


def two_bikes_here(bikes):
    line = request(bikes, LineInput(D("2"), order_line=bikes.lines.get())).lines.get()
    receive(line, serial="B-1")
    receive(line, serial="B-2")
    return line


def test_one_of_several_units_is_named(bikes):
    line = two_bikes_here(bikes)

    with pytest.raises(RuleViolation) as refusal:
        send_back(line)
    send_back(line, serial="b-2")

    assert (refusal.value.code, refusal.value.pointer) == ("serial_missing", "/lines/0/serial")
    assert StockItem.objects.get(serial="B-2").state == "sold"
    assert StockItem.objects.get(serial="B-1").state == "held"


def test_all_units_go_without_being_named(bikes):
    line = two_bikes_here(bikes)

    send_back(line, "2")

    assert set(StockItem.objects.values_list("state", flat=True)) == {"sold"}
    assert Outbound.objects.count() == 2
    assert counters(line)["rejected"] == 2


def test_a_serial_that_is_not_here_does_not_go_back(bikes):
    line = two_bikes_here(bikes)

    with pytest.raises(NotFound) as refusal:
        send_back(line, serial="B-9")

    assert refusal.value.pointer == "/lines/0/serial"


def test_the_accepted_one_of_two_units_stays_though_the_other_may_go(bikes):
    line = request(bikes, LineInput(D("2"), order_line=bikes.lines.get())).lines.get()
    restock = Disposition.objects.get(code="quarantine")
    receive(line, serial="B-1", disposition=restock)
    receive(line, serial="B-2")

    with pytest.raises(NotFound):
        send_back(line, serial="B-1")
    send_back(line)

    assert StockItem.objects.get(serial="B-2").state == "sold"


def test_a_unit_that_was_resold_meanwhile_does_not_go_back(bikes):
    unit = StockItem.objects.get(serial="B-1")
    line = request(bikes, LineInput(stock_item=unit)).lines.get()
    receive(line)
    relocate(unit.pk, location=LocationFactory(), state="available", actor=SYSTEM)
    before = picture()

    with pytest.raises(Conflict) as refusal:
        send_back(line)

    assert (refusal.value.code, refusal.value.facts["state"]) == ("stock_moved_on", "available")
    assert picture() == before


def test_a_unit_that_came_again_by_another_return_goes_back_by_that_one_only(bikes):
    unit = StockItem.objects.get(serial="B-1")
    first = request(bikes, LineInput(stock_item=unit)).lines.get()
    receive(first)
    send_back(first)
    second = request(bikes, LineInput(stock_item=unit)).lines.get()
    receive(second)

    with pytest.raises(RuleViolation):
        send_back(first)
    send_back(second)

    assert counters(second)["sent_back"] == 1


def test_a_repaired_unit_goes_back_accepted_though_it_was_carried_to_the_bench(bikes):
    unit = StockItem.objects.get(serial="B-1")
    line = request(bikes, LineInput(stock_item=unit, outcome="repair")).lines.get()
    receive(line)
    relocate(unit.pk, location=LocationFactory(code="BENCH"), state="in_repair", actor=SYSTEM)

    send_back(line, repaired=True)

    assert counters(line) == {
        "quantity": 1,
        "received": 1,
        "accepted": 1,
        "repaired": 1,
        "sent_back": 1,
    }
    assert StockItem.objects.get(serial="B-1").holder == bikes.customer
    assert Outbound.objects.get().repair
    assert complete_return(line.return_order_id, actor=SYSTEM).status == "complete"


def test_what_cannot_be_repaired_goes_back_as_it_is(tents):
    line = ask_return(tents, "2", issued=True).lines.get()
    edit_line(line, {"outcome": "repair"}, actor=SYSTEM)
    receive(line, "2")

    send_back(line, repaired=True)
    send_back(line)

    assert counters(line) == {
        "quantity": 2,
        "received": 2,
        "accepted": 1,
        "rejected": 1,
        "repaired": 1,
        "sent_back": 2,
    }


def test_rejected_goods_are_not_repaired(tents):
    line = here(tents, "2")
    edit_line(line, {"outcome": "repair"}, actor=SYSTEM)
    send_back(line)

    with pytest.raises(RuleViolation) as refusal:
        send_back(line, "2", repaired=True)

    assert refusal.value.facts == {"sendable": "1"}


def test_only_a_line_for_repair_is_repaired(tents):
    line = here(tents)

    with pytest.raises(RuleViolation) as refusal:
        send_back(line, repaired=True)

    assert (refusal.value.code, refusal.value.pointer) == ("not_for_repair", "/lines/0/repaired")
