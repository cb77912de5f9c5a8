"""The two calendars, and what a program reads in them."""

from __future__ import annotations

import base64
from datetime import date

from icalendar import Calendar

from returns.services import request_return
from rmaproject.access.actors import SYSTEM
from sales.services.orders import create_order

RETURNS = "/api/order/calendar/return-order/calendar.ics"

SALES = "/api/order/calendar/sales-order/calendar.ics"

DUE = date(2026, 4, 9)

PASSWORD = "a long pass phrase"


def basic(name, password=PASSWORD):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def an_rma(business, customer, due=DUE, **values):
    return request_return(
        business=business, customer=customer, target_date=due, actor=SYSTEM, **values
    )


def an_order(business, customer, due=DUE, **values):
    return create_order(
        business=business, customer=customer, target_date=due, actor=SYSTEM, **values
    )


def events(client, address=RETURNS, **values):
    answer = client.get(address, values)
    assert answer.status_code == 200
    found = [dict(event) for event in Calendar.from_ical(answer.content).walk("VEVENT")]
    return {str(event["SUMMARY"]): event for event in found}


def require_sound_lines(body):
    """RFC 5545, checked by hand: CRLF only, 75 octets at most, no character cut in two."""
    assert body.endswith(b"\r\n")
    lines = body.removesuffix(b"\r\n").split(b"\r\n")
    for line in lines:
        assert b"\n" not in line
        assert b"\r" not in line
        assert 0 < len(line) <= 75
        line.decode()
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-1] == b"END:VCALENDAR"
    assert lines.count(b"BEGIN:VEVENT") == lines.count(b"END:VEVENT")
    return lines
