"""A finished count becomes one receipt; a receipt may become a count again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from returns.models import (
    Count,
    CountScan,
    CountState,
    Receipt,
    ReceiptLine,
    ReturnLine,
    ReturnOrder,
    ScanVerdict,
)
from returns.services._advance import lock_for
from returns.services.counts.keeping import close, lock_counted
from returns.services.counts.tally import Tally, scans_of, tally_of
from returns.services.inputs import ArrivalInput, ReceiveInput, SurpriseInput
from returns.services.receiving import receive_return
from returns.services.reversing import reverse_receipt
from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import NotFound, RuleViolation
from stock.models import Location

#: What the receipt says of a carton that was not whole.
CARTON_NOTES = {"dented": "The carton was dented.", "open": "The carton was open."}
#: What a scan says again in the count that is opened for its receipt.
COPIED = (
    "code",
    "verdict",
    "line",
    "part",
    "stock_item",
    "serial",
    "batch",
    "description",
    "location",
    "quantity",
    "actor",
    "at",
)


@command
def finish_count(
    return_id: int, *, actor: Actor, short_ok: bool = False, note: str = ""
) -> Receipt:
    """Book what was counted as one receipt, and end the count.

    What is not wholly here is told first: without `short_ok` it is RuleViolation `count_short`
    with the lines. Raises Conflict `no_count`; else as `receive_return`.
    """
    order = lock_for(return_id, "receive")
    count = lock_counted(return_id)
    tally = tally_of(order, count)
    if tally.short and not short_ok and tally.units:
        raise _short(tally)
    said = " ".join(filter(None, (note.strip(), CARTON_NOTES.get(count.carton, ""))))
    given = replace(
        receipt_of(tally), parcel=count.parcel, location=count.location, note=said[:500]
    )
    receipt = receive_return(return_id, given, actor=actor)
    close(count, CountState.FINISHED, actor, receipt=receipt)
    return receipt


def receipt_of(tally: Tally) -> ReceiveInput:
    """What the scans are as arrivals of lines, and as unexpected goods.

    What is no longer expected, because it was received or released meanwhile, is unexpected.
    """
    arrivals: list[ArrivalInput] = []
    surprises: list[SurpriseInput] = []
    for line in tally.expected:
        room = line.quantity - line.released - line.received
        for scan, quantity in _merged(tally.of_line(line)):
            fits = min(room, quantity)
            if fits > 0:
                arrivals.append(_arrival(line, scan, fits))
                room -= fits
            if quantity > fits:
                surprises.append(_surprise(scan, quantity - max(fits, money.ZERO)))
    surprises += [_surprise(pile.first, pile.quantity) for pile in tally.piles]
    return ReceiveInput(lines=arrivals, unexpected=surprises)


def receipt_to_recount(order: ReturnOrder, ident: UUID | str) -> Receipt:
    """A receipt of this return by its id. Raises NotFound."""
    found = Receipt.objects.filter(return_order=order, uuid=ident).first()
    if found is None:
        raise NotFound(gettext("There is no such receipt."), code="not_found")
    return found


@command
def reopen_count(receipt_id: int, *, actor: Actor, reason: str) -> Count:
    """Take a receipt back and count its goods again, from where the count had ended.

    Raises as `reverse_receipt`, so once stock or money has moved on it says what stands in the
    way; Conflict `count_open` while the return is being counted.
    """
    receipt = Receipt.objects.select_related("return_order", "parcel").get(pk=receipt_id)
    reverse_receipt(receipt.pk, actor=actor, reason=reason)
    before = Count.objects.filter(receipt=receipt).first()
    now = clock.now()
    count = Count.objects.create(
        return_order=receipt.return_order,
        parcel=receipt.parcel,
        location=before.location if before else None,
        carton=before.carton if before else "",
        started_by_id=actor.user_id,
        started_at=now,
        worker_id=actor.user_id,
        since=now,
        reopens=receipt,
    )
    rows = _scans_again(before) if before else _scans_of_receipt(receipt)
    for row in rows:
        row.count, row.actor_id, row.at = count, row.actor_id or actor.user_id, row.at or now
    CountScan.objects.bulk_create(rows)
    return count


def _merged(scans: Sequence[CountScan]) -> list[tuple[CountScan, Decimal]]:
    """Scans of one line that say the same, with their sum; only what is left of them."""
    found: dict[tuple[object, ...], tuple[CountScan, Decimal]] = {}
    for scan in scans:
        kind = scan.stock_item_id, scan.serial, scan.batch, scan.location_id
        first, before = found.get(kind, (scan, money.ZERO))
        found[kind] = (first, before + scan.quantity)
    return _even_out(list(found.values()))


def _even_out(sums: list[tuple[CountScan, Decimal]]) -> list[tuple[CountScan, Decimal]]:
    """Take what a step at one place took out from what was counted at others."""
    owed = -sum((quantity for _, quantity in sums if quantity < 0), money.ZERO)
    kept = []
    for scan, quantity in reversed([row for row in sums if row[1] > 0]):
        taken = min(owed, quantity)
        owed -= taken
        if quantity > taken:
            kept.append((scan, quantity - taken))
    return kept[::-1]


def _arrival(line: ReturnLine, scan: CountScan, quantity: Decimal) -> ArrivalInput:
    return ArrivalInput(
        line, quantity, serial=scan.serial, batch=scan.batch, location=scan.location
    )


def _surprise(scan: CountScan, quantity: Decimal) -> SurpriseInput:
    part = scan.part
    return SurpriseInput(
        quantity,
        sku=part.sku if part else "",
        serial=scan.serial,
        batch=scan.batch,
        description=scan.description or (part.name if part else scan.code)[:200],
        location=scan.location,
    )


def _short(tally: Tally) -> RuleViolation:
    short = [
        {
            "line": str(line.uuid),
            "number": line.number,
            "counted": money.plain(tally.counted(line)),
            "missing": money.plain(tally.left(line)),
        }
        for line in tally.short
    ]
    missing = sum((tally.left(line) for line in tally.short), money.ZERO)
    message = gettext("%(missing)s that were announced are not in the count.") % {
        "missing": money.plain(missing)
    }
    return RuleViolation(message, code="count_short", pointer="/short_ok", short=short)


def _scans_again(before: Count) -> list[CountScan]:
    """The scans that counted, once more for the next count."""
    rows = Tally([], scans_of(before)).counting
    return [CountScan(**{name: getattr(row, name) for name in COPIED}) for row in rows]


def _scans_of_receipt(receipt: Receipt) -> list[CountScan]:
    """Scans that would have made a receipt that somebody typed."""
    rows = receipt.lines.select_related("line__part", "stock_item", "location").order_by("pk")
    return [_scan_of(row, row.location) for row in rows]


def _scan_of(row: ReceiptLine, place: Location | None) -> CountScan:
    line, unit = row.line, row.stock_item
    values: dict[str, Any] = {"part": line.part, "stock_item": unit, "location": place}
    values["serial"] = str(unit.serial) if unit is not None and unit.serial else ""
    if line.unexpected:
        values |= {"verdict": ScanVerdict.UNEXPECTED, "description": line.description}
    else:
        values |= {"verdict": ScanVerdict.GOOD, "line": line}
    return CountScan(quantity=row.quantity, **values)
