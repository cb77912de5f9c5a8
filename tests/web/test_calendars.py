"""Calendars of target dates: which days, what is on them, and records moved to another day."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone, translation

from returns.services import cancel_return, edit_return, hold_return
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from rmaproject.web.planning.spans import span_of, week_begins, week_number
from sales.services.orders import create_order
from tests.factories import ask_return, goods, sell
from tests.web.browser import queries_of, text_of

JSON = {"headers": {"accept": "application/json"}}


def due(order, day):
    edit_return(order.pk, {"target_date": day}, actor=SYSTEM)
    order.refresh_from_db()
    return order


def entries(answer):
    return {
        entry.reference: day["day"].isoformat()
        for day in answer.context["days"]
        for entry in day["entries"]
    }


def test_a_month_is_shown_in_whole_weeks_and_marks_the_days_of_its_neighbours():
    span = span_of("month", date(2026, 11, 19), 0)

    assert (span.first, span.last) == (date(2026, 10, 26), date(2026, 12, 6))
    assert span.title == "November 2026"
    assert [day for day in (date(2026, 10, 31), date(2026, 11, 1)) if span.holds(day)] == [
        date(2026, 11, 1)
    ]
    assert span_of("month", date(2026, 11, 19), 6).first == date(2026, 11, 1)


def test_a_week_has_the_number_of_its_thursday_wherever_it_begins():
    assert week_number(date(2026, 12, 28)) == 53
    assert week_number(date(2027, 1, 4)) == 1
    assert week_number(date(2026, 12, 27)) == 53
    assert week_number(date(2026, 12, 26)) == 53


@pytest.mark.parametrize(
    ("header", "begins"),
    [("en-GB,en;q=0.8", 0), ("en-US,en", 6), ("en-EG", 5), ("de-DE", 6), ("", 6), ("nonsense;", 6)],
)
def test_weeks_begin_where_the_browsers_region_has_it(header, begins):
    with translation.override("en"):
        assert week_begins(header) == begins
    with translation.override("de"):
        assert week_begins("en-US") == 0


def test_the_calendar_shows_open_returns_with_a_target_date_and_complete_ones_when_asked(
    clerk, tents, business, bo
):
    dated = due(ask_return(tents), date(2026, 11, 19))
    ask_return(sell(business, bo, goods("BAG")))
    gone = due(ask_return(sell(business, bo, goods("MAP"))), date(2026, 11, 20))
    cancel_return(gone.pk, actor=SYSTEM)

    shown = clerk.get("/returns/calendar/", {"on": "2026-11-02"})

    assert entries(shown) == {dated.reference: "2026-11-19"}
    assert shown.context["count"] == "1"
    all_of_them = clerk.get("/returns/calendar/", {"on": "2026-11-02", "queue": "all"})
    assert len(entries(all_of_them)) == 2


def test_the_filters_of_the_list_narrow_the_calendar_and_go_along_to_table_and_board(
    clerk, ada, tents, business
):
    order = due(ask_return(tents), date(2026, 11, 19))
    edit_return(order.pk, {"responsible_user": ada.user}, actor=SYSTEM)
    held = {"on": "2026-11-02", "queue": "hold"}

    assert entries(clerk.get("/returns/calendar/", held)) == {}
    hold_return(order.pk, actor=SYSTEM, reason="Waits for the maker")
    mine = clerk.get("/returns/calendar/", {**held, "responsible": "us"})
    assert list(entries(mine)) == [order.reference]
    others = clerk.get("/returns/calendar/", {**held, "customer": str(order.customer.uuid)})
    table, _calendar, board = (way["url"] for way in others.context["switch"])
    assert table == f"/returns/?queue=hold&customer={order.customer.uuid}"
    assert board.startswith("/returns/board/?queue=hold")
    assert clerk.get("/returns/calendar/", {"business": "x"}).status_code == 400


def test_what_is_late_or_waits_for_approval_says_so_in_words(clerk, tents):
    order = due(ask_return(tents), timezone.localdate().replace(year=2020))

    shown = clerk.get("/returns/calendar/", {"on": order.target_date.isoformat(), "show": "list"})

    assert "Overdue, Pending" in text_of(shown)


def test_a_full_day_shows_the_first_and_opens_with_all(clerk, business, bo):
    for number in range(6):
        due(ask_return(sell(business, bo, goods(f"P{number}"))), date(2026, 11, 19))

    month = clerk.get("/returns/calendar/", {"on": "2026-11-02"})
    day = next(row for row in month.context["days"] if row["day"] == date(2026, 11, 19))
    opened = clerk.get(day["url"])

    assert len(day["entries"]) == 4
    assert day["more"] == "2 more"
    assert len(entries(opened)) == 6


def test_the_calendar_costs_the_same_however_much_is_on_it(clerk, tents, business, bo):
    due(ask_return(tents), date(2026, 11, 19))
    url = "/returns/calendar/?on=2026-11-02"
    few = queries_of(clerk, url)
    for number in range(5):
        due(ask_return(sell(business, bo, goods(f"P{number}"))), date(2026, 11, 10 + number))

    assert queries_of(clerk, url) == few


@pytest.mark.parametrize("on", ["2026-13-01", "yesterday", "0001-01-01", "9999-12-31"])
def test_days_that_no_calendar_has_are_refused(clerk, business, on):
    assert clerk.get("/returns/calendar/", {"on": on}).status_code == 400
    assert clerk.get("/returns/calendar/", {"show": "decade"}).status_code == 400


def test_moving_changes_the_target_date_and_nothing_else(clerk, tents):
    order = due(ask_return(tents), date(2026, 11, 19))
    asked = {"target_date": "2026-11-20", "version": order.version, "note": "x", "deadline": "x"}

    answer = clerk.post(f"/returns/{order.uuid}/due/", asked, **JSON)

    order.refresh_from_db()
    assert answer.json() == {
        "said": f"{order.reference} is due on Fri 20 Nov.",
        "version": order.version,
    }
    last = AuditEntry.objects.filter(aggregate_id=order.uuid).latest("n")
    assert last.facts == {"changed": {"target_date": ["2026-11-19", "2026-11-20"]}}


def test_a_stale_move_is_refused_and_tells_who_changed_it(clerk, ada, tents):
    order = due(ask_return(tents), date(2026, 11, 19))
    edit_return(order.pk, {"note": "Call first"}, actor=ada)
    asked = {"target_date": "2026-11-20", "version": order.version}

    answer = clerk.post(f"/returns/{order.uuid}/due/", asked, **JSON)

    assert answer.status_code == 412
    assert answer.json()["code"] == "stale_version"
    assert ada.user.get_username() in answer.json()["refused"]
    order.refresh_from_db()
    assert order.target_date == date(2026, 11, 19)
    assert order.note == "Call first"


def test_without_scripts_a_form_moves_and_leads_back_to_the_calendar_only(clerk, tents):
    order = due(ask_return(tents), date(2026, 11, 19))
    asked = {"target_date": "2026-12-01", "version": order.version}
    here = "/returns/calendar/?on=2026-11-02"

    assert order.reference in text_of(clerk.get(f"/returns/{order.uuid}/due/?next={here}"))
    done = clerk.post(f"/returns/{order.uuid}/due/", {**asked, "next": here})
    assert (done.status_code, done.headers["Location"]) == (302, here)
    stale = clerk.post(f"/returns/{order.uuid}/due/", {**asked, "next": "//evil.example/"})
    assert stale.status_code == 412
    assert "evil.example" not in text_of(stale)
    unreadable = clerk.post(f"/returns/{order.uuid}/due/", {**asked, "target_date": "soon"})
    assert unreadable.status_code == 422


def test_sales_orders_have_a_calendar_of_their_own(clerk, business, bo):
    day = date(2026, 11, 19)
    order = create_order(business=business, customer=bo, target_date=day, actor=SYSTEM)

    shown = clerk.get("/sales/calendar/", {"on": "2026-11-02"})

    assert entries(shown) == {order.reference: "2026-11-19"}
    asked = {"target_date": "2026-11-20", "version": order.version}
    assert clerk.post(f"/sales/{order.uuid}/due/", asked, **JSON).status_code == 200
    assert entries(clerk.get("/sales/calendar/?on=2026-11-02&show=week")) == {}


def test_a_page_part_is_given_to_scripts(clerk, business):
    part = clerk.get("/returns/calendar/", headers={"HX-Request": "true"})

    assert text_of(part).lstrip().startswith('<div id="plan">')
    assert "HX-Request" in part.headers["Vary"]
