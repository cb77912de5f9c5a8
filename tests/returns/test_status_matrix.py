"""Every status of a return against every verb: it works, or it is refused and nothing changes.

The table of legal pairs is written down here from the domain page, not read from the program.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from returns.locks import lock_return
from returns.models import Disposition, ReturnLine, ReturnOrder
from returns.services import (
    ArrivalInput,
    DisposeInput,
    InspectInput,
    LineInput,
    MatchInput,
    QuantityInput,
    ReceiveInput,
    add_extra_line,
    add_lines,
    approve_return,
    cancel_return,
    charge_return,
    complete_return,
    credit_return,
    delete_return,
    dispose_return,
    edit_extra_line,
    edit_line,
    edit_return,
    hold_return,
    inspect_return,
    issue_return,
    match_return,
    receive_return,
    reject_return,
    release_return,
    remove_extra_line,
    remove_line,
    reopen_return,
    resume_return,
    waive_return,
)
from returns.services.disposing import accept
from returns.states import VERBS, Status
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from rmaproject.shared import clock
from rmaproject.shared.errors import Conflict
from sales.models import OrderLine
from tests.changes import picture
from tests.factories import ask_return, goods, sell
from tests.returns.outcomes import replace, send_back

#: verb: status before, status after.
LEGAL = {
    "issue": {"pending": "in_progress"},
    "approve": {"awaiting_approval": "in_progress"},
    "reject": {"awaiting_approval": "rejected"},
    "edit": {
        "pending": "pending",
        "awaiting_approval": "awaiting_approval",
        "in_progress": "in_progress",
    },
    "hold": {"pending": "on_hold", "awaiting_approval": "on_hold", "in_progress": "on_hold"},
    "resume": {"on_hold": "in_progress"},
    "cancel": {
        "pending": "cancelled",
        "awaiting_approval": "cancelled",
        "in_progress": "cancelled",
        "on_hold": "cancelled",
    },
    "delete": {
        "pending": "cancelled",
        "awaiting_approval": "cancelled",
        "in_progress": "cancelled",
        "on_hold": "cancelled",
    },
    "complete": {"in_progress": "complete"},
    "reopen": {"complete": "in_progress"},
    "receive": {"in_progress": "in_progress", "on_hold": "on_hold"},
    "release": {"in_progress": "in_progress", "on_hold": "on_hold"},
    "waive": {"pending": "pending", "in_progress": "in_progress"},
    "inspect": {"in_progress": "in_progress"},
    "dispose": {"in_progress": "in_progress"},
    "credit": {"in_progress": "in_progress"},
    "match": {"pending": "pending", "in_progress": "in_progress"},
    "replace": {"in_progress": "in_progress", "complete": "complete"},
    "send_back": {"in_progress": "in_progress", "complete": "complete"},
    "charge": {"in_progress": "in_progress", "complete": "complete"},
}
STATUSES = (
    "pending",
    "awaiting_approval",
    "in_progress",
    "on_hold",
    "complete",
    "cancelled",
    "rejected",
)

DO: dict[str, Callable[[ReturnOrder, ReturnLine], Any]] = {
    "issue": lambda rma, line: issue_return(rma.pk, actor=SYSTEM),
    "approve": lambda rma, line: approve_return(rma.pk, actor=SYSTEM),
    "reject": lambda rma, line: reject_return(rma.pk, actor=SYSTEM, reason="No."),
    "edit": lambda rma, line: edit_return(rma.pk, {"target_date": date(2026, 4, 1)}, actor=SYSTEM),
    "hold": lambda rma, line: hold_return(rma.pk, actor=SYSTEM, reason="Wait."),
    "resume": lambda rma, line: resume_return(rma.pk, actor=SYSTEM),
    "cancel": lambda rma, line: cancel_return(rma.pk, actor=SYSTEM),
    "delete": lambda rma, line: delete_return(rma.pk, actor=SYSTEM),
    "complete": lambda rma, line: complete_return(rma.pk, actor=SYSTEM),
    "reopen": lambda rma, line: reopen_return(rma.pk, actor=SYSTEM, reason="Again."),
    "receive": lambda rma, line: receive(rma, line),
    "release": lambda rma, line: release_return(rma.pk, actor=SYSTEM),
    "waive": lambda rma, line: waive_return(
        rma.pk, [QuantityInput(line, Decimal(1))], actor=SYSTEM
    ),
    "inspect": lambda rma, line: inspect_return(
        rma.pk, [InspectInput(line, verdict="accepted")], actor=SYSTEM
    ),
    "dispose": lambda rma, line: dispose(rma, line),
    "credit": lambda rma, line: credit_return(rma.pk, actor=SYSTEM),
    "match": lambda rma, line: match_return(
        rma.pk, [MatchInput(line, OrderLine.objects.get())], actor=SYSTEM
    ),
    "replace": lambda rma, line: replace(line),
    "send_back": lambda rma, line: send_back(line),
    "charge": lambda rma, line: charge_return(rma.pk, actor=SYSTEM),
}


def receive(rma: ReturnOrder, line: ReturnLine) -> None:
    receive_return(rma.pk, ReceiveInput(lines=[ArrivalInput(line)]), actor=SYSTEM)


def dispose(rma: ReturnOrder, line: ReturnLine) -> None:
    restock = Disposition.objects.get(code="restock")
    dispose_return(rma.pk, [DisposeInput(line, restock)], actor=SYSTEM)


def promise(line: ReturnLine, outcome: str) -> None:
    edit_line(line, {"outcome": outcome}, actor=SYSTEM)


def keep(rma: ReturnOrder, line: ReturnLine) -> None:
    """Accepted and held, with no decision about where it goes."""
    with transaction.atomic():
        order, row = lock_return(rma.pk), line.receipt_lines.get()
        accept(order, row, Decimal(1), actor=SYSTEM, at=clock.now())


def wait_for_approval(rma: ReturnOrder) -> None:
    """No service leads here before there are policies, so the row itself is set."""
    ReturnOrder.objects.filter(pk=rma.pk).update(status="awaiting_approval")


#: What a return needs to have gone through before this verb can succeed in progress.
BEFORE: dict[str, list[Callable[[ReturnOrder, ReturnLine], Any]]] = {
    "inspect": [receive],
    "dispose": [receive],
    "credit": [receive, dispose],
    "complete": [DO["release"]],
    "replace": [receive, dispose],
    "send_back": [receive],
    "charge": [lambda rma, line: add_extra_line(rma.pk, fee(), actor=SYSTEM)],
}
#: The same for a complete return, before it is completed; without any, all is released.
BEFORE_COMPLETE: dict[str, list[Callable[[ReturnOrder, ReturnLine], Any]]] = {
    "replace": [lambda rma, line: promise(line, "replacement"), receive, dispose],
    "send_back": [lambda rma, line: promise(line, "nothing"), receive, keep],
    "charge": [*BEFORE["charge"], DO["release"]],
}


def return_in(status: str, verb: str, rma: ReturnOrder) -> ReturnOrder:
    """The pending return, brought to a status, ready for the verb."""
    line = rma.lines.get()
    if verb == "match":
        ReturnLine.objects.update(order_line=None)
    if status == "pending":
        return ReturnOrder.objects.get(pk=rma.pk)
    if status in ("awaiting_approval", "rejected"):
        wait_for_approval(rma)
        if status == "rejected":
            reject_return(rma.pk, actor=SYSTEM, reason="No.")
        return ReturnOrder.objects.get(pk=rma.pk)
    issue_return(rma.pk, actor=SYSTEM)
    if status == "in_progress":
        for step in BEFORE.get(verb, []):
            step(rma, line)
    elif status == "on_hold":
        hold_return(rma.pk, actor=SYSTEM, reason="Wait.")
    elif status == "cancelled":
        cancel_return(rma.pk, actor=SYSTEM)
    else:
        for step in BEFORE_COMPLETE.get(verb, [DO["release"]]):
            step(rma, line)
        complete_return(rma.pk, actor=SYSTEM)
    return ReturnOrder.objects.get(pk=rma.pk)


@pytest.fixture
def rma(business, bo):
    return ask_return(sell(business, bo, goods("TENT", "3", "50.00")), "1")


def test_the_matrix_covers_every_status_and_verb():
    assert {row.verb for row in VERBS} == set(LEGAL) == set(DO)
    assert set(Status.values) == set(STATUSES)


@pytest.mark.parametrize(
    ("verb", "status", "after"),
    [(verb, before, after) for verb, pairs in LEGAL.items() for before, after in pairs.items()],
)
def test_a_legal_verb_moves_the_return_and_leaves_its_trail(rma, verb, status, after):
    order = return_in(status, verb, rma)
    entries = AuditEntry.objects.filter(aggregate_id=order.uuid).count()

    DO[verb](order, order.lines.get())

    order = ReturnOrder.objects.get(pk=order.pk)
    assert order.status == after
    assert order.version == AuditEntry.objects.filter(aggregate_id=order.uuid).count()
    assert order.version == entries + 1
    assert AuditEntry.objects.get(aggregate_id=order.uuid, n=order.version).verb == verb
    assert (order.discarded_at is not None) == (verb == "delete")


@pytest.mark.parametrize(
    ("verb", "status"),
    [(verb, status) for verb in LEGAL for status in STATUSES if status not in LEGAL[verb]],
)
def test_an_illegal_verb_is_refused_with_the_legal_ones_and_changes_nothing(rma, verb, status):
    order = return_in(status, verb, rma)
    before = picture()

    with pytest.raises(Conflict) as refusal:
        DO[verb](order, order.lines.get())

    assert refusal.value.code == ("on_hold" if status == "on_hold" else "illegal_transition")
    assert refusal.value.facts["status"] == status
    legal = {name for name, pairs in LEGAL.items() if status in pairs}
    assert set(refusal.value.facts["legal_verbs"]) == legal
    assert picture() == before


EDITS: dict[str, Callable[[ReturnOrder, ReturnLine], Any]] = {
    "add_lines": lambda rma, line: add_lines(
        rma.pk, [LineInput(Decimal(1), order_line=line.order_line)], actor=SYSTEM
    ),
    "edit_line": lambda rma, line: edit_line(line, {"quantity": Decimal(2)}, actor=SYSTEM),
    "remove_line": lambda rma, line: remove_line(line, actor=SYSTEM),
    "add_extra_line": lambda rma, line: add_extra_line(rma.pk, fee(), actor=SYSTEM),
    "edit_extra_line": lambda rma, line: edit_extra_line(
        rma.extra_lines.get(), {"name": "Other"}, actor=SYSTEM
    ),
    "remove_extra_line": lambda rma, line: remove_extra_line(rma.extra_lines.get(), actor=SYSTEM),
}


def fee() -> dict[str, Any]:
    return {"name": "Restocking", "kind": "fee", "gross_unit_price": Decimal("-5.00")}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("status", ["pending", "awaiting_approval", "in_progress"])
def test_lines_may_be_changed_while_a_return_is_live(rma, edit, status):
    add_extra_line(rma.pk, fee(), actor=SYSTEM)
    order = return_in(status, "edit", rma)

    EDITS[edit](order, order.lines.get())

    assert ReturnOrder.objects.get(pk=order.pk).version == order.version + 1


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("status", ["on_hold", "complete", "cancelled", "rejected"])
def test_lines_stay_as_they_are_in_every_other_status(rma, edit, status):
    add_extra_line(rma.pk, fee(), actor=SYSTEM)
    order = return_in(status, "edit", rma)
    before = picture()

    with pytest.raises(Conflict) as refusal:
        EDITS[edit](order, order.lines.get())

    assert refusal.value.code == ("on_hold" if status == "on_hold" else "illegal_transition")
    assert picture() == before


@pytest.mark.parametrize("held_from", ["pending", "awaiting_approval", "in_progress"])
def test_a_held_return_resumes_to_what_it_was_held_from(rma, held_from):
    order = return_in(held_from, "hold", rma)
    held = hold_return(order.pk, actor=SYSTEM, reason="Wait.")
    assert (held.status, held.held_from, held.status_reason) == ("on_hold", held_from, "Wait.")

    resumed = resume_return(order.pk, actor=SYSTEM)

    assert (resumed.status, resumed.held_from) == (held_from, "")
