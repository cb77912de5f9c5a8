"""A kit is sold as one line; its parts are shipped, charged and worth the kit's price."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rmaproject.access.actors import SYSTEM
from rmaproject.management.commands.verify import all_checks
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.kits import gross_of, value_parts
from sales.models import Invoice, InvoiceLine, OrderLine, SalesOrder
from sales.selectors import sums_of
from sales.services.invoicing import invoice_order
from sales.services.orders import add_lines, create_order, edit_line, issue_order, remove_line
from sales.services.sale import SaleComponent
from sales.services.shipping import AllocationInput, add_shipment, allocate, ship
from stock.models import KitPart, Part, StockItem
from stock.services import book_in, set_kit_parts
from stock.services.kits import KitPartInput
from tests.factories import PartFactory, discount, goods, sell

pytestmark = pytest.mark.django_db


def kit(sku: str, *parts: tuple[str, str], weights: tuple[str, ...] = ()) -> Part:
    """A kit of so much of parts by SKU; parts that are not there are made."""
    made = PartFactory(sku=sku, kind="kit", name=sku.title())
    found = [
        (Part.objects.filter(sku=name).first() or PartFactory(sku=name), Decimal(number))
        for name, number in parts
    ]
    weighed = [Decimal(weight) for weight in weights] or [None for _ in parts]
    wanted = [
        KitPartInput(part, number, weight)
        for (part, number), weight in zip(found, weighed, strict=True)
    ]
    return set_kit_parts(made.pk, wanted, actor=SYSTEM)


def lines(order: SalesOrder) -> list[tuple[Any, ...]]:
    """Number, kind, SKU, quantity and worth of every line, with the number of its kit."""
    rows = OrderLine.objects.filter(order=order).select_related("part", "parent").order_by("number")
    return [
        (
            row.number,
            row.parent.number if row.parent else None,
            row.kind,
            row.part.sku if row.part else "",
            row.quantity,
            gross_of(row, order.currency),
        )
        for row in rows
    ]


def line(part: Part, quantity: str = "1", price: str = "10.00") -> dict[str, Any]:
    """A line of a new order, as the doors give it to the service."""
    return {
        "part": part,
        "quantity": Decimal(quantity),
        "gross_unit_price": Decimal(price),
        "vat_percent": Decimal(21),
    }


def broken() -> list[str]:
    return [str(row) for check in all_checks() for row in check.broken()]


def test_a_kit_on_an_order_brings_its_parts_with_their_shares(business, bo):
    camp = kit("CAMP", ("TENT", "1"), ("PEG", "2"))

    order = create_order(
        business=business,
        customer=bo,
        actor=SYSTEM,
        lines=[line(camp, "2", "9.99"), line(PartFactory(sku="MAP"), "1", "5.00")],
    )

    assert lines(order) == [
        (1, None, "kit", "CAMP", 2, Decimal("19.98")),
        (2, None, "goods", "MAP", 1, Decimal("5.00")),
        (3, 1, "goods", "TENT", 2, Decimal("6.66")),
        (4, 1, "goods", "PEG", 4, Decimal("13.32")),
    ]
    assert {row.vat_percent for row in order.lines.all()} == {21}
    assert sums_of([order])[order.pk].total == Decimal("24.98")
    assert broken() == []


def test_a_kit_in_a_kit_is_a_line_with_parts_of_its_own(business, bo):
    kit("FIXING", ("PEG", "8"), ("ROPE", "0.5"))
    camp = kit("CAMP", ("TENT", "1"), ("FIXING", "2"), weights=("9", "0.5"))

    order = create_order(business=business, customer=bo, actor=SYSTEM, lines=[line(camp)])

    assert lines(order) == [
        (1, None, "kit", "CAMP", 1, Decimal("10.00")),
        (2, 1, "goods", "TENT", 1, Decimal("9.00")),
        (3, 1, "kit", "FIXING", 2, Decimal("1.00")),
        (4, 3, "goods", "PEG", 16, Decimal("0.94")),
        (5, 3, "goods", "ROPE", 1, Decimal("0.06")),
    ]
    assert broken() == []


def test_a_kit_without_parts_is_not_sold(business, bo):
    camp = PartFactory(sku="CAMP", kind="kit")

    with pytest.raises(RuleViolation) as refusal:
        create_order(business=business, customer=bo, actor=SYSTEM, lines=[line(camp)])

    assert (refusal.value.code, refusal.value.pointer) == ("kit_empty", "/lines/0/part")
    assert not SalesOrder.objects.exists()


def test_half_a_kit_is_not_sold(business, bo):
    camp = kit("CAMP", ("TENT", "1"))

    with pytest.raises(RuleViolation) as refusal:
        create_order(business=business, customer=bo, actor=SYSTEM, lines=[line(camp, "0.5")])

    assert refusal.value.code == "invalid_quantity"


def test_what_is_no_kit_is_not_sold_as_one(business, bo):
    tent = PartFactory(sku="TENT")

    with pytest.raises(RuleViolation) as refusal:
        create_order(
            business=business, customer=bo, actor=SYSTEM, lines=[{**line(tent), "kind": "kit"}]
        )

    assert refusal.value.code == "not_a_kit"


def test_the_parts_follow_when_the_line_of_a_kit_is_changed(business, bo):
    camp = kit("CAMP", ("TENT", "1"), ("PEG", "2"), weights=("3", "1"))
    order = create_order(business=business, customer=bo, actor=SYSTEM)
    add_lines(order.pk, [line(camp)], actor=SYSTEM)
    sold = order.lines.get(kind="kit")

    edit_line(
        order.pk,
        sold.pk,
        {"quantity": Decimal(3), "gross_unit_price": Decimal("20.00"), "vat_percent": Decimal(9)},
        actor=SYSTEM,
    )

    assert lines(order) == [
        (1, None, "kit", "CAMP", 3, Decimal("60.00")),
        (2, 1, "goods", "TENT", 3, Decimal("36.00")),
        (3, 1, "goods", "PEG", 6, Decimal("24.00")),
    ]
    assert {row.vat_percent for row in order.lines.all()} == {9}
    assert broken() == []


@pytest.mark.parametrize("change", [edit_line, remove_line])
def test_a_part_of_a_kit_is_not_changed_by_itself(business, bo, change):
    camp = kit("CAMP", ("TENT", "1"))
    order = create_order(business=business, customer=bo, actor=SYSTEM, lines=[line(camp)])
    tent = order.lines.get(kind="goods")
    values = [{"quantity": Decimal(5)}] if change is edit_line else []

    with pytest.raises(Conflict) as refusal:
        change(order.pk, tent.pk, *values, actor=SYSTEM)

    assert refusal.value.code == "part_of_a_kit"
    tent.refresh_from_db()
    assert tent.quantity == 1


def test_a_kit_is_taken_out_with_all_its_parts(business, bo):
    kit("FIXING", ("PEG", "8"))
    camp = kit("CAMP", ("TENT", "1"), ("FIXING", "2"))
    order = create_order(business=business, customer=bo, actor=SYSTEM, lines=[line(camp)])

    remove_line(order.pk, order.lines.get(parent=None).pk, actor=SYSTEM)

    assert not order.lines.exists()


def test_invoices_of_parts_that_left_one_after_another_add_up_to_the_kit(business, bo):
    camp = kit("CAMP", ("TENT", "1"), ("PEG", "2"))
    order = create_order(
        business=business, customer=bo, actor=SYSTEM, lines=[line(camp, "1", "9.99")]
    )
    issue_order(order.pk, actor=SYSTEM)
    peg = order.lines.get(part__sku="PEG")
    tent = order.lines.get(part__sku="TENT")

    for sold in (peg, tent, peg):
        _ship_one(order, sold, business.returns_location)
        invoice_order(order.pk, actor=SYSTEM)

    assert [invoice.gross for invoice in Invoice.objects.order_by("pk")] == [
        Decimal("3.33"),
        Decimal("3.33"),
        Decimal("3.33"),
    ]
    assert InvoiceLine.objects.filter(kind="kit").count() == 0
    assert broken() == []


def _ship_one(order: SalesOrder, sold: OrderLine, location: Any) -> None:
    (item,) = book_in(sold.part, location, actor=SYSTEM)
    parcel = add_shipment(order.pk, actor=SYSTEM)
    allocate(order.pk, parcel.pk, [AllocationInput(sold.pk, item.pk)], actor=SYSTEM)
    ship(order.pk, parcel.pk, actor=SYSTEM)


def test_a_kit_in_stock_is_not_promised_to_the_line_of_a_kit(business, bo):
    camp = kit("CAMP", ("TENT", "1"))
    order = create_order(business=business, customer=bo, actor=SYSTEM, lines=[line(camp)])
    issue_order(order.pk, actor=SYSTEM)
    (item,) = book_in(camp, business.returns_location, actor=SYSTEM)
    parcel = add_shipment(order.pk, actor=SYSTEM)
    wanted = [AllocationInput(order.lines.get(kind="kit").pk, item.pk)]

    with pytest.raises(RuleViolation) as refusal:
        allocate(order.pk, parcel.pk, wanted, actor=SYSTEM)

    assert refusal.value.code == "not_goods"
    item.refresh_from_db()
    assert item.allocated == 0


def test_a_recorded_sale_takes_a_kit_apart_by_its_list(business, bo):
    kit("CAMP", ("TENT", "1"), ("PEG", "2"))

    order = sell(business, bo, goods("CAMP", "2", "10.00"), discount("-3.00"))

    assert lines(order) == [
        (1, None, "kit", "CAMP", 2, Decimal("20.00")),
        (2, None, "discount", "", 1, Decimal("-3.00")),
        (3, 1, "goods", "TENT", 2, Decimal("6.66")),
        (4, 1, "goods", "PEG", 4, Decimal("13.34")),
    ]
    invoice = Invoice.objects.get()
    assert (invoice.gross, invoice.settled) == (17, 17)
    assert [(row.kind, row.gross) for row in invoice.lines.order_by("number")] == [
        ("discount", Decimal("-3.00")),
        ("goods", Decimal("6.66")),
        ("goods", Decimal("13.34")),
    ]
    assert {row.shipped for row in order.lines.filter(kind="goods")} == {2, 4}
    assert order.lines.get(kind="kit").shipped == 0
    assert broken() == []


def test_a_recorded_kit_may_tell_what_it_was_made_of_this_time(business, bo):
    kit("CAMP", ("TENT", "1"))
    told = (
        SaleComponent("HUT", Decimal(1), "Hut", Decimal(4)),
        SaleComponent("PEG", Decimal(2), serials=("P-1", "P-2", "P-3", "P-4")),
    )

    order = sell(business, bo, goods("CAMP", "2", "6.00", components=told))

    assert lines(order)[1:] == [
        (2, 1, "goods", "HUT", 2, Decimal("8.00")),
        (3, 1, "goods", "PEG", 4, Decimal("4.00")),
    ]
    held = StockItem.objects.filter(holder=bo).order_by("serial")
    assert [unit.serial for unit in held] == ["P-1", "P-2", "P-3", "P-4"]
    assert [row.part.sku for row in KitPart.objects.filter(kit__sku="CAMP")] == ["TENT"]


def test_a_kit_that_nobody_knew_is_made_of_what_it_was_sold_with(business, bo):
    inner = SaleComponent("FIXING", Decimal(2), components=(SaleComponent("PEG", Decimal(8)),))

    order = sell(
        business, bo, goods("CAMP", "1", "10.00", components=(SaleComponent("TENT"), inner))
    )

    assert {part.sku: part.kind for part in Part.objects.all()} == {
        "CAMP": "kit",
        "TENT": "simple",
        "FIXING": "kit",
        "PEG": "simple",
    }
    again = create_order(
        business=business,
        customer=bo,
        actor=SYSTEM,
        lines=[line(Part.objects.get(sku="CAMP"), "1", "10.00")],
    )
    assert lines(again) == lines(order)


def test_components_of_what_is_no_kit_are_refused(business, bo):
    PartFactory(sku="TENT")

    with pytest.raises(RuleViolation) as refusal:
        sell(business, bo, goods("TENT", components=(SaleComponent("PEG"),)))

    assert (refusal.value.code, refusal.value.pointer) == ("not_a_kit", "/lines/0/components")
    assert not SalesOrder.objects.exists()


def test_units_of_a_kit_need_their_serial_numbers(business, bo):
    PartFactory(sku="BIKE", is_serialized=True)
    kit("TOUR", ("BIKE", "1"))

    with pytest.raises(RuleViolation) as refusal:
        sell(business, bo, goods("TOUR"))

    assert (refusal.value.code, refusal.value.facts) == ("serials_missing", {"sku": "BIKE"})


def test_a_share_that_somebody_typed_over_shows(business, bo):
    kit("CAMP", ("TENT", "1"), ("PEG", "2"))
    order = sell(business, bo, goods("CAMP", "1", "9.99"), reference="S-1")
    OrderLine.objects.filter(part__sku="PEG").update(value_share=Decimal("6.67"))

    assert broken() == ["order line 1 of S-1: value of its parts is 10, should be 9.99"]
    OrderLine.objects.filter(part__sku="PEG").update(
        value_share=Decimal("6.66"), per_kit=Decimal(3)
    )
    assert broken() == ["order line 3 of S-1: quantity is 2, should be 3"]
    assert order.lines.count() == 3


def test_a_part_lies_below_a_kit_of_its_own_order(business, bo):
    kit("CAMP", ("TENT", "1"))
    sell(business, bo, goods("CAMP"))
    other = sell(business, bo, goods("CAMP"))
    tent = OrderLine.objects.filter(part__sku="TENT").first()

    with pytest.raises(IntegrityError) as refusal, connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sales_orderline SET parent_id = %s WHERE id = %s",
            [other.lines.get(kind="kit").pk, tent.pk],
        )

    assert refusal.value.__cause__.diag.constraint_name == "orderline_lies_below_a_kit"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    price=st.decimals("0", "9999.99", places=2),
    kits=st.integers(1, 40),
    parts=st.lists(
        st.tuples(st.decimals("0.5", "9", places=1), st.decimals("0", "9", places=2)),
        min_size=1,
        max_size=6,
    ),
    currency=st.sampled_from(["JPY", "EUR", "KWD"]),
)
def test_parts_are_worth_what_their_kit_costs(price, kits, parts, currency):
    sold = OrderLine(kind="kit", quantity=Decimal(kits), gross_unit_price=price)
    rows = [OrderLine(per_kit=per_kit, value_weight=weight) for per_kit, weight in parts]

    value_parts(sold, rows, currency, kits=sold.quantity)

    assert sum(row.value_share for row in rows) == gross_of(sold, currency)
    assert all(row.value_share >= 0 for row in rows)
