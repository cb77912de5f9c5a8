"""Sales orders, shipments, invoices and payments: the ground that every return stands on."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from guardian.shortcuts import assign_perm

from customers.models import Company
from customers.services import edit_company
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.audit.trail import history
from rmaproject.shared import clock
from rmaproject.shared.errors import Conflict, DomainError, RuleViolation
from sales.models import (
    Account,
    Business,
    DiscountWeight,
    Invoice,
    LedgerLine,
    SalesOrder,
    UnitSale,
)
from sales.services.businesses import create_business, set_pattern
from sales.services.invoicing import invoice_order, record_payment
from sales.services.orders import (
    add_lines,
    all_shipped,
    cancel_order,
    complete_order,
    create_order,
    edit_line,
    issue_order,
    remove_line,
)
from sales.services.shipping import AllocationInput, add_shipment, allocate, deallocate, ship
from stock.models import Movement, Part, StockItem
from stock.services import book_in
from tests.changes import picture
from tests.factories import (
    BusinessFactory,
    CompanyFactory,
    LocationFactory,
    PartFactory,
    UserFactory,
    discount,
    goods,
    sell,
)
from tests.racing import race
from tests.returns.steps import D


def refused(call) -> DomainError:
    """The refusal of a call, which must have changed nothing."""
    before = picture()
    with pytest.raises(DomainError) as refusal:
        call()
    assert picture() == before
    return refusal.value


@pytest.fixture
def item(db):
    part = PartFactory(sku="TENT")
    (made,) = book_in(part, LocationFactory(code="SHELF"), actor=SYSTEM, quantity=D("9"))
    return made


@pytest.fixture
def order(business, bo, item):
    """Four tents at 12.10, issued, with a first shipment."""
    line = {"part": item.part, "quantity": D("4"), "gross_unit_price": D("12.10")}
    lines = [{**line, "vat_percent": D("21")}]
    made = create_order(business=business, customer=bo, actor=SYSTEM, lines=lines)
    add_shipment(made.pk, actor=SYSTEM)
    return issue_order(made.pk, actor=SYSTEM)


def allocated(order, item, quantity):
    wanted = [AllocationInput(order.lines.get().pk, item.pk, D(quantity))]
    shipment = order.shipments.order_by("pk").last()
    allocate(order.pk, shipment.pk, wanted, actor=SYSTEM)
    return shipment


def counts(order):
    line = order.lines.get()
    return line.quantity, line.allocated, line.shipped


def test_stock_is_promised_and_leaves_with_its_shipment(order, item):
    shipment = allocated(order, item, "3")
    assert counts(order) == (4, 3, 0)

    ship(order.pk, shipment.pk, actor=SYSTEM, carrier="PostNL")

    assert counts(order) == (4, 0, 3)
    item.refresh_from_db()
    assert (item.quantity, item.allocated) == (6, 0)
    movement = Movement.objects.get(cause="shipment")
    assert (movement.quantity, movement.from_state, movement.to_location) == (3, "available", None)
    assert not all_shipped(SalesOrder.objects.get(pk=order.pk))


@pytest.mark.parametrize(
    ("quantity", "code"), [("5", "exceeds_ordered"), ("0", "invalid_quantity")]
)
def test_no_more_is_promised_than_was_ordered(order, item, quantity, code):
    assert refused(lambda: allocated(order, item, quantity)).code == code


def test_no_more_is_promised_than_is_there(order, item):
    allocated(order, item, "4")
    StockItem.objects.filter(pk=item.pk).update(quantity=4)
    add_lines(order.pk, [{"part": item.part, "quantity": D("1")}], actor=SYSTEM)
    line = order.lines.order_by("number").last()
    wanted = [AllocationInput(line.pk, item.pk)]

    refusal = refused(lambda: allocate(order.pk, order.shipments.get().pk, wanted, actor=SYSTEM))

    assert refusal.code == "not_enough_stock"


def test_a_promise_is_taken_back_until_the_shipment_leaves(order, item):
    shipment = allocated(order, item, "3")
    deallocate(order.pk, shipment.allocations.get().pk, actor=SYSTEM)
    assert counts(order) == (4, 0, 0)
    allocated(order, item, "2")
    ship(order.pk, shipment.pk, actor=SYSTEM)

    left = shipment.allocations.get().pk
    again = refused(lambda: deallocate(order.pk, left, actor=SYSTEM))
    more = refused(lambda: allocated(order, item, "1"))

    assert (again.code, more.code) == ("shipment_left", "shipment_left")


def test_an_empty_shipment_does_not_leave(order):
    refusal = refused(lambda: ship(order.pk, order.shipments.get().pk, actor=SYSTEM))

    assert refusal.code == "nothing_allocated"


def test_nothing_leaves_tomorrow(business, order, item):
    shipment = allocated(order, item, "1")
    tomorrow = clock.today(business) + timedelta(days=1)

    refusal = refused(lambda: ship(order.pk, shipment.pk, actor=SYSTEM, shipped_on=tomorrow))

    assert refusal.code == "invalid_date"


def test_a_shipped_unit_is_with_its_customer(business, bo):
    bike = PartFactory(is_serialized=True)
    (unit,) = book_in(bike, LocationFactory(), actor=SYSTEM, serials=["B-1"])
    lines = [{"part": bike, "quantity": D("1")}]
    order = create_order(business=business, customer=bo, actor=SYSTEM, lines=lines)
    issue_order(order.pk, actor=SYSTEM)
    add_shipment(order.pk, actor=SYSTEM)

    ship(order.pk, allocated(order, unit, "1").pk, actor=SYSTEM)

    unit.refresh_from_db()
    assert (unit.state, unit.holder, unit.location, unit.allocated) == ("sold", bo, None, 0)
    sale = UnitSale.objects.get()
    assert (sale.order_line, sale.until) == (order.lines.get(), None)


def test_an_order_is_complete_when_all_has_left_or_that_is_accepted(order, item):
    shipment = allocated(order, item, "3")
    pending = refused(lambda: complete_order(order.pk, actor=SYSTEM, accept_incomplete=True))
    ship(order.pk, shipment.pk, actor=SYSTEM)
    open_goods = refused(lambda: complete_order(order.pk, actor=SYSTEM))

    done = complete_order(order.pk, actor=SYSTEM, accept_incomplete=True)

    assert (pending.code, open_goods.code) == ("pending_shipments", "not_shipped")
    assert done.status == "complete"


def test_calling_an_order_off_frees_its_stock_unless_goods_have_left(order, item):
    shipment = allocated(order, item, "3")
    cancel_order(order.pk, actor=SYSTEM)
    item.refresh_from_db()
    assert (item.allocated, counts(order)) == (0, (4, 0, 0))

    assert not shipment.allocations.exists()


def test_an_order_of_which_goods_left_is_not_called_off(order, item):
    ship(order.pk, allocated(order, item, "1").pk, actor=SYSTEM)

    assert refused(lambda: cancel_order(order.pk, actor=SYSTEM)).code == "shipped"


def test_what_left_is_invoiced_once_with_its_tax(order, item):
    ship(order.pk, allocated(order, item, "3").pk, actor=SYSTEM)

    invoice = invoice_order(order.pk, actor=SYSTEM)

    assert (invoice.net, invoice.tax, invoice.gross) == (D("30.00"), D("6.30"), D("36.30"))
    assert invoice.reference == "INV-00001"
    sides = dict(LedgerLine.objects.values_list("ledger", "amount"))
    assert sides == {"receivable": D("36.30"), "revenue": D("-30.00"), "tax": D("-6.30")}
    assert Account.objects.get().balance == D("36.30")
    assert refused(lambda: invoice_order(order.pk, actor=SYSTEM)).code == "nothing_to_invoice"


def test_an_invoiced_line_stays_as_it_is(order, item):
    ship(order.pk, allocated(order, item, "3").pk, actor=SYSTEM)
    line = order.lines.get()
    shipped = refused(lambda: edit_line(order.pk, line.pk, {"quantity": D("2")}, actor=SYSTEM))
    in_use = refused(lambda: remove_line(order.pk, line.pk, actor=SYSTEM))
    invoice_order(order.pk, actor=SYSTEM)

    booked = refused(lambda: edit_line(order.pk, line.pk, {"quantity": D("9")}, actor=SYSTEM))

    assert (shipped.code, in_use.code, booked.code) == (
        "exceeds_ordered",
        "line_in_use",
        "line_invoiced",
    )


def test_a_payment_settles_its_invoice_then_the_oldest_due_one(business, bo):
    for price in ("10.00", "20.00", "30.00"):
        sell(business, bo, goods("TENT", "1", price), paid=False)
    named = Invoice.objects.get(gross=30)

    payment = record_payment(
        business=business,
        customer_id=bo.pk,
        currency="EUR",
        amount=D("45.00"),
        invoice=named,
        actor=SYSTEM,
    )

    settled = Invoice.objects.order_by("pk").values_list("settled", flat=True)
    assert list(settled) == [D("10.00"), D("5.00"), D("30.00")]
    assert payment.applied == D("45.00")
    assert Account.objects.get().balance == D("15.00")
    assert [entry.verb for entry in history(Invoice.objects.get(gross=10))] == ["record", "settle"]


def test_what_is_paid_too_much_stays_on_the_account(business, bo):
    sell(business, bo, goods("TENT", "1", "10.00"), paid=False)

    payment = record_payment(
        business=business, customer_id=bo.pk, currency="EUR", amount=D("12.00"), actor=SYSTEM
    )

    assert (payment.amount, payment.applied) == (D("12.00"), D("10.00"))
    assert Account.objects.get().balance == D("-2.00")


@pytest.mark.parametrize(("amount", "currency"), [("0", "EUR"), ("0.001", "EUR"), ("1.5", "JPY")])
def test_an_amount_follows_its_currency(business, bo, amount, currency):
    refusal = refused(
        lambda: record_payment(
            business=business, customer_id=bo.pk, currency=currency, amount=D(amount), actor=SYSTEM
        )
    )

    assert (refusal.code, refusal.pointer) == ("invalid_amount", "/amount")


def test_discounts_are_weighed_when_the_sale_is_made(business, bo):
    sell(business, bo, goods("TENT", "1", "30.00"), goods("PEG", "2", "5.00"), discount("-4.00"))

    weights = DiscountWeight.objects.order_by("goods__number").values_list("weight", flat=True)
    assert list(weights) == [D("30.00"), D("10.00")]


def test_the_same_sale_again_is_the_first_one(business, bo):
    first = sell(business, bo, goods("TENT", "1", "30.00"), reference="S-1")

    again = sell(business, bo, goods("TENT", "1", "30.00"), reference="S-1")

    assert again == first
    assert SalesOrder.objects.count() == Invoice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_sale_recorded_twice_at_the_same_moment_is_one(business, bo):
    PartFactory(sku="TENT")
    job = partial(sell, business, bo, goods("TENT", "1", "30.00"), reference="S-1")

    made, refusals = race([job] * 4)

    assert refusals == []
    assert {order.pk for order in made} == {SalesOrder.objects.get().pk}
    assert Account.objects.get().balance == 0


@pytest.mark.django_db(transaction=True)
def test_sales_to_a_new_customer_of_a_new_part_do_not_stand_in_each_others_way(business):
    new = Company(reference="NEW", name="New")
    jobs = [
        partial(sell, business, new, goods("NEW-PART", "1", "30.00"), reference=f"S-{number}")
        for number in range(6)
    ]

    made, refusals = race(jobs)

    assert refusals == []
    assert len({order.pk for order in made}) == 6
    assert {order.customer_id for order in made} == {Company.objects.get().pk}
    assert Part.objects.get().sku == "NEW-PART"


def test_a_unit_that_another_customer_holds_is_not_sold_again(business, bo, cy):
    sell(business, bo, goods("BIKE", "1", "90.00", serials=("B-1",)))

    elsewhere = refused(lambda: sell(business, cy, goods("BIKE", "1", "90.00", serials=("b-1",))))
    already = refused(lambda: sell(business, bo, goods("BIKE", "1", "90.00", serials=("B-1",))))

    assert isinstance(elsewhere, Conflict)
    assert (elsewhere.code, elsewhere.facts) == (
        "unit_held_elsewhere",
        {"serial": "B-1", "sku": "BIKE"},
    )
    assert already.code == "unit_sold_already"


def test_who_is_inactive_or_no_customer_buys_nothing(business, bo, item):
    supplier = CompanyFactory(is_customer=False)
    edit_company(bo.pk, {"active": False}, actor=SYSTEM)
    bo.refresh_from_db()

    inactive = refused(lambda: create_order(business=business, customer=bo, actor=SYSTEM))
    no_customer = refused(lambda: create_order(business=business, customer=supplier, actor=SYSTEM))
    recorded = refused(lambda: sell(business, bo, goods("TENT", "1", "1.00")))

    codes = (inactive.code, no_customer.code, recorded.code)
    assert codes == ("company_inactive", "not_a_customer", "company_inactive")


def test_a_part_that_is_not_for_sale_is_not_ordered(business, bo):
    part = PartFactory(is_salable=False)
    lines = [{"part": part, "quantity": D("1")}]

    refusal = refused(
        lambda: create_order(business=business, customer=bo, actor=SYSTEM, lines=lines)
    )

    assert (refusal.code, refusal.facts) == ("not_salable", {"sku": part.sku})


def test_numbers_follow_the_pattern_of_their_business(business, bo):
    set_pattern(business.pk, "sales_order", "TENT-{ref:03d}", actor=SYSTEM)

    made = [create_order(business=business, customer=bo, actor=SYSTEM) for _ in range(2)]

    assert [order.reference for order in made] == ["TENT-001", "TENT-002"]
    unsound = refused(lambda: set_pattern(business.pk, "invoice", "INV-{year}", actor=SYSTEM))
    assert unsound.code == "invalid_pattern"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"currency": "EURO"}, "invalid_currency"),
        ({"currency": "XXX"}, "invalid_currency"),
        ({"time_zone": "Europe/Atlantis"}, "invalid_time_zone"),
    ],
)
def test_a_business_counts_in_a_known_currency_and_time(db, values, code):
    whole = {"code": "1", "name": "X", "currency": "EUR", **values}

    refusal = refused(lambda: create_business(whole, actor=SYSTEM))

    assert isinstance(refusal, RuleViolation)
    assert refusal.code == code


def test_who_sees_one_customer_can_name_who_sold_to_it_and_nobody_else(business, bo, cy, roles):
    other = BusinessFactory()
    sell(business, bo, goods("TENT"))
    sell(other, cy, goods("TENT"))
    user = UserFactory()
    assign_perm("customers.view_company", user, bo)
    actor = Actor(user)

    seen = list(Business.objects.visible_to(actor.scope))

    assert seen == [business]
    assert not SalesOrder.objects.visible_to(actor.scope).filter(customer=cy).exists()
