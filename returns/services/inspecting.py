"""Somebody looks at what came: a grade by a sheet, a verdict, a share of the price."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from returns.locks import lines_of
from returns.models import (
    Disposition,
    Grade,
    Inspection,
    ReturnLine,
    ReturnOrder,
    Sheet,
    Verdict,
)
from returns.services import waiting as wait
from returns.services._advance import lock_for, touched
from returns.services.disposing import OVERRIDE, dispose_taken
from returns.services.flow import proceed
from returns.services.grading import Proposal, proposed_grade
from returns.services.inputs import DisposeInput, InspectInput
from returns.services.sheets import checked_answers, checked_photos, sheet_for, snapshot_of
from returns.services.waiting import Waiting
from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation, below

ALL: Decimal = Decimal(100)


@dataclass(frozen=True)
class Findings:
    """Verdict, share and disposition: what was proposed, or what was decided."""

    verdict: str
    share: Decimal
    disposition: Disposition | None = None


@command
def inspect_return(return_id: int, wanted: list[InspectInput], *, actor: Actor) -> ReturnOrder:
    """Judge received goods; one line may be split over grades by several entries.

    The grade proposes; deciding otherwise needs `override_inspection` and a reason, and both are
    kept. Goods move only where an entry says `dispose`, which needs that right too. What the
    rules let follow by itself (credit, completion) follows.
    Raises RuleViolation `exceeds_received` with the figure, `grade_required`, `unknown_grade`,
    `verdict_missing`, `answers_missing`, `unknown_answer`, `invalid_answer`, `photos_missing`,
    `unknown_photo`, `serial_missing`, `wrong_serial`, `reason_required`, `invalid_share`,
    `disposition_missing`; NotPermitted; Conflict `illegal_transition`, `on_hold`, and of units
    judged before `inspected_again`, `inspection_carried_out`.
    """
    order = lock_for(return_id, "inspect")
    if not wanted:
        raise RuleViolation(_("Say what was inspected."), code="nothing_named", pointer="/lines")
    known = {line.pk: line for line in lines_of(order)}
    judged: list[tuple[InspectInput, list[Waiting]]] = []
    for number, entry in enumerate(wanted):
        with below(f"/lines/{number}"):
            judged.append((entry, _inspect_line(order, known.get(entry.line.pk), entry, actor)))
    touched(order, "inspect", actor=actor, inspections=len(wanted))
    _dispose_at_once(order, judged, actor)
    proceed(order, actor=actor)
    return order


def _dispose_at_once(
    order: ReturnOrder, judged: list[tuple[InspectInput, list[Waiting]]], actor: Actor
) -> None:
    """Move just the goods that were inspected now, where that was asked for."""
    moving = [(entry, found) for entry, found in judged if entry.dispose]
    if not moving:
        return
    actor.require("returns.dispose_return")
    for entry, found in moving:
        asked = DisposeInput(entry.line, location=entry.location)
        dispose_taken(order, found[0].row.line, found, asked, actor=actor)
    touched(order, "dispose", actor=actor, decisions=len(moving))


def _inspect_line(
    order: ReturnOrder, line: ReturnLine | None, entry: InspectInput, actor: Actor
) -> list[Waiting]:
    if line is None or line.void:
        message = _("The line does not belong to this return.")
        raise NotFound(message, code="not_found", pointer="/line")
    sheet = sheet_for(line.part)
    told = proposed_grade(sheet, entry.answers)
    grade = _grade(sheet, entry, told)
    proposed = _proposed(grade, entry)
    decided = _decided(proposed, entry)
    if proposed != decided:
        _require_override(entry, actor)
    taken = _taken(line, sheet, entry)
    answers = checked_answers(sheet, entry.answers)
    photos = checked_photos(order, sheet, entry.photos)
    values = {
        "at": clock.now(),
        "replaces": entry.replaces,
        "photos": photos,
        "snapshot": snapshot_of(sheet, grade, answers, told),
        **_written(sheet, grade, proposed, decided, entry),
    }
    return [_judge(order, waiting, Verdict(decided.verdict), values, actor) for waiting in taken]


def _judge(
    order: ReturnOrder, waiting: Waiting, verdict: Verdict, values: dict[str, Any], actor: Actor
) -> Waiting:
    unit, quantity = waiting.row.stock_item, waiting.quantity
    serial = (unit.serial or "") if unit else ""
    found = wait.judge(order, waiting.row, quantity, verdict, actor=actor, serial=serial, **values)
    return Waiting(waiting.row, found, quantity)


def _written(
    sheet: Sheet | None, grade: Grade | None, told: Findings, decided: Findings, entry: InspectInput
) -> dict[str, Any]:
    return {
        "sheet": sheet,
        "grade": grade.code if grade else "",
        "share": decided.share,
        "disposition": decided.disposition,
        "proposed_verdict": told.verdict,
        "proposed_share": told.share,
        "proposed_disposition": told.disposition,
        "override_reason": entry.override_reason.strip()[:500] if told != decided else "",
        "note": entry.note[:500],
    }


def _grade(sheet: Sheet | None, entry: InspectInput, told: Proposal) -> Grade | None:
    """The grade that was given, else that of the answers; a sheet that has grades wants one."""
    grades = list(sheet.grades.select_related("disposition")) if sheet else []
    codes = [grade.code for grade in grades]
    if not entry.grade and told.grade is not None:
        return told.grade
    if not entry.grade:
        if grades:
            message = _("Give the grade: one of %(codes)s.") % {"codes": ", ".join(codes)}
            raise RuleViolation(message, code="grade_required", pointer="/grade", grades=codes)
        return None
    for grade in grades:
        if grade.code.lower() == entry.grade.strip().lower():
            return grade
    message = _("The sheet has no grade %(grade)s.") % {"grade": entry.grade}
    raise RuleViolation(message, code="unknown_grade", pointer="/grade", grades=codes)


def _proposed(grade: Grade | None, entry: InspectInput) -> Findings:
    """What the grade proposes; without one what goes with the verdict that was given."""
    if grade is not None:
        return Findings(grade.verdict, grade.share, grade.disposition)
    if entry.verdict not in Verdict.values:
        message = _("Say whether the goods are accepted or rejected.")
        raise RuleViolation(message, code="verdict_missing", pointer="/verdict")
    return Findings(entry.verdict, _whole(entry.verdict), entry.disposition)


def _decided(told: Findings, entry: InspectInput) -> Findings:
    """What was said, and for the rest what is proposed."""
    verdict = entry.verdict or told.verdict
    if verdict not in Verdict.values:
        message = _("A verdict is accepted or rejected.")
        raise RuleViolation(message, code="verdict_missing", pointer="/verdict")
    usual = told.share if verdict == told.verdict else _whole(verdict)
    share = usual if entry.share is None else entry.share
    if not 0 <= share <= ALL or (verdict == Verdict.REJECTED and share):
        message = _("A share is 0 to 100 percent, and 0 for rejected goods.")
        raise RuleViolation(message, code="invalid_share", pointer="/share")
    return Findings(verdict, share, entry.disposition or told.disposition)


def _whole(verdict: str) -> Decimal:
    return ALL if verdict == Verdict.ACCEPTED else money.ZERO


def _require_override(entry: InspectInput, actor: Actor) -> None:
    actor.require(OVERRIDE)
    if not entry.override_reason.strip():
        message = _("This differs from what the grade proposes; say why.")
        raise RuleViolation(message, code="reason_required", pointer="/override_reason")


def _taken(line: ReturnLine, sheet: Sheet | None, entry: InspectInput) -> list[Waiting]:
    """The received and uninspected quantities that this entry is about, oldest first."""
    if entry.replaces is not None:
        return _of_serial([_taken_again(line, entry.replaces, entry.quantity)], sheet, entry)
    pool = wait.unjudged(wait.live_rows(line))
    there = wait.total(pool)
    wanted = there if entry.quantity is None else entry.quantity
    if not 0 < wanted <= there:
        message = _("Only %(there)s of this line are here and not inspected.") % {
            "there": money.plain(there)
        }
        facts = {"open": money.plain(there)}
        raise RuleViolation(message, code="exceeds_received", pointer="/quantity", **facts)
    pool = _of_serial(pool, sheet, entry)
    if entry.serial and wanted > wait.total(pool):
        message = _("A serial number names one unit.")
        raise RuleViolation(message, code="unit_counts_one", pointer="/quantity")
    return wait.take(pool, wanted)


def _taken_again(line: ReturnLine, former: Inspection, quantity: Decimal | None) -> Waiting:
    """The units of an earlier inspection, free to be judged anew; its verdict counts no more."""
    stands = Inspection.objects.filter(pk=former.pk, line=line)
    if not stands.filter(receipt_line__receipt__reversed_by=None).exists():
        message = _("Somebody judged these units again already, or their receipt was taken back.")
        raise Conflict(message, code="inspected_again", inspection=str(former.uuid))
    credited = former.credits.filter(credit_line__live=True)
    if former.disposals.exists() or credited.exists():
        message = _("What this inspection decided is carried out; its grade stays.")
        raise Conflict(message, code="inspection_carried_out", inspection=str(former.uuid))
    if quantity not in (None, former.quantity):
        message = _("The inspection was of %(quantity)s; all are judged anew.") % {
            "quantity": money.plain(former.quantity)
        }
        facts = {"open": money.plain(former.quantity)}
        raise RuleViolation(message, code="exceeds_received", pointer="/quantity", **facts)
    counted = {former.verdict: F(former.verdict) - former.quantity}
    ReturnLine.objects.filter(pk=line.pk).update(**counted)
    return Waiting(former.receipt_line, None, former.quantity)


def _of_serial(pool: list[Waiting], sheet: Sheet | None, entry: InspectInput) -> list[Waiting]:
    """The unit that was scanned, where units are here and one was scanned or must be."""
    units = {str(row.row.stock_item.serial): row for row in pool if row.row.stock_item}
    if not units:
        return pool
    if not entry.serial:
        if sheet is not None and sheet.serial_check:
            message = _("Scan the serial number of the unit in your hands.")
            raise RuleViolation(message, code="serial_missing", pointer="/serial")
        return pool
    for serial, waiting in units.items():
        if serial.lower() == entry.serial.strip().lower():
            return [waiting]
    message = _("%(serial)s is not the unit that was received: %(units)s.") % {
        "serial": entry.serial,
        "units": ", ".join(units),
    }
    raise RuleViolation(message, code="wrong_serial", pointer="/serial", serials=list(units))
