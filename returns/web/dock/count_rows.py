"""A count in the words and figures of its page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from returns.models import Carton, Count, CountScan, CountState, ReturnLine, ReturnOrder
from returns.models import ScanVerdict as V
from returns.services.counts import Pile, Tally
from returns.web.record.history import person
from returns.web.record.naming import goods_of, line_name
from rmaproject.shared import money
from rmaproject.web.tags.dates import short_date

Row = dict[str, Any]

#: How many scans the page shows.
SHOWN: Final = 12
TONES: Final = {
    V.GOOD: "ok",
    V.UNEXPECTED: "wait",
    V.DUPLICATE: "calm",
    V.UNKNOWN: "bad",
    V.AMBIGUOUS: "wait",
    V.NOTED: "ok",
    V.UNDONE: "calm",
}
ICONS: Final = {
    V.GOOD: "ok",
    V.UNEXPECTED: "alert",
    V.DUPLICATE: "copy",
    V.UNKNOWN: "x",
    V.AMBIGUOUS: "search",
    V.NOTED: "info",
    V.UNDONE: "undo",
}
NOTED_ICONS: Final = {"location": "shelf", "parcel": "truck", "return": "return"}
KINDS: Final = {
    "unit": gettext_lazy("Unit"),
    "part": gettext_lazy("Part"),
    "location": gettext_lazy("Location"),
    "parcel": gettext_lazy("Parcel"),
    "return": gettext_lazy("Return"),
}
CARTONS: Final = {
    Carton.WHOLE: gettext_lazy("Whole"),
    Carton.DENTED: gettext_lazy("Dented"),
    Carton.OPEN: gettext_lazy("Open"),
}


def state_of(order: ReturnOrder, count: Count | None, tally: Tally) -> Row:
    """Everything on the page that a scan may change."""
    live = tally.live
    waiting = [scan for scan in live if scan.verdict == V.AMBIGUOUS]
    last = live[-1] if live else None
    return {
        "return_order": order,
        "count": _head(order, count),
        "stamp": _stamp(count, tally),
        "last": _last(last, tally) if last else None,
        "undone": bool(tally.scans and tally.scans[-1].verdict == V.UNDONE),
        "question": _question(waiting[0], order) if waiting else None,
        "lines": [_line(line, tally, last) for line in tally.expected],
        "open_units": sum((tally.left(line) for line in tally.expected), money.ZERO),
        "piles": [_pile(pile, last) for pile in tally.piles],
        "log": [_entry(scan, order) for scan in live[::-1][:SHOWN]],
        "more_scans": max(len(live) - SHOWN, 0),
        "cartons": [{"value": value, "label": label} for value, label in CARTONS.items()],
        "anything": bool(tally.units),
    }


def _stamp(count: Count | None, tally: Tally) -> str:
    """What changes whenever anybody changes the count; a page that has another one is old."""
    if count is None:
        return "none"
    last = str(tally.scans[-1].uuid) if tally.scans else ""
    return "-".join((count.state, count.carton, count.since.isoformat(), last))


def short_lines(tally: Tally) -> list[Row]:
    """The announced lines that are not wholly here, with how much is missing."""
    return [
        {
            "part": line_name(line),
            "sku": line.part.sku if line.part else "",
            "counted": tally.counted(line),
            "missing": tally.left(line),
        }
        for line in tally.short
    ]


def _head(order: ReturnOrder, count: Count | None) -> Row:
    usual = order.location or order.business.returns_location
    place = count.location if count and count.location else usual
    return {
        "live": count is not None,
        "parked": count is not None and count.state == CountState.PARKED,
        "who": (person(count.worker) or _("The program")) if count else "",
        "since": count.since if count else None,
        "parcel": parcel_words(count.parcel) if count and count.parcel else "",
        "place": place.code if place else "",
        "carton": count.carton if count else "",
        "reopened": count is not None and count.reopens_id is not None,
    }


def parcel_words(parcel: Any) -> str:
    """What a parcel is called."""
    named = f"{parcel.carrier} {parcel.tracking_number}".strip()
    return named or _("Parcel %(n)s") % {"n": parcel.number}


def _line(line: ReturnLine, tally: Tally, last: CountScan | None) -> Row:
    counted = tally.counted(line)
    return {
        "key": str(line.uuid),
        **goods_of(line),
        "quantity": line.quantity - line.released,
        "received": line.received + counted,
        "released": money.ZERO,
        "accepted": line.accepted,
        "rejected": line.rejected,
        "counted": counted,
        "most": tally.left(line) + counted,
        "now": last is not None and last.line_id == line.pk,
    }


def _pile(pile: Pile, last: CountScan | None) -> Row:
    scan = pile.first
    return {
        "key": str(scan.uuid),
        "part": scan.part.name if scan.part else scan.description or scan.code,
        "code": scan.serial or (scan.part.sku if scan.part else scan.code),
        "surplus": scan.facts.get("why") == "surplus",
        "quantity": pile.quantity,
        "one": bool(scan.serial),
        "now": last is not None and last.pk == scan.pk,
    }


def _last(scan: CountScan, tally: Tally) -> Row:
    counted = scan.line is not None and scan.verdict == V.GOOD
    line = next((row for row in tally.lines if row.pk == scan.line_id), None)
    told: Row = {"count": "", "of": None}
    if counted and line is not None:
        whole = line.quantity - line.released
        told = {"count": line.received + tally.counted(line), "of": whole}
    elif scan.quantity:
        told["count"] = scan.quantity
    return {
        "uuid": str(scan.uuid),
        "verdict": str(scan.verdict),
        "tone": TONES[V(scan.verdict)],
        "icon": _icon(scan),
        "words": _verdict(scan),
        "what": thing(scan),
        "code": scan.code if scan.code != thing(scan) else "",
        **told,
    }


def _entry(scan: CountScan, order: ReturnOrder) -> Row:
    where = reverse("returns:name_scan", args=[order.uuid, scan.uuid])
    serial_missing = scan.facts.get("why") == "serial"
    return {
        "uuid": str(scan.uuid),
        "at": scan.at,
        "who": person(scan.actor),
        "tone": TONES[V(scan.verdict)],
        "icon": _icon(scan),
        "text": _log_text(scan),
        "code": scan.code if scan.verdict in (V.UNKNOWN, V.AMBIGUOUS) else scan.serial,
        "amount": _amount(scan),
        "ask_url": where if scan.verdict == V.UNKNOWN and not serial_missing else "",
    }


def _amount(scan: CountScan) -> str:
    if scan.verdict == V.DUPLICATE:
        return "0"
    if not scan.quantity:
        return ""
    sign = "+" if scan.quantity > 0 else "−"
    return f"{sign}{money.plain(abs(scan.quantity))}"


def _icon(scan: CountScan) -> str:
    if scan.verdict == V.NOTED:
        return NOTED_ICONS.get(str(scan.facts.get("means", "")), "info")
    return ICONS[V(scan.verdict)]


def thing(scan: CountScan) -> str:
    """What was scanned, in words."""
    if scan.part is not None:
        return str(scan.part.name)
    return str(scan.description or scan.facts.get("label") or scan.code)


def _verdict(scan: CountScan) -> str:
    """What became of a scan, in words that do not need its colour."""
    at = date_format(timezone.localtime(scan.at), "H:i")
    return VERDICTS[V(scan.verdict)](scan, at)


def _log_text(scan: CountScan) -> str:
    if scan.verdict == V.GOOD:
        return thing(scan)
    if scan.verdict == V.UNEXPECTED:
        return _("%(what)s, not requested") % {"what": thing(scan)}
    if scan.verdict == V.UNKNOWN and scan.facts.get("why") != "serial":
        return _("Unknown code")
    return _verdict(scan)


def _good(scan: CountScan, at: str) -> str:
    if scan.quantity < 0:
        return _("Taken out %(at)s") % {"at": at}
    return _("Counted %(at)s") % {"at": at}


def _unexpected(scan: CountScan, at: str) -> str:
    if scan.facts.get("why") == "surplus":
        return _("More than announced, kept %(at)s") % {"at": at}
    return _("Not requested, kept %(at)s") % {"at": at}


def _duplicate(scan: CountScan, at: str) -> str:
    before = timezone.localtime(datetime.fromisoformat(str(scan.facts["at"])))
    when = date_format(before, "H:i")
    if before.date() != timezone.localdate():
        when = short_date(before)
    if scan.facts.get("by"):
        shown = {"when": when, "who": scan.facts["by"]}
        return _("Already received %(when)s by %(who)s") % shown
    return _("Already received %(when)s") % {"when": when}


def _unknown(scan: CountScan, at: str) -> str:
    if scan.facts.get("why") == "serial":
        return _("Scan the serial number of the unit")
    return _("Unknown code, kept %(at)s") % {"at": at}


def _noted(scan: CountScan, at: str) -> str:
    facts = scan.facts
    label, means = facts.get("label", ""), facts.get("means")
    if means == "location":
        return _("What follows goes to %(place)s") % {"place": label}
    if means == "parcel" and facts.get("why") == "other_parcel":
        return _("Finish the first parcel before another one")
    if means == "parcel":
        return _("Parcel opened %(at)s") % {"at": at}
    if means == "return" and facts.get("other"):
        return _("%(reference)s is another return") % {"reference": label}
    if means == "return":
        return _("This return is being counted")
    many = Decimal(facts.get("quantity", "1"))
    return _("The next scan counts %(n)s") % {"n": money.plain(many)}


VERDICTS: Final[dict[V, Callable[[CountScan, str], str]]] = {
    V.GOOD: _good,
    V.UNEXPECTED: _unexpected,
    V.DUPLICATE: _duplicate,
    V.UNKNOWN: _unknown,
    V.AMBIGUOUS: lambda scan, at: _("Which one is it?"),
    V.NOTED: _noted,
    V.UNDONE: lambda scan, at: _("Taken back %(at)s") % {"at": at},
}


def _question(scan: CountScan, order: ReturnOrder) -> Row:
    offered = [
        {**offer, "kind": KINDS[offer["kind"]], "number": number}
        for number, offer in enumerate(scan.facts["offered"], start=1)
    ]
    where = reverse("returns:choose_scan", args=[order.uuid, scan.uuid])
    return {"code": scan.code, "offered": offered, "url": where}
