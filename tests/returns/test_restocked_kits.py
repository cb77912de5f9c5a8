"""Parts that came back are put together to kits again, or not at all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from returns.models import Disposition, ReturnLine
from returns.services import (
    ArrivalInput,
    KitRestockInput,
    ReceiveInput,
    dispose_return,
    receive_return,
    restock_kit,
)
from returns.services.inputs import DisposeInput
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.models import SalesOrder
from stock.models import Movement, Part, StockItem
from stock.services import assemble, set_kit_parts
from stock.services.kits import KitPartInput
from tests.changes import picture
from tests.factories import LocationFactory, goods, sell
from tests.returns.kits import ask, broken, in_stock, receive, sold

pytestmark = pytest.mark.django_db


def restock(order: SalesOrder, sku: str = "CAMP", **values: Any) -> KitRestockInput:
    return KitRestockInput(sold(order, sku), Disposition.objects.get(code="restock"), **values)


def test_all_parts_that_came_back_are_restocked_as_kits(camp):
    rma = ask(camp, ("CAMP", "2"))
    receive(rma)
    shelf = LocationFactory(code="SHELF")

    restock_kit(rma.pk, restock(camp, location=shelf), actor=SYSTEM)

    assert [in_stock(sku, shelf) for sku in ("CAMP", "TENT", "PEG")] == [2, 0, 0]
    assert [line.accepted for line in rma.lines.order_by("number")] == [2, 12]
    assert Movement.objects.filter(cause="assembly", note=f"Return {rma.reference}").count() == 3
    assert broken() == []


def test_what_is_left_over_stays_to_be_decided(camp):
    rma = ask(camp, ("CAMP", "1"), ("PEG", "5"))
    receive(rma)

    restock_kit(rma.pk, restock(camp), actor=SYSTEM)

    place = camp.business.returns_location
    assert [in_stock(sku, place) for sku in ("CAMP", "TENT", "PEG")] == [1, 0, 0]
    assert [line.received - line.accepted for line in rma.lines.order_by("number")] == [0, 0, 5]


def test_an_incomplete_kit_is_not_restocked_and_nothing_is_half_done(camp):
    rma = ask(camp, ("CAMP", "1"), ("TENT", "1"))
    receive(rma)
    before = picture()

    with pytest.raises(Conflict) as refusal:
        restock_kit(rma.pk, restock(camp, quantity=Decimal(2)), actor=SYSTEM)

    assert refusal.value.code == "kit_incomplete"
    assert refusal.value.facts["missing"] == [
        {"sku": "PEG", "needed": "12", "available": "6", "missing": "6"}
    ]
    assert picture() == before


def test_parts_that_were_decided_before_do_not_make_a_kit(camp):
    rma = ask(camp, ("CAMP", "1"))
    receive(rma)
    tent = rma.lines.get(part__sku="TENT")
    scrap = Disposition.objects.get(code="scrap")
    dispose_return(rma.pk, [DisposeInput(tent, scrap)], actor=SYSTEM)

    with pytest.raises(Conflict) as refusal:
        restock_kit(rma.pk, restock(camp), actor=SYSTEM)

    assert refusal.value.facts["missing"] == [
        {"sku": "TENT", "needed": "1", "available": "0", "missing": "1"}
    ]


def test_parts_that_lie_apart_need_a_place_for_the_kit(camp):
    rma = ask(camp, ("CAMP", "1"))
    tent, peg = rma.lines.order_by("number")
    for line, code in ((tent, "EAST"), (peg, "WEST")):
        arrival = ArrivalInput(line, line.quantity, location=LocationFactory(code=code))
        receive_return(rma.pk, ReceiveInput(lines=[arrival]), actor=SYSTEM)

    with pytest.raises(RuleViolation) as refusal:
        restock_kit(rma.pk, restock(camp), actor=SYSTEM)

    assert refusal.value.code == "location_required"
    east = StockItem.objects.get(part__sku="TENT", location__code="EAST").location
    restock_kit(rma.pk, restock(camp, location=east), actor=SYSTEM)
    assert in_stock("CAMP", east) == 1


def test_a_kit_is_not_made_of_other_parts_than_its_list_names(camp):
    rma = ask(camp, ("CAMP", "1"))
    receive(rma)
    set_kit_parts(
        Part.objects.get(sku="CAMP").pk,
        [KitPartInput(Part.objects.get(sku="TENT"))],
        actor=SYSTEM,
    )

    with pytest.raises(Conflict) as refusal:
        restock_kit(rma.pk, restock(camp), actor=SYSTEM)

    assert refusal.value.code == "kit_changed"


@pytest.mark.parametrize(("sku", "code"), [("TENT", "not_a_kit"), ("CAMP", "not_restocked")])
def test_only_kits_are_restocked_as_kits_and_only_as_good_stock(camp, sku, code):
    rma = ask(camp, ("CAMP", "1"))
    receive(rma)
    scrap = Disposition.objects.get(code="scrap")
    chosen = restock(camp).disposition if sku == "TENT" else scrap

    with pytest.raises(RuleViolation) as refusal:
        restock_kit(rma.pk, KitRestockInput(sold(camp, sku), chosen), actor=SYSTEM)

    assert refusal.value.code == code


def test_a_restocked_kit_is_taken_for_no_other_kit(camp):
    """The parts of one return are used up; the next kit needs its own."""
    rma = ask(camp, ("CAMP", "1"))
    receive(rma)
    restock_kit(rma.pk, restock(camp), actor=SYSTEM)

    with pytest.raises(Conflict) as refusal:
        assemble(
            Part.objects.get(sku="CAMP"),
            Decimal(1),
            camp.business.returns_location,
            actor=SYSTEM,
        )

    assert refusal.value.code == "kit_incomplete"


def test_a_line_that_belongs_to_another_kit_shows(camp, business, bo):
    other = sell(business, bo, goods("CAMP"), reference="OTHER")
    rma = ask(camp, ("CAMP", "1"))
    ReturnLine.objects.filter(part__sku="PEG").update(kit_line=sold(other, "CAMP"))

    assert broken() == [f"line 2 of {rma.reference}: kit is 1, should be 4"]
