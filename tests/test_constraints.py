"""What must never be true, Postgres refuses by itself: each constraint broken by raw SQL."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, models, transaction

from customers.services import save_address, save_contact
from returns.models import CalendarText, DemoLoad, Disposition, LabelKind, ReturnLine, ReturnOrder
from returns.services import (
    ArrivalInput,
    DisposeInput,
    LineInput,
    QuantityInput,
    ReceiveInput,
    add_comment,
    add_extra_line,
    add_parcel,
    attach_file,
    charge_return,
    create_custom_field,
    credit_return,
    dispose_return,
    hold_return,
    issue_return,
    receive_return,
    release_return,
    request_return,
    turn_returns,
    waive_return,
)
from returns.services.calendar_feeds import create_calendar_feed
from returns.services.calendar_texts import keep_calendar_texts
from returns.services.counts import cancel_count, scan_code
from returns.services.policies import create_policy, publish_policy
from returns.services.printing import log_print
from returns.setup import make_codes, make_sheet
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.access.ledger import note
from rmaproject.access.models import IdempotencyRecord, OAuthClient, User
from rmaproject.access.tokens import create_token
from rmaproject.files.supplements import keep_with
from rmaproject.notices.registry import Draft
from rmaproject.notices.services import choose_ways, notify
from rmaproject.presence.services import come
from rmaproject.shared import clock
from rmaproject.shared.db import TRIGGER_REFUSALS, refusal_for
from sales.gateways.sandbox import SandboxGateway
from sales.models import OrderLine, Refund
from sales.services.bank_files import make_bank_file
from sales.services.banking import keep_bank_details
from sales.services.board_limits import set_column_limits
from sales.services.businesses import set_pattern
from sales.services.limits import set_limit
from sales.services.orders import cancel_order, create_order
from sales.services.refunding import approve_refund, set_refund_details
from sales.services.shipping import add_shipment
from stock.models import PartCategory
from stock.services import book_in, set_kit_parts
from stock.services.kits import KitPartInput
from tests.breaking import BREAKS, HISTORY, Break, statement
from tests.factories import (
    BusinessFactory,
    CompanyFactory,
    LocationFactory,
    PartFactory,
    UserFactory,
    ask_return,
    discount,
    goods,
    sell,
)
from tests.refunds.money import account, bank_of, ready, told
from tests.returns.outcomes import replace, send_back
from tests.world import brought_in, kept_by, told_elsewhere

#: Apps that are not ours, whose constraints have no words of ours.
LIBRARIES = {"oauth2_provider"}

#: Within the world's transaction each test has a savepoint of its own.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A legal row in every table; made once, and gone when the module ends."""
    with django_db_blocker.unblock(), transaction.atomic():
        _people()
        told_elsewhere()
        _stock()
        _returns()
        kept_by(User.objects.get(username="ada"), ReturnOrder.objects.earliest("pk"))
        brought_in(User.objects.get(username="ada"), ReturnOrder.objects.earliest("pk").business)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield
        transaction.set_rollback(True)


def _people() -> None:
    user = UserFactory(username="ada")
    create_token(user)
    OAuthClient.objects.create(name="Shop", user=user)
    IdempotencyRecord.objects.create(
        user=user, key="k", request_digest="0" * 64, status=201, body=b""
    )
    come(Actor(user), uuid4(), "view")
    note(user, "invite", actor=SYSTEM)
    DemoLoad.objects.create(pk=1)
    notify([Draft(user.pk, "mention", "return", uuid4(), "mention:1")])
    choose_ways(user, {"mention": "mail"})
    Group.objects.create(name="Returns")
    bo, _ = CompanyFactory(reference="BO"), CompanyFactory(reference="CY")
    save_contact(bo.pk, {"name": "Bo"}, actor=SYSTEM)
    save_address(bo.pk, {"line1": "Dam 1"}, actor=SYSTEM)


def _stock() -> None:
    PartCategory.objects.create(code="outdoor", name="Outdoor")
    shelf = LocationFactory(code="SHELF")
    book_in(PartFactory(sku="tent"), shelf, actor=SYSTEM, quantity=Decimal(5))
    soup = PartFactory(sku="soup", is_batched=True)
    book_in(soup, shelf, actor=SYSTEM, quantity=Decimal(5), batch="B-1")
    PartFactory(sku="bike", gtin="96385074", is_serialized=True)
    camp = PartFactory(sku="camp", kind="kit")
    tent = apps.get_model("stock", "Part").objects.get(sku="tent")
    set_kit_parts(camp.pk, [KitPartInput(tent)], actor=SYSTEM)


def _returns() -> None:
    business = BusinessFactory(code="1000")
    make_codes()
    make_sheet()
    turn_returns(on=True, actor=SYSTEM)
    set_pattern(business.pk, "sales_order", "SO-{ref:06d}", actor=SYSTEM)
    _rules(business)
    company = apps.get_model("customers", "Company")
    bo, cy = company.objects.get(reference="BO"), company.objects.get(reference="CY")
    lines = [{"part": apps.get_model("stock", "Part").objects.get(sku="tent"), "quantity": 1}]
    add_shipment(
        create_order(business=business, customer=bo, actor=SYSTEM, lines=lines).pk, actor=SYSTEM
    )
    tents = sell(business, bo, goods("tent", "4", "25.00"), discount("-10.00"))
    _worked_on(ask_return(tents, "3", issued=True))
    _refunded(business, bo)
    sell(business, bo, goods("camp", "1", "30.00"))
    sell(business, bo, goods("bike", "1", "100.00", serials=("b-1",)), paid=False)
    bike = apps.get_model("stock", "StockItem").objects.get(serial="b-1")
    made = request_return(
        business=business, customer=bo, lines=[LineInput(stock_item=bike)], actor=SYSTEM
    )
    issue_return(made.pk, actor=SYSTEM)
    hold_return(made.pk, actor=SYSTEM, reason="Wait.")
    _fields()
    create_calendar_feed(
        {"name": "Mine", "contents": ["return_order"]},
        owner=apps.get_model("access", "User").objects.get(username="ada"),
        actor=SYSTEM,
    )
    keep_calendar_texts([CalendarText(kind="return_order", uuid=made.uuid, version=1, layout=1)])
    line = LineInput(Decimal(1), part=bike.part, custom={"seal": "broken"})
    request_return(
        business=business, customer=cy, actor=SYSTEM, lines=[line], custom={"remark": "Gift"}
    )
    waiting = request_return(business=business, customer=cy, actor=SYSTEM)
    issue_return(waiting.pk, actor=SYSTEM)
    _sent_out(ask_return(sell(business, bo, goods("tent", "3", "25.00")), "3", issued=True))


def _fields() -> None:
    text = {"target": "return", "code": "remark", "name": "Remark", "kind": "text"}
    create_custom_field(text, actor=SYSTEM)
    seal = {"target": "line", "code": "seal", "name": "Seal", "kind": "choice"}
    create_custom_field({**seal, "choices": ["whole", "broken"]}, actor=SYSTEM)


def _refunded(business: Any, bo: Any) -> None:
    """A refund in a bank file, one by the gateway, and all that stands around them."""
    keep_bank_details(account(), business=business, actor=SYSTEM)
    by_bank = Refund.objects.get()
    set_refund_details(by_bank.pk, bank_of(bo), actor=SYSTEM)
    approve_refund(by_bank.pk, actor=SYSTEM)
    make_bank_file(business, [by_bank.pk], actor=SYSTEM)
    ready(business, bo)
    told("fail")
    SandboxGateway().refund("key", "payment", Decimal(1), "EUR")
    set_column_limits("sales", {"pending": 5}, business=None, actor=SYSTEM)
    set_limit(Group.objects.get(name="Returns"), "EUR", Decimal(100), actor=SYSTEM)


def _sent_out(rma: Any) -> None:
    line = rma.lines.get()
    cancel_order(replace(line, in_advance=True).pk, actor=SYSTEM)
    receive_return(rma.pk, ReceiveInput(lines=[ArrivalInput(line, Decimal(1))]), actor=SYSTEM)
    send_back(line)
    fee = {"name": "Fee", "gross_unit_price": Decimal("-1.00")}
    add_extra_line(rma.pk, fee, actor=SYSTEM)
    charge_return(rma.pk, actor=SYSTEM)


def _rules(business: Any) -> None:
    waits = {"aspect": "approval", "when": {"customer": "CY"}, "then": {"needed": "always"}}
    published = create_policy(business, rules={"rules": [waits]}, actor=SYSTEM)
    publish_policy(published.pk, clock.today(business), actor=SYSTEM)
    create_policy(business, actor=SYSTEM)


def _worked_on(rma: Any) -> None:
    line = rma.lines.get()
    add_parcel(rma.pk, {"carrier": "PostNL"}, actor=SYSTEM)
    add_comment(rma.pk, "Boxed.", actor=SYSTEM)
    attach_file(rma.pk, "letter.txt", b"Dear all", key=uuid4(), actor=SYSTEM)
    keep_with(rma, rma, system="other", metadata={"colour": "red"}, actor=SYSTEM)
    fee = {"name": "Fee", "gross_unit_price": Decimal("-1.00")}
    add_extra_line(rma.pk, fee, actor=SYSTEM)
    receive_return(rma.pk, ReceiveInput(lines=[ArrivalInput(line, Decimal(2))]), actor=SYSTEM)
    scrap = Disposition.objects.get(code="scrap")
    dispose_return(rma.pk, [DisposeInput(line, scrap, Decimal(1))], actor=SYSTEM)
    credit_return(rma.pk, actor=SYSTEM)
    _counted(rma)
    release_return(rma.pk, actor=SYSTEM)
    waive_return(rma.pk, [QuantityInput(line, Decimal(1))], actor=SYSTEM)


def _counted(rma: Any) -> None:
    """A count that was thrown away, one that is open, and a slip that was printed."""
    scan_code(rma.pk, "77120", actor=SYSTEM)
    cancel_count(rma.pk, actor=SYSTEM, reason="wrong parcel")
    scan_code(rma.pk, "77120", key="a", actor=SYSTEM)
    log_print(rma, LabelKind.SLIP, actor=SYSTEM)


def refused(sql: str) -> IntegrityError:
    """Run a statement that must be refused, and take back what came before the refusal."""
    with (
        pytest.raises(IntegrityError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    return refusal.value


def named_constraints() -> dict[str, models.BaseConstraint]:
    return {
        constraint.name: constraint
        for model in apps.get_models()
        if model._meta.app_label not in LIBRARIES
        for constraint in model._meta.constraints
    }


def columns_of(case: Break | str) -> list[str]:
    if isinstance(case, str):
        return []
    (model,) = [model for model in apps.get_models() if model._meta.db_table == case.table]
    fields = model._meta.local_concrete_fields
    return [field.column for field in fields if not field.generated]


def test_every_constraint_and_trigger_has_a_way_to_break_it():
    history = {f"{table}_append_only" for table in HISTORY}

    assert set(BREAKS) == (set(named_constraints()) | set(TRIGGER_REFUSALS)) - history
    assert history <= set(TRIGGER_REFUSALS)


@pytest.mark.parametrize("name", sorted(named_constraints()))
def test_every_constraint_says_in_words_and_by_code_what_it_forbids(name):
    constraint = named_constraints()[name]

    assert constraint.violation_error_code
    assert constraint.violation_error_message != constraint.default_violation_error_message
    assert name not in str(constraint.violation_error_message)


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_raw_sql_cannot_break(world, name):
    case = BREAKS[name]

    error = refused(statement(case, columns_of(case)))

    assert error.__cause__.diag.constraint_name == name
    refusal = refusal_for(error)
    assert refusal.facts == {"constraint": name}
    expected = named_constraints().get(name)
    code = expected.violation_error_code if expected else TRIGGER_REFUSALS[name][1]
    assert refusal.code == code


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_raw_sql_cannot_change_history(world, table, sql):
    error = refused(sql.format(table))

    assert error.__cause__.diag.constraint_name == f"{table}_append_only"
    assert refusal_for(error).code == "append_only"


def test_a_location_cannot_lie_inside_one_that_lies_inside_it(world):
    inner = LocationFactory(parent=LocationFactory(parent=LocationFactory(code="TOP")))

    error = refused(f"UPDATE stock_location SET parent_id = {inner.pk} WHERE code = 'TOP'")

    assert error.__cause__.diag.constraint_name == "location_tree_has_no_cycle"


@pytest.mark.parametrize(
    ("sql", "claimed"),
    [
        ("UPDATE returns_returnline SET quantity = quantity + 1 WHERE id = {line}", 4),
        (
            "UPDATE returns_returnline SET quantity = quantity - 1, released = 0 WHERE id = {line}",
            3,
        ),
        ("UPDATE returns_returnline SET released = 0 WHERE id = {line}", 4),
        ("UPDATE returns_returnline SET waived = 0 WHERE id = {line}", 2),
        ("UPDATE returns_returnline SET sent_back = 1 WHERE id = {line}", 2),
        ("UPDATE returns_returnline SET order_line_id = NULL WHERE id = {line}", 0),
    ],
)
def test_the_claim_follows_a_line_whoever_writes_it(world, sql, claimed):
    line = ReturnLine.objects.get(waived__gt=0)
    assert line.claim == 3

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(line=line.pk))
        now = OrderLine.objects.get(pk=line.order_line_id).claimed
        transaction.set_rollback(True)

    assert now == claimed


def test_more_than_was_shipped_cannot_be_claimed_by_raw_sql(world):
    error = refused("UPDATE returns_returnline SET quantity = quantity + 2 WHERE waived > 0")

    assert error.__cause__.diag.constraint_name == "orderline_claimed_within_shipped"


@pytest.mark.parametrize(
    ("away", "back"),
    [("void = true", "void = false"), ("stock_item_id = NULL", "stock_item_id = {unit}")],
)
def test_a_line_that_takes_up_a_unit_later_needs_its_holder_too(world, away, back):
    bike = ReturnLine.objects.get(stock_item__serial="b-1")
    unit = bike.stock_item_id
    stranger = "SELECT id FROM customers_company WHERE reference = 'CY'"
    steps = [
        f"UPDATE returns_returnline SET {away} WHERE id = {bike.pk}",
        f"UPDATE stock_stockitem SET holder_id = ({stranger}) WHERE id = {unit}",
        f"UPDATE returns_returnline SET {back.format(unit=unit)} WHERE id = {bike.pk}",
    ]

    error = refused(";".join(steps))

    assert error.__cause__.diag.constraint_name == "returnline_unit_held_by_customer"
