from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from guardian.shortcuts import assign_perm

from customers.services import create_company, edit_company
from returns.services import cancel_return, delete_return, hold_return, turn_returns
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.audit import trail
from rmaproject.audit.models import AuditEntry
from rmaproject.events.kinds import KINDS, all_types
from rmaproject.events.models import Event
from rmaproject.events.outbox import number_all
from rmaproject.events.selectors import visible_events
from rmaproject.shared.errors import NotPermitted
from sales.models import Refund
from sales.services.bank_files import confirm_bank_file
from stock.models import Part
from tests.factories import BusinessFactory, UserFactory, actor_with, ask_return, goods, sell
from tests.world import make_world

pytestmark = pytest.mark.django_db


def told(**which: Any) -> list[str]:
    """The types of the events with these columns, in the order they were written."""
    return list(Event.objects.filter(**which).order_by("pk").values_list("type", flat=True))


def seen_by(actor: Actor) -> set[str]:
    """The types of the events that somebody reads."""
    number_all()
    return set(visible_events(actor).values_list("type", flat=True))


def test_a_change_of_a_return_is_told_with_what_it_led_to(business, bo):
    rma = ask_return(sell(business, bo, goods("TENT")), issued=True)
    Event.objects.all().delete()

    hold_return(rma.pk, reason="Call Bo Jansen first.", actor=SYSTEM)

    event = Event.objects.get()
    assert (event.type, event.aggregate_id, event.version) == ("return.hold", rma.uuid, 3)
    assert event.data == {
        "id": str(rma.uuid),
        "version": 3,
        "reference": rma.reference,
        "business": "1000",
        "status": "on_hold",
        "goods": "expected",
        "money": "none",
    }


def test_work_that_was_rolled_back_is_told_to_nobody(bo):
    before = Event.objects.count()

    with transaction.atomic():
        edit_company(bo.pk, {"name": "Bo"}, actor=SYSTEM)
        transaction.set_rollback(True)

    assert Event.objects.count() == before


def test_no_event_holds_a_name_an_address_or_an_account(business, bo):
    world = make_world(business, bo)

    words = str(list(Event.objects.values_list("data", flat=True)))

    assert Refund.objects.get().uuid == world.records["refunds"].uuid
    for private in ("Jansen", "Oude Delft", "DE89370400440532013000", "3000", "Restocking"):
        assert private not in words


def test_every_change_of_a_told_record_is_an_event_of_a_documented_type(business, bo):
    make_world(business, bo)

    changes = AuditEntry.objects.filter(aggregate__in=KINDS).values_list("aggregate_id", "n")
    events = Event.objects.values_list("aggregate_id", "version")

    assert sorted(events) == sorted(changes)
    assert set(told()) <= set(all_types())


def test_a_refund_that_waits_for_details_and_one_that_is_done_have_types_of_their_own(business, bo):
    world = make_world(business, bo)
    confirm_bank_file(world.records["bank-files"].pk, actor=SYSTEM)

    types = told(kind="refund")

    assert types == [
        "refund.waiting_details",
        "refund.details",
        "refund.approve",
        "refund.pay",
        "refund.done",
    ]


def test_history_that_is_imported_is_told_to_nobody(roles):
    create_company({"reference": "OLD", "name": "Old"}, actor=Actor(None, door="import"))

    assert not Event.objects.exists()


def test_what_was_told_is_never_changed(bo):
    number_all()
    event = Event.objects.get()

    for change in ({"type": "company.edit"}, {"position": 1}):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            Event.objects.filter(pk=event.pk).update(**change)


def test_who_sees_one_business_reads_its_events_and_no_others(business, bo, roles):
    other = BusinessFactory()
    mine, theirs = (ask_return(sell(place, bo, goods("TENT"))) for place in (business, other))
    clerk = UserFactory()
    clerk.user_permissions.add(Permission.objects.get(codename="view_return"))
    assign_perm("sales.view_business", clerk, business)
    number_all()

    rows = visible_events(Actor(clerk)).values_list("aggregate_id", flat=True)

    assert set(rows) == {mine.uuid}
    assert theirs.uuid not in set(rows)


def test_that_a_return_was_deleted_reaches_who_saw_it(business, bo, ada):
    rma = ask_return(sell(business, bo, goods("TENT")))

    delete_return(rma.pk, actor=SYSTEM)

    assert "return.delete" in seen_by(ada)


def test_a_key_for_returns_reads_nothing_of_sales(business, bo, ada):
    rma = ask_return(sell(business, bo, goods("TENT")))
    cancel_return(rma.pk, reason="No", actor=SYSTEM)
    narrow = Actor(ada.user, scopes=frozenset({"returns.view_return"}))

    assert seen_by(narrow) == {"return.create", "return.cancel"}


def test_while_returns_are_off_their_events_are_too(business, bo, ada):
    ask_return(sell(business, bo, goods("TENT")))

    turn_returns(on=False, actor=SYSTEM)

    types = seen_by(ada)
    assert "sales_order.record" in types
    assert "return.create" not in types


def test_who_may_see_no_kind_of_record_is_refused(roles):
    with pytest.raises(NotPermitted) as refusal:
        visible_events(actor_with())

    assert refusal.value.code == "not_permitted"


def test_telling_costs_one_statement_however_much_there_is(business, django_assert_num_queries):
    parts = [(Part(sku=f"P{n}", name="Peg"), {}) for n in range(50)]

    with django_assert_num_queries(3):
        trail.create_all(parts, actor=SYSTEM)
