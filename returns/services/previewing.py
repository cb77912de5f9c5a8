"""What a step would do, found out by doing it and taking it back: no second arithmetic.

A preview goes on to the end, as if the goods came in full and were accepted, and carries a digest
of all it found. Who acts with that digest acts only if the same would still happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from customers.models import Company
from returns.locks import lock_return
from returns.models import ReturnOrder
from returns.services._advance import require
from returns.services.crediting import credit_return
from returns.services.foreseen import NO_RULE, Before, Row, Run, new_notes, refused, told
from returns.services.foreseen_money import lines_of_note
from returns.services.going_on import ANSWERS, fresh, go_on
from returns.services.inputs import CreditInput, LineInput
from returns.services.requesting import request_return
from returns.services.status import approve_return, issue_return
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.canonical import digest
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, DomainError
from sales.models import Business, CreditLine, CreditNote

T = TypeVar("T")
#: What a preview says about the rules behind what happens; the deed is the same without.
REASONS: Final = frozenset({"policy", "code", "message", "rule", "facts", "checks"})


@dataclass(frozen=True)
class NotePreview:
    """A credit note as it would be booked; its number is drawn only then."""

    note: CreditNote
    lines: list[CreditLine]


@dataclass(frozen=True)
class Preview:
    """What would happen, `token` for acting on it, and why not where it is refused."""

    result: Row
    notes: list[NotePreview]
    token: str | None
    refusal: DomainError | None = None


def _issue(return_id: int, wanted: Any, actor: Actor) -> None:
    issue_return(return_id, actor=actor)


def _approve(return_id: int, wanted: Any, actor: Actor) -> None:
    approve_return(return_id, actor=actor)


def _receive(return_id: int, wanted: Any, actor: Actor) -> None:
    require(lock_return(return_id), "receive")


def _credit(return_id: int, wanted: Sequence[CreditInput] | None, actor: Actor) -> None:
    credit_return(return_id, wanted, actor=actor)


#: The verbs of a return that can be foreseen, and whether the rest of its life is too.
VERBS: Final[dict[str, tuple[Callable[[int, Any, Actor], None], bool]]] = {
    "issue": (_issue, True),
    "approve": (_approve, True),
    "receive": (_receive, True),
    "credit": (_credit, False),
}


def preview_request(
    *,
    business: Business,
    customer: Company | None = None,
    actor: Actor,
    lines: Sequence[LineInput] = (),
    **values: Any,
) -> Preview:
    """What would happen if this return were asked for, issued, received in full and credited.

    A rule that stands in the way is an answer, line by line; nothing is kept. Raises Malformed
    and NotPermitted as `request_return`.
    """

    def ask(wanted: Sequence[LineInput]) -> ReturnOrder:
        return request_return(
            business=business, customer=customer, actor=actor, lines=list(wanted), **values
        )

    with taken_back():
        try:
            order = ask(lines)
        except ANSWERS as refusal:
            asked = enumerate(lines, start=1)
            answers = [row for number, line in asked for row in _alone(ask, number, line)]
            return _refusal("create", refusal, answers)
        return _ahead(order, "create", Before(), actor, further=True)


def preview_return(
    return_id: int, verb: str, *, actor: Actor, lines: Sequence[CreditInput] | None = None
) -> Preview:
    """What a verb would do to a return, and all after it; nothing is kept.

    `lines` name what is credited, as for `credit_return`. A rule that stands in the way is an
    answer. Raises NotPermitted, NotFound as the verb does.
    """
    act, further = VERBS[verb]
    with taken_back():
        order = lock_return(return_id)
        before = Before.of(order)
        try:
            act(return_id, lines, actor)
        except ANSWERS as refusal:
            return _refusal(verb, refusal, [])
        return _ahead(order, verb, before, actor, further=further)


def request_as_foreseen(token: str, *, actor: Actor, **request: Any) -> ReturnOrder:
    """Ask for a return as `request_return` does, if what was previewed would still happen.

    Raises Conflict `stale_preview` with the new preview; nothing is changed then.
    """
    return _request_as_foreseen(token, actor, request)


@command
def _request_as_foreseen(token: str, actor: Actor, request: dict[str, Any]) -> ReturnOrder:
    order = request_return(actor=actor, **request)
    _require_same(token, _ahead(order, "create", Before(), actor, further=True))
    return order


@command
def as_foreseen(token: str, return_id: int, verb: str, act: Callable[[], T], *, actor: Actor) -> T:
    """Carry out a verb of a return, if what was previewed is what it does.

    The deed is compared with the preview under its own locks. Raises Conflict `stale_preview`
    with the new preview; nothing is changed then.
    """
    order = lock_return(return_id)
    before = Before.of(order)
    done = act()
    _require_same(token, _ahead(order, verb, before, actor, further=VERBS[verb][1]))
    return done


@contextmanager
def taken_back() -> Iterator[None]:
    """Run in a transaction, or a part of one, that leaves nothing: no row, no number, no mail."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _require_same(token: str, seen: Preview) -> None:
    if token != seen.token:
        message = _("What would happen is not what the preview showed; look at it as it is now.")
        raise Conflict(message, code="stale_preview", preview=shown(seen))


def shown(seen: Preview) -> Row:
    """A preview in plain values, with its token under `preview`."""
    return {**seen.result, "preview": seen.token}


def _ahead(
    order: ReturnOrder, verb: str, before: Before, actor: Actor, *, further: bool
) -> Preview:
    """What a verb did, and what would follow; only the following is taken back."""
    with taken_back():
        run = Run()
        if further:
            go_on(order, run, actor)
        found = told(fresh(order), before, run)
        notes = [NotePreview(note, lines_of_note(note)) for note in new_notes(order, before)]
        result = {"verb": verb, "allowed": True, "refusal": None, **found}
        return Preview(result, notes, digest(_deed(result)))


def _deed(result: Row) -> Row:
    """A preview without the reasons: a rule that changes nothing here makes no other deed."""
    plain = {name: value for name, value in result.items() if name not in REASONS}
    for name in ("lines", "approvals"):
        plain[name] = [
            {key: value for key, value in row.items() if key not in REASONS} for row in result[name]
        ]
    return plain


def _refusal(verb: str, refusal: DomainError, answers: list[Row]) -> Preview:
    lists = ("credit_notes", "totals", "refunds", "stock", "outbound", "approvals")
    nothing: Row = {name: [] for name in lists}
    why = {"allowed": False, "refusal": refused(refusal), "policy": None}
    result = {"verb": verb, **why, "lines": answers, **nothing, "stopped": None}
    return Preview(result, [], None, refusal)


def _alone(
    ask: Callable[[Sequence[LineInput]], ReturnOrder], number: int, line: LineInput
) -> list[Row]:
    """Whether a line could be asked for without the others, and why not; kits part by part."""
    with taken_back():
        try:
            order = ask([line])
        except ANSWERS as refusal:
            return [{**_named(number, line), **_why_not(refusal)}]
        return [{**row, "number": number} for row in told(order, Before(), Run())["lines"]]


def _why_not(refusal: DomainError) -> Row:
    """A refusal of one line: by the rules with all they say, else by what stands in the way."""
    for answer in refusal.facts.get("answers", ()):
        if not answer["allowed"]:
            return {name: answer[name] for name in NO_RULE}
    told_why = {"code": refusal.code, "message": refusal.message, "facts": refusal.facts}
    return {**NO_RULE, **told_why, "allowed": False}


def _named(number: int, line: LineInput) -> Row:
    sold, unit = line.order_line, line.stock_item
    part = line.part or (unit.part if unit else sold.part if sold else None)
    return {
        "number": number,
        "order_line": str(sold.uuid) if sold else None,
        "kit_line": None,
        "kit": None,
        "sku": part.sku if part else None,
        "name": part.name if part else "",
        "outcome": line.outcome,
        "quantity": money.plain(line.quantity or Decimal(1 if unit else 0)),
        "waived": money.plain(line.waived),
        "overridden": False,
        "fee_percent": "0",
        "inspection_required": False,
    }
