"""Systems without a draft ask for a return and issue it in one step; and say all lines anew."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from returns.models import ReturnOrder
from returns.services import (
    LineInput,
    LineWish,
    issue_return,
    open_return,
    receive_return,
    rewrite_lines,
)
from returns.services.inputs import ArrivalInput, ReceiveInput
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.audit import trail
from rmaproject.shared import clock
from rmaproject.shared.errors import Conflict, DomainError, NotPermitted, RuleViolation
from sales.models import OrderLine, SalesOrder
from stock.models import Batch, Movement, StockItem
from tests.compat.calling import nothing_changed
from tests.factories import LocationFactory, PartFactory, actor_with, goods, sell
from tests.returns.kits import kit
from tests.returns.steps import D, request

pytestmark = pytest.mark.django_db
SAME = "a" * 64
OTHER = "b" * 64


@pytest.fixture
def sale(business: Any, bo: Any) -> SalesOrder:
    return sell(business, bo, goods("TENT", "3", "50.00"), goods("PEG", "10", "1.00"))


def sold(sale: SalesOrder, sku: str = "TENT") -> OrderLine:
    return OrderLine.objects.select_related("part", "order").get(order=sale, part__sku=sku)


def announce(
    sale: SalesOrder, digest: str = SAME, *, actor: Actor = SYSTEM, **values: Any
) -> tuple[ReturnOrder, bool]:
    lines = [LineInput(D("2"), order_line=sold(sale))]
    return open_return(
        business=sale.business,
        customer=sale.customer,
        lines=lines,
        digest=digest,
        actor=actor,
        **values,
    )


def told(rma: ReturnOrder) -> list[tuple[str, str, str]]:
    """SKU, quantity and waived of the lines that stand."""
    rows = rma.lines.filter(void=False).select_related("part").order_by("number")
    return [(row.part.sku, str(row.quantity + 0), str(row.waived + 0)) for row in rows]


def test_a_return_is_asked_for_and_issued_in_one_step(sale):
    made, new = announce(sale, reference="RMA-X")

    assert new
    assert (made.status, made.reference) == ("in_progress", "RMA-X")
    assert [entry.verb for entry in trail.history(made)] == ["create", "issue"]


def test_the_same_content_under_one_reference_gives_the_first_return(sale):
    first, _ = announce(sale, reference="RMA-X")

    again, new = announce(sale, reference="rma-x")

    assert not new
    assert again.pk == first.pk
    assert sold(sale).claimed == 2


def test_other_content_under_a_known_reference_is_refused(sale):
    announce(sale, reference="RMA-X")

    with nothing_changed(), pytest.raises(Conflict) as refusal, transaction.atomic():
        announce(sale, OTHER, reference="RMA-X")

    assert refusal.value.code == "reference_exists"


def test_who_may_not_record_the_past_asks_for_today_only(sale, roles):
    today = clock.today(sale.business)
    agent = actor_with("Service agent")
    made, _ = announce(sale, requested_on=today, actor=agent)
    assert made.requested_on == today

    with nothing_changed(), pytest.raises(NotPermitted):
        announce(sale, requested_on=today - timedelta(days=1), actor=agent)
    with nothing_changed(), pytest.raises(RuleViolation) as refusal:
        announce(sale, requested_on=today + timedelta(days=1))

    assert refusal.value.code == "invalid_date"


def test_who_may_record_the_past_dates_a_return(sale, ada):
    made, _ = announce(sale, requested_on=date(2026, 3, 5), actor=ada)

    assert made.requested_on == date(2026, 3, 5)


def rewritten(rma: ReturnOrder, *wishes: LineWish) -> list[tuple[str, str, str]]:
    rewrite_lines(rma.pk, wishes, actor=SYSTEM)
    return told(rma)


def test_lines_left_out_are_taken_out_and_others_become_as_said(sale):
    rma = request(
        sale,
        LineInput(D("2"), order_line=sold(sale)),
        LineInput(D("4"), order_line=sold(sale, "PEG")),
    )
    tent, _ = rma.lines.order_by("number")

    now = rewritten(
        rma,
        LineWish(LineInput(D("1"), waived=D("1")), tent),
        LineWish(LineInput(D("3"), order_line=sold(sale, "PEG"))),
    )

    assert now == [("TENT", "1.00000", "1.00000"), ("PEG", "3.00000", "0.00000")]
    assert (sold(sale).claimed, sold(sale, "PEG").claimed) == (2, 3)


def test_what_is_as_wished_already_leaves_no_trace(sale):
    rma = request(sale, LineInput(D("2"), order_line=sold(sale)))
    before = len(trail.history(rma))

    rewritten(rma, LineWish(LineInput(D("2")), rma.lines.get()))

    assert len(trail.history(rma)) == before


def test_all_of_a_line_is_waived_though_all_that_was_sold_is_claimed(sale):
    rma = request(sale, LineInput(D("3"), order_line=sold(sale)))

    now = rewritten(rma, LineWish(LineInput(D("0"), waived=D("3")), rma.lines.get()))

    assert now == [("TENT", "0.00000", "3.00000")]
    assert sold(sale).claimed == 3


def test_goods_move_from_one_line_of_a_sale_to_another(sale):
    """The line that gives comes first, else the sold line would be claimed twice for a moment."""
    one = LineInput(D("1"), order_line=sold(sale))
    rma = request(sale, one, LineInput(D("2"), order_line=sold(sale)))
    first, second = rma.lines.order_by("number")

    now = rewritten(rma, LineWish(LineInput(D("2")), first), LineWish(LineInput(D("1")), second))

    assert now == [("TENT", "2.00000", "0.00000"), ("TENT", "1.00000", "0.00000")]


def test_a_received_line_cannot_be_left_out(sale):
    rma = request(sale, LineInput(D("2"), order_line=sold(sale)))
    arrival = ArrivalInput(rma.lines.get(), D("1"))
    receive_return(rma.pk, ReceiveInput(lines=[arrival]), actor=SYSTEM)
    new = LineWish(LineInput(D("1"), order_line=sold(sale, "PEG")))

    with nothing_changed(), pytest.raises(DomainError) as refusal:
        rewrite_lines(rma.pk, [new], actor=SYSTEM)

    assert refusal.value.code == "line_has_history"


def test_what_was_waived_stays(sale):
    rma = request(sale, LineInput(D("1"), waived=D("1"), order_line=sold(sale)))

    with nothing_changed(), pytest.raises(Conflict) as refusal:
        rewrite_lines(rma.pk, [LineWish(LineInput(D("2")), rma.lines.get())], actor=SYSTEM)

    assert (refusal.value.code, refusal.value.pointer) == ("waived_stays", "/lines/0/waived")


def test_waiving_more_needs_its_right(sale, roles):
    rma = request(sale, LineInput(D("1"), order_line=sold(sale)))
    agent = actor_with("Service agent")
    wish = LineWish(LineInput(D("1"), waived=D("1")), rma.lines.get())

    with nothing_changed(), pytest.raises(NotPermitted):
        rewrite_lines(rma.pk, [wish], actor=agent)


def test_a_refusal_points_to_the_wish_that_it_is_about(sale):
    rma = request(sale, LineInput(D("1"), order_line=sold(sale)))
    wishes = [
        LineWish(LineInput(D("1")), rma.lines.get()),
        LineWish(LineInput(D("1"), order_line=sold(sale, "PEG"), part=sold(sale).part)),
    ]

    with nothing_changed(), pytest.raises(RuleViolation) as refusal:
        rewrite_lines(rma.pk, wishes, actor=SYSTEM)

    assert (refusal.value.code, refusal.value.pointer) == ("wrong_part", "/lines/1/part")


def test_a_closed_return_is_not_said_anew(sale):
    rma = request(sale, LineInput(D("1"), order_line=sold(sale)), issued=False)
    ReturnOrder.objects.filter(pk=rma.pk).update(status="cancelled", closed_at=clock.now())

    with nothing_changed(), pytest.raises(Conflict) as refusal:
        rewrite_lines(rma.pk, [], actor=SYSTEM)

    assert refusal.value.code == "illegal_transition"


def received_at(rma: ReturnOrder, **values: Any) -> str:
    """Where one unit of the return's line was put."""
    receive_return(
        rma.pk, ReceiveInput([ArrivalInput(rma.lines.get(), D("1"), **values)]), actor=SYSTEM
    )
    return str(Movement.objects.latest("pk").to_location.code)


def test_goods_go_to_the_place_of_their_line_then_of_the_return(sale):
    shelf, hall = LocationFactory(code="SHELF"), LocationFactory(code="HALL")
    of_line = LineInput(D("1"), order_line=sold(sale), location=shelf)
    one = request(sale, of_line, location=hall)
    two = request(sale, LineInput(D("1"), order_line=sold(sale)), location=hall)
    three = request(sale, LineInput(D("1"), order_line=sold(sale)))

    places = [received_at(rma) for rma in (one, two, three)]

    assert places == ["SHELF", "HALL", sale.business.returns_location.code]


def test_an_entry_says_another_place_than_its_line(sale):
    shelf, hall = LocationFactory(code="SHELF"), LocationFactory(code="HALL")
    rma = request(sale, LineInput(D("1"), order_line=sold(sale), location=shelf))

    assert received_at(rma, location=hall) == "HALL"


def test_a_batch_that_nobody_knew_is_made_with_its_fields(business, bo):
    PartFactory(sku="GLUE", is_batched=True)
    rma = request(
        order := sell(business, bo, goods("GLUE", "5")),
        LineInput(D("2"), order_line=sold(order, "GLUE")),
    )
    fields = {"made_on": date(2026, 1, 1), "expires_on": date(2027, 1, 1), "external_number": "M-1"}

    received_at(rma, batch="B-1", batch_facts=fields)
    received_at(rma, batch="b-1", batch_facts={"external_number": "M-2"})

    batch = Batch.objects.get()
    assert (batch.number, batch.made_on, batch.expires_on) == (
        "B-1",
        fields["made_on"],
        fields["expires_on"],
    )
    assert batch.external_number == "M-1"
    assert StockItem.objects.get(batch=batch).quantity == 2


def test_a_batch_cannot_expire_before_it_is_made(business, bo):
    PartFactory(sku="GLUE", is_batched=True)
    rma = request(
        order := sell(business, bo, goods("GLUE", "5")),
        LineInput(D("2"), order_line=sold(order, "GLUE")),
    )
    fields = {"made_on": date(2027, 1, 1), "expires_on": date(2026, 1, 1)}

    with nothing_changed(), pytest.raises(RuleViolation) as refusal:
        received_at(rma, batch="B-1", batch_facts=fields)

    assert refusal.value.code == "invalid_expiry"


def test_parts_of_an_inner_kit_name_the_outer_kit_that_they_came_with(business, bo):
    kit("FIXING", ("PEG", "3"))
    kit("CAMP", ("TENT", "1"), ("FIXING", "2"))
    camp = sell(business, bo, goods("CAMP", "2", "9.99"))
    inner, outer = sold(camp, "FIXING"), sold(camp, "CAMP")

    rma = request(camp, LineInput(D("1"), order_line=inner, kit_line=outer), issued=False)

    line = rma.lines.get()
    assert (line.part.sku, line.quantity, line.kit_line_id) == ("PEG", 3, outer.pk)
    issue_return(rma.pk, actor=SYSTEM)
