"""How feeds by secret address are served: headers, tags, dates, and how often."""

from __future__ import annotations

import pytest

from returns.calendar.throttle import FETCHES_A_MINUTE
from returns.services import (
    edit_return,
)
from returns.services.calendar_feeds import (
    edit_calendar_feed,
)
from rmaproject.access.actors import SYSTEM
from tests.returns.feeds import (
    Subscription,
    an_rma,
    basic,
    events_of,
    in_days,
)


def test_the_headers_are_those_that_calendars_need(mine, business, bo):
    answer = mine.get()

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="due-days.ics"'
    assert answer["Cache-Control"] == "private, max-age=300"
    assert answer["ETag"].startswith('"')
    assert mine.get(f"{mine.path}?x=1")["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["", "/api/order/calendar/return-order/calendar.ics"])
def test_calendars_are_never_compressed(mine, business, bo, path, settings):
    settings.MIDDLEWARE = ["django.middleware.gzip.GZipMiddleware", *settings.MIDDLEWARE]
    for number in range(5):
        an_rma(business, bo, f"RMA-{number}")

    answer = mine.get(
        path, Accept_Encoding="gzip", Authorization=basic("ada", "a long pass phrase")
    )

    assert answer.content.startswith(b"BEGIN:VCALENDAR")
    assert "Content-Encoding" not in answer
    assert answer["ETag"].startswith('"')
    assert mine.get("/login/", Accept_Encoding="gzip")["Content-Encoding"] == "gzip"


def test_an_unchanged_feed_is_not_sent_again(mine, business, bo):
    an_rma(business, bo, "RMA-1")
    first = mine.get()

    by_tag = mine.get(If_None_Match=first["ETag"])
    by_date = mine.get(If_Modified_Since=first["Last-Modified"])

    for answer in (by_tag, by_date):
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer["ETag"] == first["ETag"]
        assert answer["Last-Modified"] == first["Last-Modified"]
        assert answer["Cache-Control"] == "private, max-age=300"
    assert mine.get().content == first.content


def test_a_removal_within_the_same_second_is_sent_to_who_asks_by_date(mine, business, bo):
    gone = an_rma(business, bo, "RMA-1")
    an_rma(business, bo, "RMA-2")
    first = mine.get()

    edit_return(gone.pk, {"target_date": None}, actor=SYSTEM)

    after = mine.get(If_Modified_Since=first["Last-Modified"])
    assert after.status_code == 200
    assert set(events_of(after.content)) == {"RMA-2"}
    assert after["Last-Modified"] != first["Last-Modified"]
    again = mine.get(If_Modified_Since=first["Last-Modified"])
    assert again.status_code == 200


def test_whatever_changes_the_feed_is_sent(mine, ada, business, bo):
    rma = an_rma(business, bo, "RMA-1")
    answers = [mine.get()]

    def changed():
        answers.append(
            mine.get(
                If_None_Match=answers[-1]["ETag"], If_Modified_Since=answers[-1]["Last-Modified"]
            )
        )
        return answers[-1].status_code == 200

    edit_return(rma.pk, {"target_date": in_days(4)}, actor=SYSTEM)
    assert changed()
    edit_calendar_feed(mine.feed.pk, {"show_customer": True}, actor=ada)
    assert changed()
    edit_calendar_feed(mine.feed.pk, {"remind_hours": 15}, actor=ada)
    assert changed()
    edit_calendar_feed(mine.feed.pk, {"name": "Other"}, actor=ada)
    assert changed()
    edit_calendar_feed(mine.feed.pk, {"statuses": ["in_progress"]}, actor=ada)
    assert changed()
    ada.user.groups.clear()
    assert not changed()  # it was empty already


@pytest.mark.parametrize("value", ["yesterday", "Mon, 01 Jan 1990 00:00:00 GMT", ""])
def test_an_old_or_unreadable_date_gets_the_whole_feed(mine, value):
    assert mine.get(If_Modified_Since=value).status_code == 200


def test_a_feed_is_fetched_so_often_and_no_more_whoever_fetches_others(mine, ada):
    other = Subscription(ada.user)
    for _ in range(FETCHES_A_MINUTE):
        assert mine.get().status_code == 200

    refused = mine.get()

    assert refused.status_code == 429
    assert refused.json()["code"] == "quota_exceeded"
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert other.get().status_code == 200


def test_a_wrong_secret_counts_for_nobody(mine):
    for _ in range(FETCHES_A_MINUTE + 1):
        assert mine.get(f"/calendars/{mine.feed.uuid}/cal_wrong.ics").status_code == 404

    assert mine.get().status_code == 200
