"""What becomes of an event on its way: arrived, tried again at its times, or given up."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from standardwebhooks import Webhook

from returns.services import hold_return, resume_return
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.events.models import Event
from rmaproject.shared import clock
from rmaproject.webhooks.models import Attempt, Delivery, Endpoint
from rmaproject.webhooks.services import create_endpoint, replay_delivery, rotate_secret
from rmaproject.webhooks.services.pruning import prune
from rmaproject.webhooks.services.sending import claim, next_due, send_due
from rmaproject.webhooks.services.spreading import spread_all
from tests.factories import BusinessFactory, actor_with, ask_return, goods, sell
from tests.webhooks.receiver import Receiver

# Nobody is called inside a transaction, so the tests have none.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def later(monkeypatch) -> Callable[[timedelta], None]:
    """Let time pass for the program."""
    moved = [timedelta(0)]
    now = clock.now

    def shifted(place: Any = None) -> datetime:
        return now(place) + moved[0]

    monkeypatch.setattr(clock, "now", shifted)

    def go_on(by: timedelta) -> None:
        moved[0] += by

    return go_on


@pytest.fixture
def iris(roles) -> Actor:
    """Iris, who connects other systems."""
    return actor_with("Integrator", username="iris", email="iris@example.com")


def endpoint_for(actor: Actor, receiver: Receiver, **values: Any) -> tuple[Endpoint, str]:
    return create_endpoint({"url": receiver.url, "types": ["return.*"], **values}, actor=actor)


def sent(receiver: Receiver) -> list[tuple[str, str]]:
    """What arrived: types with references."""
    bodies = [json.loads(body) for _, body in receiver.got]
    return [(body["type"], body["data"].get("reference", "")) for body in bodies]


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def go(endpoint: Endpoint) -> None:
    spread_all()
    send_due(endpoint.pk)


def test_an_event_arrives_signed_and_thin(business, bo, iris, receiver):
    endpoint, secret = endpoint_for(iris, receiver)
    rma = ask_return(sell(business, bo, goods("TENT")))

    go(endpoint)

    (headers, body) = receiver.got[0]
    event = Event.objects.get(type="return.create")
    assert Webhook(secret).verify(body, headers) == {
        "type": "return.create",
        "timestamp": event.at.isoformat(),
        "data": event.data,
    }
    assert headers["webhook-id"] == str(event.uuid)
    assert event.data["id"] == str(rma.uuid)
    assert states() == ["delivered"]


def test_the_log_keeps_what_was_sent_and_what_came_back(business, bo, iris, receiver):
    receiver.answers = [(500, {"X-Why": "tired"})]
    endpoint, _ = endpoint_for(iris, receiver)
    ask_return(sell(business, bo, goods("TENT")))

    go(endpoint)

    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.response_headers["X-Why"], attempt.error) == (500, "tired", "")
    assert attempt.request_headers["webhook-id"] == receiver.got[0][0]["webhook-id"]


def test_the_next_event_of_a_return_waits_for_the_one_before_and_others_do_not(
    business, bo, iris, receiver, later
):
    receiver.answers = [(500, {})]
    endpoint, _ = endpoint_for(iris, receiver)
    first = ask_return(sell(business, bo, goods("TENT")), issued=True)
    second = ask_return(sell(business, bo, goods("TENT")))

    go(endpoint)

    told = [("return.create", first.reference), ("return.create", second.reference)]
    assert sent(receiver) == told
    assert states() == ["pending", "pending", "delivered"]

    later(timedelta(seconds=6))
    go(endpoint)

    again = [("return.create", first.reference), ("return.issue", first.reference)]
    assert sent(receiver) == told + again
    assert receiver.got[0][0]["webhook-id"] == receiver.got[2][0]["webhook-id"]


def test_it_is_tried_again_at_the_times_of_the_table(business, bo, iris, receiver, later):
    receiver.answers = [(500, {})] * 10
    endpoint, _ = endpoint_for(iris, receiver)
    ask_return(sell(business, bo, goods("TENT")))
    spread_all()
    waits = []
    for _ in range(9):
        send_due(endpoint.pk)
        waits.append((Delivery.objects.get().next_at - clock.now()).total_seconds())
        later(timedelta(seconds=waits[-1] - 1))
        send_due(endpoint.pk)
        later(timedelta(seconds=2))

    table = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert len(receiver.got) == 9
    for wait, told in zip(waits, table, strict=True):
        assert told * 0.99 - 1 <= wait <= told * 1.1


def test_after_the_last_attempt_the_owner_is_told_and_the_webhook_is_off(
    business, bo, iris, receiver, later, settings
):
    settings.WEBHOOK_RETRIES = [1.0]
    receiver.answers = [(500, {})] * 2
    endpoint, _ = endpoint_for(iris, receiver)
    ask_return(sell(business, bo, goods("TENT")), issued=True)
    go(endpoint)
    later(timedelta(seconds=2))

    go(endpoint)

    endpoint.refresh_from_db()
    assert (endpoint.active, endpoint.disabled_reason) == (False, "failing")
    assert states() == ["failed", "cancelled"]
    assert [message.to for message in mail.outbox] == [["iris@example.com"]]
    assert "It answered 500." in mail.outbox[0].body
    assert next_due(endpoint.pk) is None


def test_one_event_that_is_never_taken_does_not_switch_off_what_works(
    business, bo, iris, receiver, later, settings
):
    settings.WEBHOOK_RETRIES = [1.0]
    receiver.answers = [(400, {}), (204, {}), (400, {})]
    endpoint, _ = endpoint_for(iris, receiver)
    ask_return(sell(business, bo, goods("TENT")))
    ask_return(sell(business, bo, goods("TENT")))
    go(endpoint)
    later(timedelta(seconds=2))

    go(endpoint)

    endpoint.refresh_from_db()
    assert states() == ["failed", "delivered"]
    assert endpoint.active
    assert mail.outbox[0].subject == "A webhook event was given up"


def test_410_switches_the_webhook_off_at_once(business, bo, iris, receiver, caplog):
    receiver.answers = [(410, {})]
    endpoint, _ = endpoint_for(iris, receiver)
    ask_return(sell(business, bo, goods("TENT")))

    go(endpoint)

    endpoint.refresh_from_db()
    assert (endpoint.active, endpoint.disabled_reason, states()) == (False, "gone", ["failed"])
    assert f"Webhook {endpoint.uuid} is switched off: gone" in caplog.text


def test_who_asks_to_be_left_alone_is_left_alone_with_everything(
    business, bo, iris, receiver, later
):
    receiver.answers = [(429, {"Retry-After": "600"})]
    endpoint, _ = endpoint_for(iris, receiver)
    for _ in range(2):
        ask_return(sell(business, bo, goods("TENT")))
    go(endpoint)
    later(timedelta(seconds=599))
    send_due(endpoint.pk)
    early = len(receiver.got)

    later(timedelta(seconds=2))
    send_due(endpoint.pk)

    assert early == 1
    assert states() == ["delivered", "delivered"]


def test_a_wish_to_wait_for_years_is_obeyed_for_a_day(business, bo, iris, receiver):
    receiver.answers = [(503, {"Retry-After": "999999999"})]
    endpoint, _ = endpoint_for(iris, receiver)
    ask_return(sell(business, bo, goods("TENT")))

    go(endpoint)

    wait = Delivery.objects.get().next_at - clock.now()
    assert timedelta(hours=23) < wait <= timedelta(hours=24)


def test_only_what_the_owner_may_see_is_told_and_asked_again_when_it_goes_out(
    business, bo, iris, receiver
):
    endpoint, _ = endpoint_for(iris, receiver)
    ask_return(sell(business, bo, goods("TENT")))
    spread_all()
    iris.user.groups.clear()

    send_due(endpoint.pk)
    ask_return(sell(business, bo, goods("TENT")))
    go(endpoint)

    assert receiver.got == []
    assert states() == ["cancelled"]


def test_a_webhook_made_with_a_narrow_key_tells_no_more_than_that_key_reads(
    business, bo, iris, receiver
):
    scopes = frozenset({"webhooks.manage_webhooks", "sales.view_order"})
    narrow = Actor(iris.user, scopes=scopes)
    endpoint, _ = endpoint_for(narrow, receiver, types=["*"])

    ask_return(sell(business, bo, goods("TENT")))
    go(endpoint)

    assert {type_.partition(".")[0] for type_, _ in sent(receiver)} == {"sales_order"}


def test_types_and_businesses_narrow_what_is_told(business, bo, iris, receiver):
    other = BusinessFactory(code="2000")
    endpoint, _ = endpoint_for(iris, receiver, types=["return.issue"], businesses=["2000"])

    for place in (business, other):
        ask_return(sell(place, bo, goods("TENT")), issued=True)
    go(endpoint)

    assert [type_ for type_, _ in sent(receiver)] == ["return.issue"]
    assert json.loads(receiver.got[0][1])["data"]["business"] == "2000"


def test_both_secrets_sign_for_a_day_after_a_rotation(business, bo, iris, receiver, later):
    endpoint, old = endpoint_for(iris, receiver)
    _, new = rotate_secret(endpoint.pk, actor=iris)
    rma = ask_return(sell(business, bo, goods("TENT")))
    go(endpoint)
    later(timedelta(hours=25))
    hold_return(rma.pk, reason="Wait", actor=SYSTEM)
    go(endpoint)

    (early, body), (late, _) = receiver.got
    for secret in (old, new):
        Webhook(secret).verify(body, early)
    assert len(early["webhook-signature"].split()) == 2
    assert len(late["webhook-signature"].split()) == 1


def test_secrets_lie_in_the_database_encrypted(iris, receiver):
    endpoint, secret = endpoint_for(iris, receiver)
    bare = secret.removeprefix("whsec_")

    assert 24 <= len(bare) * 3 // 4 <= 64
    assert bare not in str(Endpoint.objects.filter(pk=endpoint.pk).values())


def test_a_replay_tells_once_more_under_the_first_id(business, bo, iris, receiver):
    endpoint, _ = endpoint_for(iris, receiver)
    ask_return(sell(business, bo, goods("TENT")))
    go(endpoint)

    replay_delivery(Delivery.objects.get().pk, actor=iris)
    send_due(endpoint.pk)

    ids = [headers["webhook-id"] for headers, _ in receiver.got]
    assert ids == [str(Event.objects.get(type="return.create").uuid)] * 2
    assert states() == ["delivered", "delivered"]


def test_what_a_dead_worker_had_in_hand_is_sent_by_another(business, bo, iris, receiver, later):
    endpoint, _ = endpoint_for(iris, receiver)
    ask_return(sell(business, bo, goods("TENT")))
    spread_all()
    assert claim(endpoint.pk)

    send_due(endpoint.pk)
    early = len(receiver.got)
    later(timedelta(minutes=1))
    send_due(endpoint.pk)

    assert early == 0
    assert (len(receiver.got), states()) == (1, ["delivered"])


def test_without_an_active_webhook_nothing_waits(business, bo, iris, receiver):
    ask_return(sell(business, bo, goods("TENT")))

    assert spread_all() == set()
    assert not Delivery.objects.exists()


def test_what_was_told_before_a_webhook_was_made_is_not_told_to_it(business, bo, iris, receiver):
    rma = ask_return(sell(business, bo, goods("TENT")), issued=True)
    endpoint, _ = endpoint_for(iris, receiver)

    hold_return(rma.pk, reason="Wait", actor=SYSTEM)
    resume_return(rma.pk, actor=SYSTEM)
    go(endpoint)

    assert [type_ for type_, _ in sent(receiver)] == ["return.hold", "return.resume"]


def test_old_deliveries_and_older_events_are_removed(business, bo, iris, receiver, later):
    endpoint, _ = endpoint_for(iris, receiver)
    ask_return(sell(business, bo, goods("TENT")))
    go(endpoint)
    events = Event.objects.count()

    later(timedelta(days=31))
    first = prune()
    later(timedelta(days=60))
    second = prune()

    assert (first, second) == ((0, 1), (events, 0))
    assert (Event.objects.count(), Attempt.objects.count()) == (0, 0)
