"""Inspected goods move as it was decided, or otherwise with a reason; and what a sheet may be."""

from __future__ import annotations

from typing import Any

import pytest

from returns.models import Disposal, Inspection
from returns.services import (
    DisposeInput,
    create_sheet,
    credit_return,
    dispose_return,
)
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.shared.errors import NotPermitted
from stock.models import StockItem
from tests.factories import actor_with
from tests.returns.inspections import disposition, inspect, refused
from tests.returns.steps import D, dispose


def test_goods_move_at_once_where_the_inspector_says_so(sheet, line):
    refused_first = {"grade": "R", "quantity": D("1")}

    inspect(line, refused_first, {"grade": "A", "quantity": D("2"), "dispose": True})

    line.refresh_from_db()
    assert (line.accepted, line.rejected, line.disposed) == (2, 1, 2)
    stock = {row.state: row.quantity for row in StockItem.objects.all()}
    assert stock == {"held": 1, "available": 2}
    assert Disposal.objects.get().inspection.grade == "A"


def test_moving_at_once_needs_the_right_to_decide(sheet, line, roles):
    role = actor_with("Viewer")
    assert role.user is not None
    role.user.user_permissions.add(_permission("inspect_return"))

    refusal = refused(
        lambda: inspect(line, {"grade": "A", "dispose": True}, actor=role), NotPermitted
    )

    assert refusal.facts == {"permission": "returns.dispose_return"}


def _permission(codename: str) -> Any:
    from django.contrib.auth.models import Permission

    return Permission.objects.get(codename=codename)


def test_moving_at_once_needs_to_know_where_to(line):
    refusal = refused(
        lambda: inspect(line, {"verdict": "accepted", "answers": {}, "dispose": True})
    )

    assert refusal.code == "disposition_missing"


def test_what_was_inspected_moves_as_it_was_decided(sheet, line):
    inspect(line, {"grade": "A", "quantity": D("1")}, {"grade": "R", "quantity": D("2")})

    dispose_return(line.return_order_id, [DisposeInput(line)], actor=SYSTEM)

    stock = {row.state: row.quantity for row in StockItem.objects.exclude(quantity=0)}
    assert stock == {"available": 1, "to_send_back": 2}
    line.refresh_from_db()
    assert (line.accepted, line.rejected, line.disposed) == (1, 2, 3)


def test_a_disposition_takes_the_goods_that_were_inspected_for_it(sheet, line):
    inspect(line, {"grade": "A", "quantity": D("1")}, {"grade": "R", "quantity": D("2")})

    dispose(line, "send_back")

    (row,) = Disposal.objects.all()
    assert (row.quantity, row.inspection.grade, row.proposed) == (2, "R", None)


def test_moving_goods_otherwise_than_inspected_needs_right_and_reason(sheet, line, roles):
    inspector, manager = actor_with("Inspector"), actor_with("Manager")
    inspect(line, {"grade": "A"})

    def scrap(actor: Actor, reason: str) -> Any:
        entry = DisposeInput(line, disposition("scrap"), D("1"), override_reason=reason)
        return dispose_return(line.return_order_id, [entry], actor=actor)

    lacking = refused(lambda: scrap(inspector, "Mould."), NotPermitted)
    mute = refused(lambda: scrap(manager, ""))
    scrap(manager, "Mould.")

    assert lacking.facts == {"permission": "returns.override_inspection"}
    assert (mute.code, mute.pointer) == ("reason_required", "/lines/0/override_reason")
    row = Disposal.objects.get()
    assert (row.disposition.code, row.proposed.code) == ("scrap", "restock")
    assert row.override_reason == "Mould."


def test_inspected_goods_are_not_judged_again_when_they_move(sheet, line):
    inspect(line, {"grade": "C", "quantity": D("2")})

    dispose(line, "refurbish", "2")
    dispose(line, "restock", "1")

    assert Inspection.objects.count() == 2
    line.refresh_from_db()
    assert (line.accepted, line.disposed) == (3, 3)


def test_inspected_goods_are_credited_before_they_move(sheet, line):
    inspect(line, {"grade": "A"})

    (note,) = credit_return(line.return_order_id, actor=SYSTEM)

    assert note.gross == D("150.00")


@pytest.mark.parametrize(
    "questions",
    [
        [{"code": "", "text": "What?", "kind": "text"}],
        [{"code": "a", "text": "", "kind": "text"}],
        [{"code": "a", "text": "What?", "kind": "colour"}],
        [{"code": "a", "text": "What?", "kind": "choice"}],
        [{"code": "a", "text": "What?", "kind": "text", "choices": ["b"]}],
        [
            {"code": "a", "text": "What?", "kind": "text"},
            {"code": "A", "text": "Again?", "kind": "text"},
        ],
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(business, questions):
    values = {"name": "Tents", "questions": questions}

    assert refused(lambda: create_sheet(values, actor=SYSTEM)).code == "invalid_questions"


def test_a_grade_that_rejects_proposes_no_share(business):
    grades = [{"code": "R", "name": "No", "verdict": "rejected", "share": D("5")}]

    refusal = refused(lambda: create_sheet({"name": "Tents", "grades": grades}, actor=SYSTEM))

    assert refusal.code == "invalid_share"
