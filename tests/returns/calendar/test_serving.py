"""How the calendars are served, and what that costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from returns.calendar.rendering import render_event
from returns.models import CalendarText, ReturnOrder
from returns.services import cancel_return, edit_return
from rmaproject.access.actors import SYSTEM
from tests.factories import UserFactory
from tests.returns.calendar.steps import RETURNS, SALES, an_order, an_rma, basic


def test_the_headers_are_those_that_calendars_need(client, business, bo):
    an_rma(business, bo)

    answer = client.get(RETURNS, headers={"Accept-Encoding": "gzip"})

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="calendar.ics"' in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= set(answer["Vary"].split(", "))
    assert "Content-Encoding" not in answer
    assert "Last-Modified" not in answer


def test_head_gives_the_same_headers_and_no_body(client, business, bo):
    an_rma(business, bo)

    whole, head = client.get(RETURNS), client.head(RETURNS)

    assert head.status_code == 200
    assert head.content == b""
    assert head["ETag"] == whole["ETag"]
    assert head["Content-Length"] == str(len(whole.content))


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_a_calendar_is_only_read(ada, business, method):
    strict = Client(enforce_csrf_checks=True, headers={"Authorization": basic("ada")})

    answer = getattr(strict, method)(RETURNS)

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"


def test_an_unchanged_calendar_is_not_sent_again(client, business, bo):
    an_rma(business, bo)
    tag = client.get(RETURNS)["ETag"]

    again = client.get(RETURNS, headers={"If-None-Match": tag})

    assert tag.startswith('"')
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == tag


def test_every_change_of_what_is_listed_is_sent(client, business, bo):
    rma = an_rma(business, bo)
    other = an_rma(business, bo)
    tags = [client.get(RETURNS)["ETag"]]

    def changed():
        answer = client.get(RETURNS, headers={"If-None-Match": tags[-1]})
        tags.append(answer["ETag"])
        return answer.status_code == 200

    edit_return(rma.pk, {"reference": "NEW"}, actor=SYSTEM)
    assert changed()
    cancel_return(rma.pk, actor=SYSTEM)
    assert changed()
    edit_return(other.pk, {"target_date": None}, actor=SYSTEM)
    assert changed()
    ReturnOrder.objects.filter(pk=rma.pk).update(closed_at=timezone.now() - timedelta(days=31))
    assert changed()
    assert not changed()


def test_the_tag_differs_between_calendars_words_and_people(client, roles, business):
    UserFactory(username="dee", roles=["Viewer"])
    dee = Client(headers={"Authorization": basic("dee")})
    answers = [
        client.get(RETURNS),
        client.get(SALES),
        client.get(RETURNS, {"include_completed": "1"}),
        dee.get(RETURNS),
    ]

    assert len({answer["ETag"] for answer in answers}) == 4


@pytest.mark.parametrize("make", [an_rma, an_order])
def test_the_number_of_queries_does_not_grow_with_the_calendar(client, business, bo, make):
    address = RETURNS if make is an_rma else SALES
    counts = []
    for number in (3, 27):
        for _ in range(number):
            make(business, bo)
        counts.append([queries(client, address) for _ in range(2)])

    (first_cold, first_warm), (second_cold, second_warm) = counts
    assert first_cold == second_cold
    assert first_warm == second_warm
    assert first_warm < first_cold


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_an_event_is_rendered_once_for_each_change(client, business, bo, monkeypatch):
    rendered = []

    def counting(entry, words):
        rendered.append(entry.title)
        return render_event(entry, words)

    monkeypatch.setattr("returns.calendar.feed.render_event", counting)
    an_rma(business, bo, reference="A")
    rma = an_rma(business, bo, reference="B")

    client.get(RETURNS)
    client.get(RETURNS)
    assert rendered == ["A", "B"]

    edit_return(rma.pk, {"reference": "C"}, actor=SYSTEM)
    client.get(RETURNS)
    client.get(RETURNS)
    assert rendered == ["A", "B", "C"]


def test_a_text_of_another_layout_is_rendered_anew(client, business, bo):
    an_rma(business, bo)
    whole = client.get(RETURNS).content
    CalendarText.objects.update(layout=0, text="BEGIN:VEVENT\r\nEND:VEVENT\r\n")

    assert client.get(RETURNS).content == whole
    assert CalendarText.objects.get().layout == 3
