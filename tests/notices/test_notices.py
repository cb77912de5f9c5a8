"""Notices: who is told of what, once, in which way, and only while it may be seen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from returns.services import add_comment, edit_return
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.access.models import User
from rmaproject.notices.mailing import morning, send_all
from rmaproject.notices.models import Notice
from rmaproject.notices.registry import Draft
from rmaproject.notices.selectors import unread_count, visible_notices
from rmaproject.notices.services import choose_ways, hear_all, mentioned, notify
from tests.factories import UserFactory, ask_return, goods, sell


@pytest.fixture
def order(business, bo):
    return ask_return(sell(business, bo, goods("TENT", "2", "50.00", name="Tent")))


@pytest.fixture
def max_(roles):
    return UserFactory(username="max.m", email="max@example.com", roles=["Manager"])


def texts(user):
    return [row.text for row in visible_notices(Actor(User.objects.get(pk=user.pk)))]


def test_who_is_named_in_a_note_is_told_once_and_led_to_the_note(client, order, ada, max_):
    note = add_comment(order.pk, "Ask @max.m, not @nobody or a@max.m. @Max.M!", actor=ada)

    assert len(texts(max_)) == 1
    assert order.reference in texts(max_)[0]
    client.force_login(max_)
    opened = client.post(f"/notices/{Notice.objects.get().uuid}/open/")
    assert opened.headers["Location"] == f"/returns/{order.uuid}/#note-{note.uuid}"
    assert f'id="note-{note.uuid}"' in client.get(f"/returns/{order.uuid}/").content.decode()
    assert unread_count(Actor(max_)) == 0


def test_nobody_is_told_of_what_they_wrote_themselves(order, ada):
    add_comment(order.pk, f"Note to @{ada.user.username}", actor=ada)

    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("text", "named"),
    [("@max.m", 1), ("(@max.m)", 1), ("@max.m.", 1), ("x@max.m", 0), ("@max.mx", 0), ("@", 0)],
)
def test_a_name_is_found_whatever_stands_around_it(max_, text, named):
    assert len(mentioned(text)) == named


def test_a_notice_about_what_may_no_longer_be_seen_shows_nothing(client, order, ada, max_):
    add_comment(order.pk, "Ask @max.m", actor=ada)
    max_.groups.clear()
    nobody = User.objects.get(pk=max_.pk)

    assert texts(nobody) == []
    assert unread_count(Actor(nobody)) == 0
    client.force_login(nobody)
    assert order.reference not in client.get("/notices/?show=all").content.decode()
    assert client.post(f"/notices/{Notice.objects.get().uuid}/open/").status_code == 404


def test_who_becomes_responsible_is_told_but_not_of_own_doing(order, ada, max_):
    hear_all()
    edit_return(order.pk, {"responsible_user": max_}, actor=ada)
    hear_all()
    hear_all()
    edit_return(order.pk, {"responsible_user": ada.user}, actor=ada)
    hear_all()

    assert texts(max_) == [f"{order.reference} is now yours or your team’s."]
    assert texts(ada.user) == []


def test_an_overdue_return_is_told_once_for_each_target_date(order, max_):
    edit_return(order.pk, {"responsible_user": max_, "target_date": date(2026, 1, 2)}, actor=SYSTEM)
    hear_all()
    hear_all()

    told = Notice.objects.filter(kind="overdue")
    assert [row.key for row in told] == [f"overdue:{order.uuid}:2026-01-02"]


def test_the_same_event_is_told_once_and_what_is_switched_off_never(order, max_):
    draft = Draft(max_.pk, "mention", "return", order.uuid, "mention:1")

    notify([draft])
    notify([draft])
    choose_ways(max_, {"mention": "off"})
    notify([Draft(max_.pk, "mention", "return", order.uuid, "mention:2")])

    assert [row.key for row in Notice.objects.all()] == ["mention:1"]


def test_a_mail_goes_out_once_with_a_link_to_the_item(order, max_, settings):
    settings.PUBLIC_URL = "https://desk.example"
    choose_ways(max_, {"mention": "mail"})
    notify([Draft(max_.pk, "mention", "return", order.uuid, "k", {"who": "Ada", "anchor": "#n"})])

    send_all()
    send_all()

    sent = [(row.to, row.subject) for row in mail.outbox]
    assert sent == [(["max@example.com"], f"Ada mentions you in a note on {order.reference}.")]
    assert f"https://desk.example/returns/{order.uuid}/#n" in mail.outbox[0].body


def test_the_daily_mail_waits_for_seven_in_the_readers_morning(order, max_):
    choose_ways(max_, {"mention": "digest"})
    notify([Draft(max_.pk, "mention", "return", order.uuid, f"k{n}") for n in range(2)])
    Notice.objects.update(made_at=timezone.now() + timedelta(minutes=1))

    send_all()
    assert mail.outbox == []
    Notice.objects.update(made_at=timezone.now() - timedelta(days=2))
    send_all()
    send_all()

    assert [row.subject for row in mail.outbox] == ["2 notices"]


def test_seven_is_counted_by_the_readers_clock():
    far = User(time_zone="Pacific/Kiritimati")
    now = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # 07:30 of the 23rd there

    assert morning(far, now).isoformat() == "2026-11-23T07:00:00+14:00"
    earlier = morning(far, now - timedelta(hours=1))
    assert earlier.isoformat() == "2026-11-22T07:00:00+14:00"


def test_notices_are_read_one_by_one_or_all_and_ways_are_chosen_on_a_page(client, order, max_):
    notify([Draft(max_.pk, "mention", "return", order.uuid, f"k{n}") for n in range(3)])
    client.force_login(max_)

    assert len(client.get("/notices/").context["notices"]) == 3
    client.post(f"/notices/{Notice.objects.first().uuid}/read/")
    assert len(client.get("/notices/").context["notices"]) == 2
    client.post("/notices/read/")
    assert client.get("/notices/").context["notices"] == []
    assert len(client.get("/notices/?show=all").context["notices"]) == 3
    ways = dict.fromkeys(["assigned", "approval", "refund_failed", "overdue", "job"], "desk")
    client.post("/notices/choices/", {**ways, "mention": "digest"})
    assert client.get("/notices/choices/").context["form"].initial["mention"] == "digest"
    assert client.post("/notices/choices/", {**ways, "mention": "owl"}).status_code == 422
