"""Orders as calendar text (RFC 5545, RFC 7986): values in, text out, no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.utils.translation import gettext
from icalendar import Calendar, Event, vText
from icalendar.parser import Contentline

#: Raise it with every change of what `render_event` writes: kept texts of another are stale.
LAYOUT: Final = 3
#: An hour, in the words of the format; how often to ask again.
HOURLY: Final = "PT1H"
BEGIN_OF_EVENT: Final = "BEGIN:VEVENT\r\n"
END_OF_EVENT: Final = "END:VEVENT\r\n"
END_OF_CALENDAR: Final = "END:VCALENDAR\r\n"
OCTETS_OF_A_LINE: Final = 75

TENTATIVE: Final = frozenset({"pending", "awaiting_approval"})
CANCELLED: Final = frozenset({"cancelled", "rejected"})
#: What tells the other days of a return from its target date, in the event's lasting name.
SUFFIXES: Final = {"return_deadline": "-deadline", "promised_refund": "-refund"}
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SUMMARY: Final = re.compile(r"\r\nSUMMARY:((?:[^\r]|\r\n )*)\r\n")


@dataclass(frozen=True)
class Entry:
    """A day on which something is due. The customer is not in its text: feeds are shared.

    `uuid` is whose day it is, `page` whose page tells more, where that is another record.
    """

    uuid: UUID
    version: int
    title: str
    status: str
    day: date
    created_at: datetime
    updated_at: datetime
    more: str = ""
    kind: str = "return_order"
    page: UUID | None = None
    customer: str = ""

    @property
    def called_off(self) -> bool:
        """Whether the day stands no more, and is shown only to be struck out."""
        return self.status in CANCELLED


@dataclass(frozen=True)
class Head:
    """What a calendar says of itself; `changed_at` is when what it lists was last another."""

    title: str
    url: str
    source: str
    color: str
    changed_at: datetime | None = None
    about: str = ""


def render_event(entry: Entry, words: Sequence[str]) -> str:
    """The event of an entry, without its lasting name and the address of its page.

    Both depend on settings and host; `placed` adds them. `words` say how it stands, its status
    first. All times are the order's own: the same order always gives the same text.
    """
    event = Event()
    event.add("summary", entry.title)
    event.add("description", "; ".join(words))
    event.add("categories", words[:1])
    event.add("dtstart", entry.day)
    if entry.day < date.max:  # the first day after it; without one it lasts a day too
        event.add("dtend", entry.day + timedelta(days=1))
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


def placed(text: str, entry: Entry, *, domain: str, page: str, alarm: str = "") -> str:
    """A kept text as the event of a calendar: with its name, its page and, if asked, an alarm."""
    if entry.customer:
        text = _with_customer(text, entry.customer)
    inner = text.removeprefix(BEGIN_OF_EVENT).removesuffix(END_OF_EVENT)
    name = folded(f"UID:{entry.uuid}{SUFFIXES.get(entry.kind, '')}@{domain}")
    address = folded(f"URL:{page}{entry.page or entry.uuid}/")
    told = "" if entry.called_off else alarm
    return "".join((BEGIN_OF_EVENT, name, inner, address, told, END_OF_EVENT))


def alarm_before(hours: int) -> str:
    """A reminder so many hours before the day begins."""
    lines = (
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{vText(gettext('Due')).to_ical().decode()}",
        f"TRIGGER:-PT{hours}H",
        "END:VALARM",
    )
    return "".join(f"{line}\r\n" for line in lines)


def render_calendar(head: Head, events: Iterable[str]) -> str:
    """The calendar of these events."""
    return "".join((_head(head).removesuffix(END_OF_CALENDAR), *events, END_OF_CALENDAR))


def folded(line: str) -> str:
    """A line of at most 75 octets, or as many as it takes; ASCII, as addresses and names are."""
    rest = line[OCTETS_OF_A_LINE:]
    if not rest:
        return f"{line}\r\n"
    step = OCTETS_OF_A_LINE - 1  # a line that goes on begins with a blank
    more = [rest[start : start + step] for start in range(0, len(rest), step)]
    return "\r\n ".join([line[:OCTETS_OF_A_LINE], *more]) + "\r\n"


def _with_customer(text: str, customer: str) -> str:
    """The text with the customer behind the title, where every program shows it."""

    def named(found: re.Match[str]) -> str:
        title = found[1].replace("\r\n ", "")
        name = vText(_CONTROL.sub(" ", customer)).to_ical().decode()
        line = Contentline(f"SUMMARY:{title} · {name}")
        return f"\r\n{line.to_ical().decode()}\r\n"

    return _SUMMARY.sub(named, text, count=1)


@lru_cache(maxsize=64)
def _head(head: Head) -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//Returns desk//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    # As texts by name: the library would write these properties without escaping them.
    calendar.add("name", vText(head.title))
    calendar.add("x-wr-calname", vText(head.title))
    if head.about:
        calendar.add("description", vText(head.about))
        calendar.add("x-wr-caldesc", vText(head.about))
    if head.changed_at is not None:
        calendar.add("last-modified", head.changed_at)
    calendar.add("url", head.url)
    calendar.add("color", head.color)
    # RFC 7986 gives these properties no default type, so it must be named.
    calendar.add("source", head.source, parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", HOURLY)
    return str(calendar.to_ical(), "utf-8")
