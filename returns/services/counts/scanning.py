"""Each scan is one row of the count, written at once; a wrong one is replaced by a later row."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from returns.locks import lines_of
from returns.models import Count, CountScan, Parcel, ReturnLine, ReturnOrder, ScanVerdict
from returns.services._advance import require
from returns.services.counts.codes import Code, Command, read_code
from returns.services.counts.finding import Meaning, meanings_of
from returns.services.counts.judging import Draft, judge
from returns.services.counts.keeping import lock_counted, lock_live, open_count, take_up, write
from returns.services.counts.tally import Tally, same_kind, scans_of
from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation
from stock.models import Location

#: What counts goods; everything else that a code can mean is only noted.
GOODS = ("unit", "part")


@dataclass
class Scanned:
    """What a scan did: its rows, and the command it gave, which is for the caller to follow."""

    count: Count | None
    rows: list[CountScan] = field(default_factory=list)
    command: Command | None = None


@command
def scan_code(
    return_id: int,
    raw: str,
    *,
    actor: Actor,
    key: str = "",
    quantity: Decimal | None = None,
) -> Scanned:
    """Take a scan into the count of a return, which the first one opens.

    Never refuses a code: what nobody knows is kept as unknown. The same `key` again gives what
    it did the first time. UNDO is carried out; FINISH and PARK are told to the caller, who asks.
    Raises RuleViolation `nothing_scanned`, `invalid_quantity`; Conflict `illegal_transition`.
    """
    repeated = known_scan(return_id, key)
    if repeated:
        return Scanned(repeated[0].count, repeated)
    code = read_code(raw)
    if not code.text:
        raise RuleViolation(gettext("The code is empty."), code="nothing_scanned", pointer="/code")
    if quantity is not None and quantity <= 0:
        message = gettext("A quantity is more than nothing.")
        raise RuleViolation(message, code="invalid_quantity", pointer="/quantity")
    if code.command in (Command.FINISH, Command.PARK):
        return Scanned(lock_live(return_id), command=code.command)
    if code.command is Command.UNDO:
        return Scanned(lock_live(return_id), [undo_scan(return_id, actor=actor, key=key)])
    work = _Work.begun(return_id, actor)
    return Scanned(work.count, work.take(code, key, quantity))


@command
def undo_scan(
    return_id: int, *, actor: Actor, key: str = "", scan: UUID | None = None
) -> CountScan:
    """Take a scan back, the last one unless another is named; it counts no more.

    Raises Conflict `no_count`, `nothing_to_undo`.
    """
    if repeated := known_scan(return_id, key):
        return repeated[0]
    work = _Work.on(lock_counted(return_id), actor)
    found = [row for row in work.tally.live if scan is None or row.uuid == scan]
    if not found:
        raise Conflict(gettext("There is no scan to take back."), code="nothing_to_undo")
    made = work.replace(found[-1], key)
    work.move_back(found[-1])
    return made


@command
def choose_meaning(
    return_id: int, scan: UUID, chosen: str, *, actor: Actor, key: str = ""
) -> Scanned:
    """Say which of several things a scanned code meant; it is counted as that.

    Raises NotFound for a scan or a meaning that was not offered; Conflict `no_count`.
    """
    work = _Work.on(lock_counted(return_id), actor)
    asked = work.asked(scan)
    code = read_code(asked.code)
    for meaning in meanings_of(work.order, code):
        if meaning.key == chosen:
            quantity = Decimal(asked.facts.get("quantity", "1"))
            rows = work.note(code, [meaning], quantity, key, replaces=asked)
            return Scanned(work.count, rows)
    raise NotFound(gettext("This was not offered."), code="not_found", pointer="/meaning")


@command
def name_unknown(
    return_id: int,
    scan: UUID,
    *,
    actor: Actor,
    code: str = "",
    description: str = "",
    quantity: Decimal = Decimal(1),
) -> Scanned:
    """Say what an unknown code is: another code that is known, or words for goods to keep.

    Raises RuleViolation `nothing_named`, `invalid_quantity`; NotFound; Conflict `no_count`.
    """
    work = _Work.on(lock_counted(return_id), actor)
    asked = work.asked(scan)
    if quantity <= 0:
        message = gettext("A quantity is more than nothing.")
        raise RuleViolation(message, code="invalid_quantity", pointer="/quantity")
    read = read_code(code)
    meant = meanings_of(work.order, read) if read.text else []
    goods = [meaning for meaning in meant if meaning.kind in GOODS]
    if goods:
        return Scanned(work.count, work.note(read, goods, quantity, "", replaces=asked))
    words = " ".join(filter(None, (read.text, description.strip())))[:200]
    if not words:
        message = gettext("Say what it is: a SKU, a serial number or words.")
        raise RuleViolation(message, code="nothing_named", pointer="/description")
    draft: Draft = {"verdict": ScanVerdict.UNEXPECTED, "quantity": quantity, "description": words}
    return Scanned(work.count, [work.keep(draft, asked.code, replaces=asked)])


@command
def step_line(return_id: int, line: ReturnLine, counted: Decimal, *, actor: Actor) -> Scanned:
    """Set by hand how much of an announced line is in the count.

    Raises RuleViolation `exceeds_expected`, `serial_missing` for more units of a serialized part
    without naming them; Conflict `illegal_transition`.
    """
    work = _Work.begun(return_id, actor)
    line = next((row for row in work.tally.expected if row.pk == line.pk), line)
    change = counted - work.tally.counted(line)
    _require_countable(work.tally, line, counted, change)
    if not change:
        return Scanned(work.count)
    if change < 0 and line.part is not None and line.part.is_serialized:
        return Scanned(work.count, work.take_out(work.tally.of_line(line), -change))
    draft: Draft = {"verdict": ScanVerdict.GOOD, "line": line, "part": line.part}
    draft |= {"quantity": change, "stock_item": line.stock_item}
    if line.stock_item is not None:
        draft["serial"] = str(line.stock_item.serial)
    return Scanned(work.count, [work.keep(draft, "")])


@command
def step_unexpected(return_id: int, first: UUID, counted: Decimal, *, actor: Actor) -> Scanned:
    """Set by hand how much there is of unexpected goods, named by their first scan.

    Raises RuleViolation `unit_counts_one`, `invalid_quantity`; NotFound; Conflict `no_count`.
    """
    work = _Work.on(lock_counted(return_id), actor)
    pile = next((row for row in work.tally.piles if row.first.uuid == first), None)
    if pile is None:
        raise NotFound(gettext("There are no such goods in the count."), code="not_found")
    if counted < 0:
        message = gettext("A quantity is not below nothing.")
        raise RuleViolation(message, code="invalid_quantity", pointer="/quantity")
    if pile.first.serial and counted > 1:
        raise RuleViolation(gettext("A serialized unit counts one."), code="unit_counts_one")
    change = counted - pile.quantity
    if not change:
        return Scanned(work.count)
    if pile.first.serial:
        alike = [scan for scan in work.tally.counting if same_kind(scan, pile.first)]
        return Scanned(work.count, work.take_out(alike, -change))
    kind = ("part", "stock_item", "batch", "description")
    draft = {name: getattr(pile.first, name) for name in kind}
    draft |= {"verdict": ScanVerdict.UNEXPECTED, "quantity": change}
    return Scanned(work.count, [work.keep(draft, "")])


def known_scan(return_id: int, key: str) -> list[CountScan]:
    """The rows that a scan with this key made before, in whatever count of the return."""
    if not key:
        return []
    rows = CountScan.objects.filter(count__return_order=return_id, key=key[:64])
    return list(rows.select_related("count", "part", "line__part", "location", "actor"))


def _require_countable(tally: Tally, line: ReturnLine, counted: Decimal, change: Decimal) -> None:
    pointer = "/quantity"
    if counted < 0:
        message = gettext("A quantity is not below nothing.")
        raise RuleViolation(message, code="invalid_quantity", pointer=pointer)
    if change > tally.left(line):
        most = money.plain(tally.left(line) + tally.counted(line))
        message = gettext(
            "Only %(most)s of this line are expected; scan surplus to count it as unexpected."
        ) % {"most": most}
        raise RuleViolation(message, code="exceeds_expected", pointer=pointer, expected=most)
    nameless = line.stock_item_id is None and line.part is not None and line.part.is_serialized
    if change > 0 and nameless:
        message = gettext("Each unit of %(part)s needs its serial number; scan it.") % {
            "part": line.part
        }
        raise RuleViolation(message, code="serial_missing", pointer=pointer)


@dataclass
class _Work:
    """A locked count with its return and everything in it."""

    count: Count
    order: ReturnOrder
    tally: Tally
    actor: Actor

    @classmethod
    def begun(cls, return_id: int, actor: Actor) -> _Work:
        """On the count that there is, else on a new one."""
        count = lock_live(return_id) or open_count(return_id, actor=actor)
        work = cls.on(count, actor)
        require(work.order, "receive")
        return work

    @classmethod
    def on(cls, count: Count, actor: Actor) -> _Work:
        take_up(count, actor)
        order = count.return_order
        return cls(count, order, Tally(lines_of(order), scans_of(count)), actor)

    def take(self, code: Code, key: str, quantity: Decimal | None) -> list[CountScan]:
        """Keep what a code means; a bare quantity is for the scan after it."""
        if code.command is Command.QUANTITY:
            facts = {"quantity": str(code.quantity)}
            draft: Draft = {"verdict": ScanVerdict.NOTED, "facts": facts}
            return [self.keep(draft, code.text, key)]
        many = quantity or code.quantity or self._announced() or Decimal(1)
        return self.note(code, meanings_of(self.order, code), many, key)

    def _announced(self) -> Decimal | None:
        """The quantity that this actor's last scan gave for the next one."""
        mine = [row for row in self.tally.live if row.actor_id == self.actor.user_id]
        last = mine[-1] if mine else None
        told = last.facts.get("quantity") if last and last.verdict == ScanVerdict.NOTED else None
        return Decimal(told) if told else None

    def note(
        self,
        code: Code,
        meant: list[Meaning],
        quantity: Decimal,
        key: str,
        replaces: CountScan | None = None,
    ) -> list[CountScan]:
        """Keep the rows of a code; where several are possible, those of the one expected here."""
        if not meant:
            facts = {"quantity": str(quantity)} if quantity != 1 else {}
            draft: Draft = {"verdict": ScanVerdict.UNKNOWN, "facts": facts, "serial": code.serial}
            return [self.keep(draft, code.text, key, replaces)]
        ways = [(meaning, self._drafts(meaning, code, quantity)) for meaning in meant]
        sure = [way for way in ways if way[1][0]["verdict"] == ScanVerdict.GOOD]
        ways = sure if len(sure) == 1 else ways
        if len(ways) > 1:
            return [self.keep(_question(ways, quantity), code.text, key, replaces)]
        meaning, drafts = ways[0]
        self._move_to(meaning)
        made = [self.keep(drafts[0], code.text, key, replaces)]
        return made + [self.keep(draft, code.text) for draft in drafts[1:]]

    def _drafts(self, meaning: Meaning, code: Code, quantity: Decimal) -> list[Draft]:
        if meaning.kind in GOODS:
            return judge(self.order, self.tally, meaning, code, quantity)
        facts = {"means": meaning.kind, "label": meaning.label}
        if meaning.kind == "return":
            facts |= {"other": meaning.record.pk != self.order.pk, "uuid": str(meaning.record.uuid)}
        if meaning.kind == "parcel" and self._in_another(meaning.record):
            facts["why"] = "other_parcel"
        return [{"verdict": ScanVerdict.NOTED, "facts": facts}]

    def _in_another(self, parcel: Parcel) -> bool:
        """Whether goods of another parcel are in the count; a receipt names one parcel."""
        return self.count.parcel_id not in (None, parcel.pk) and bool(self.tally.units)

    def _move_to(self, meaning: Meaning) -> None:
        """What is scanned from now on lies at this place, or came in this parcel."""
        if meaning.kind == "location":
            write(self.count, location=meaning.record)
        elif meaning.kind == "parcel" and not self._in_another(meaning.record):
            write(self.count, parcel=meaning.record)

    def keep(
        self, draft: Draft, code: str, key: str = "", replaces: CountScan | None = None
    ) -> CountScan:
        """Write one row; the goods lie where the count is now."""
        values: dict[str, Any] = {"location": self.count.location, **draft}
        return CountScan.objects.create(
            count=self.count,
            key=key[:64],
            code=code[:200],
            replaces=replaces,
            actor_id=self.actor.user_id,
            at=clock.now(),
            **values,
        )

    def replace(self, scan: CountScan, key: str = "") -> CountScan:
        """Take a row back."""
        draft: Draft = {"verdict": ScanVerdict.UNDONE, "line": scan.line, "part": scan.part}
        return self.keep(draft, scan.code, key, scan)

    def move_back(self, undone: CountScan) -> None:
        """Where the count was before a scan of a place that was taken back."""
        if undone.facts.get("means") != "location":
            return
        named = [
            scan
            for scan in self.tally.live
            if scan.facts.get("means") == "location" and scan.pk != undone.pk
        ]
        place = Location.objects.filter(code=named[-1].facts["label"]).first() if named else None
        write(self.count, location=place)

    def take_out(self, scans: list[CountScan], quantity: Decimal) -> list[CountScan]:
        """Take the newest units out again, as many as this."""
        newest = [scan for scan in reversed(scans) if scan.quantity > 0]
        return [self.replace(scan) for scan in newest[: int(quantity)]]

    def asked(self, scan: UUID) -> CountScan:
        """A scan that waits for an answer. Raises NotFound."""
        waiting = (ScanVerdict.UNKNOWN, ScanVerdict.AMBIGUOUS)
        for row in self.tally.live:
            if row.uuid == scan and row.verdict in waiting:
                return row
        raise NotFound(gettext("There is no such scan that waits for an answer."), code="not_found")


def _question(ways: list[tuple[Meaning, list[Draft]]], quantity: Decimal) -> Draft:
    offered = [
        {"key": meaning.key, "kind": meaning.kind, "label": meaning.label} for meaning, _ in ways
    ]
    facts = {"offered": offered, "quantity": str(quantity)}
    return {"verdict": ScanVerdict.AMBIGUOUS, "facts": facts}
