"""Kits are made of parts; in stock they are complete or they are parts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from rmaproject.management.commands.verify import all_checks
from rmaproject.shared.errors import Conflict, RuleViolation
from stock.kits import explode
from stock.models import KitPart, Movement, Part, StockItem
from stock.services import assemble, book_in, disassemble, edit_part, set_kit_parts
from stock.services.kits import KitPartInput
from tests.changes import picture
from tests.factories import LocationFactory, PartFactory

pytestmark = pytest.mark.django_db


def kit(sku: str, *parts: tuple[Part, str]) -> Part:
    """A kit of so much of these parts."""
    made = PartFactory(sku=sku, kind="kit")
    wanted = [KitPartInput(part, Decimal(number)) for part, number in parts]
    return set_kit_parts(made.pk, wanted, actor=SYSTEM)


def stock(part: Part, location: object) -> Decimal:
    found = StockItem.objects.filter(part=part, location=location, state="available")
    return found.values_list("quantity", flat=True).first() or Decimal(0)


def camp() -> tuple[Part, Part, Part, Part]:
    """A camping set: a tent, and a set of eight pegs and half a metre of rope."""
    tent, peg, rope = (PartFactory(sku=sku) for sku in ("TENT", "PEG", "ROPE"))
    fixing = kit("FIXING", (peg, "8"), (rope, "0.5"))
    return kit("CAMP", (tent, "1"), (fixing, "2"), (peg, "1")), tent, peg, rope


def test_a_kit_in_a_kit_comes_to_its_single_parts():
    camping, tent, _peg, _rope = camp()

    found = explode(camping, Decimal(3))

    assert {part.sku: number for part, number in found} == {
        "TENT": Decimal(3),
        "PEG": Decimal(51),
        "ROPE": Decimal("3.0"),
    }
    assert explode(tent, Decimal(2)) == [(tent, Decimal(2))]


def test_a_kit_cannot_be_a_part_of_itself_by_way_of_another():
    camping, *_ = camp()
    fixing = Part.objects.get(sku="FIXING")
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        set_kit_parts(fixing.pk, [KitPartInput(camping)], actor=SYSTEM)

    assert refusal.value.code == "kit_cycle"
    assert picture() == before


def test_raw_sql_makes_no_kit_a_part_of_itself():
    camping, _, peg, _ = camp()
    fixing = Part.objects.get(sku="FIXING")

    with (
        pytest.raises(IntegrityError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE stock_kitpart SET part_id = %s WHERE kit_id = %s AND part_id = %s",
            [camping.pk, fixing.pk, peg.pk],
        )

    assert refusal.value.__cause__.diag.constraint_name == "kitpart_tree_has_no_cycle"


def test_only_a_kit_is_made_of_parts():
    tent, peg = PartFactory(sku="TENT"), PartFactory(sku="PEG")

    with pytest.raises(RuleViolation) as refusal:
        set_kit_parts(tent.pk, [KitPartInput(peg)], actor=SYSTEM)

    assert refusal.value.code == "not_a_kit"
    assert not KitPart.objects.exists()


def test_a_kit_names_each_part_once():
    tent, camping = PartFactory(sku="TENT"), kit("CAMP")

    with pytest.raises(Conflict) as refusal:
        set_kit_parts(camping.pk, [KitPartInput(tent), KitPartInput(tent)], actor=SYSTEM)

    assert refusal.value.code == "kit_part_exists"


@pytest.mark.parametrize("field", ["is_serialized", "is_batched", "is_virtual"])
def test_a_kit_is_counted_by_quantity(field):
    with pytest.raises(RuleViolation) as refusal:
        PartFactory(kind="kit", **{field: True})

    assert refusal.value.code == "kit_is_tracked"


def test_a_kit_with_parts_stays_a_kit():
    camping, *_ = camp()

    with pytest.raises(RuleViolation) as refusal:
        edit_part(camping.pk, {"kind": "simple"}, actor=SYSTEM)

    assert refusal.value.code == "kit_has_parts"


def test_what_a_kit_is_made_of_stands_in_its_trail():
    tent = PartFactory(sku="TENT")

    camping = kit("CAMP", (tent, "2"))

    entry = AuditEntry.objects.get(aggregate_id=camping.uuid, verb="set_kit_parts")
    assert entry.facts == {"parts": [[str(tent.uuid), "2"]]}
    assert camping.version == 2


def test_kits_are_made_of_what_lies_there_and_taken_apart_into_the_same():
    camping, tent, peg, rope = camp()
    shelf = LocationFactory(code="SHELF")
    for part, number in ((tent, "2"), (peg, "40"), (rope, "2.5")):
        book_in(part, shelf, actor=SYSTEM, quantity=Decimal(number))

    made = assemble(camping, Decimal(2), shelf, actor=SYSTEM)

    assert made.quantity == 2
    assert [stock(part, shelf) for part in (tent, peg, rope)] == [0, 6, Decimal("0.5")]
    disassemble(camping, Decimal(2), shelf, actor=SYSTEM)
    assert [stock(part, shelf) for part in (camping, tent, peg, rope)] == [0, 2, 40, Decimal("2.5")]
    moved = Movement.objects.filter(cause="assembly")
    assert moved.filter(from_location=shelf).count() == moved.filter(to_location=shelf).count() == 4
    assert [str(row) for check in all_checks() for row in check.broken()] == []


def test_an_incomplete_kit_is_refused_with_all_that_is_missing():
    camping, tent, peg, rope = camp()
    shelf, attic = LocationFactory(code="SHELF"), LocationFactory(code="ATTIC")
    book_in(tent, shelf, actor=SYSTEM, quantity=Decimal(1))
    book_in(peg, shelf, actor=SYSTEM, quantity=Decimal(10))
    book_in(rope, attic, actor=SYSTEM, quantity=Decimal(9))
    before = picture()

    with pytest.raises(Conflict) as refusal:
        assemble(camping, Decimal(1), shelf, actor=SYSTEM)

    assert refusal.value.code == "kit_incomplete"
    assert refusal.value.facts["missing"] == [
        {"sku": "PEG", "needed": "17", "available": "10", "missing": "7"},
        {"sku": "ROPE", "needed": "1", "available": "0", "missing": "1"},
    ]
    assert picture() == before


def test_a_part_with_serial_numbers_is_not_lost_in_a_kit():
    bike = PartFactory(sku="BIKE", is_serialized=True)
    tour, shelf = kit("TOUR", (bike, "1")), LocationFactory(code="SHELF")
    book_in(bike, shelf, actor=SYSTEM, serials=["B-1"])

    with pytest.raises(RuleViolation) as refusal:
        assemble(tour, Decimal(1), shelf, actor=SYSTEM)

    assert (refusal.value.code, refusal.value.facts) == ("tracked_part", {"sku": "BIKE"})


def test_virtual_parts_of_a_kit_are_not_asked_for():
    tent, plan = PartFactory(sku="TENT"), PartFactory(sku="PLAN", is_virtual=True)
    camping, shelf = kit("CAMP", (tent, "1"), (plan, "1")), LocationFactory(code="SHELF")
    book_in(tent, shelf, actor=SYSTEM, quantity=Decimal(1))

    assemble(camping, Decimal(1), shelf, actor=SYSTEM)

    assert (stock(camping, shelf), stock(tent, shelf)) == (1, 0)


@pytest.mark.parametrize("quantity", ["0", "-1", "0.5"])
def test_half_a_kit_is_not_made(quantity):
    camping, *_ = camp()

    with pytest.raises(RuleViolation) as refusal:
        assemble(camping, Decimal(quantity), LocationFactory(), actor=SYSTEM)

    assert refusal.value.code == "invalid_quantity"


def test_a_kit_of_nothing_is_not_made():
    with pytest.raises(RuleViolation) as refusal:
        assemble(kit("CAMP"), Decimal(1), LocationFactory(), actor=SYSTEM)

    assert refusal.value.code == "kit_empty"


def test_kits_that_are_not_there_are_not_taken_apart():
    camping, *_ = camp()

    with pytest.raises(RuleViolation) as refusal:
        disassemble(camping, Decimal(1), LocationFactory(), actor=SYSTEM)

    assert refusal.value.code == "not_enough_stock"


def test_a_kit_that_somebody_made_a_simple_part_of_shows():
    camp()
    Part.objects.filter(sku="CAMP").update(kind="simple")

    broken = [str(row) for check in all_checks() for row in check.broken()]

    assert broken == ["part CAMP: kind is simple, should be kit"]
