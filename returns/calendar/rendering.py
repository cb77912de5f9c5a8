"""Orders as calendar text (RFC 5545, RFC 7986): values in, text out, no database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from icalendar import Calendar, Event

#: Raise it with every change of what `render_event` writes: kept texts of another are stale.
LAYOUT: Final = 1
#: An hour, in the words of the format; how often to ask again.
HOURLY: Final = "PT1H"
#: Part of every event's lasting name. It is no host: the desk may move, the event stays the same.
UID_SUFFIX: Final = "returns-desk"
END_OF_EVENT: Final = "END:VEVENT\r\n"
END_OF_CALENDAR: Final = "END:VCALENDAR\r\n"
OCTETS_OF_A_LINE: Final = 75

TENTATIVE: Final = frozenset({"pending", "awaiting_approval"})
CANCELLED: Final = frozenset({"cancelled", "rejected"})


@dataclass(frozen=True)
class Entry:
    """An order that is due on a day. It names no customer: feeds are shared among teams."""

    uuid: UUID
    version: int
    reference: str
    status: str
    target_date: date
    created_at: datetime
    updated_at: datetime
    goods: str = ""


def render_event(entry: Entry, words: Sequence[str]) -> str:
    """The event of an order, without the address of its page, which depends on the host.

    `words` say how it stands, its status first. All times are the order's own: the same order
    always gives the same text.
    """
    event = Event()
    event.add("uid", f"{entry.uuid}@{UID_SUFFIX}")
    event.add("summary", entry.reference)
    event.add("description", "; ".join(words))
    event.add("categories", words[:1])
    event.add("dtstart", entry.target_date)
    if entry.target_date < date.max:  # the first day after it; without one it lasts a day too
        event.add("dtend", entry.target_date + timedelta(days=1))
    event.add("dtstamp", entry.updated_at)
    event.add("created", entry.created_at)
    event.add("last-modified", entry.updated_at)
    event.add("sequence", entry.version)
    event.add("status", event_status(entry.status))
    event.add("transp", "TRANSPARENT")  # a day on which something is due is no busy day
    return str(event.to_ical(), "utf-8")


def event_status(status: str) -> str:
    """How sure an event is: calendars strike out what is cancelled."""
    if status in CANCELLED:
        return "CANCELLED"
    return "TENTATIVE" if status in TENTATIVE else "CONFIRMED"


def render_calendar(title: str, page: str, events: Iterable[tuple[UUID, str]]) -> str:
    """The calendar of these events; `page` followed by an order's id is where it is shown."""
    parts = [_head(title).removesuffix(END_OF_CALENDAR)]
    for uuid, text in events:
        parts += (text.removesuffix(END_OF_EVENT), _url_line(f"{page}{uuid}/"), END_OF_EVENT)
    parts.append(END_OF_CALENDAR)
    return "".join(parts)


def _head(title: str) -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//Returns desk//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    # RFC 7986 gives this property no default type, so it must be named.
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", HOURLY)
    return str(calendar.to_ical(), "utf-8")


def _url_line(address: str) -> str:
    """The property with a page's address, which is ASCII, folded at 75 octets."""
    line = f"URL:{address}"
    rest = line[OCTETS_OF_A_LINE:]
    step = OCTETS_OF_A_LINE - 1  # a line that goes on begins with a blank
    folded = [rest[start : start + step] for start in range(0, len(rest), step)]
    return "\r\n ".join([line[:OCTETS_OF_A_LINE], *folded]) + "\r\n"
