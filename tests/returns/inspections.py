"""An inspection in the few words that tests need."""

from __future__ import annotations

from typing import Any

import pytest

from returns.models import Disposition, ReturnLine, ReturnOrder, Sheet
from returns.services import InspectInput, create_sheet, inspect_return
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.shared.errors import RuleViolation
from tests.changes import picture
from tests.returns.steps import D

QUESTIONS = [
    {"code": "complete", "text": "Is it complete?", "kind": "yes_no", "required": True},
    {
        "code": "smell",
        "text": "What does it smell of?",
        "kind": "choice",
        "choices": ["new", "bad"],
    },
    {"code": "weight", "text": "Weight in kg", "kind": "number"},
    {"code": "other", "text": "Anything else?", "kind": "text"},
]


def disposition(code: str) -> Disposition:
    return Disposition.objects.get(code=code)


def tent_sheet() -> Sheet:
    """A sheet for all parts with three grades and four questions."""
    grades = [
        {
            "code": "A",
            "name": "As new",
            "verdict": "accepted",
            "disposition": disposition("restock"),
        },
        {
            "code": "C",
            "name": "Damaged",
            "verdict": "accepted",
            "share": D("70"),
            "disposition": disposition("refurbish"),
        },
        {
            "code": "R",
            "name": "Refused",
            "verdict": "rejected",
            "share": D("0"),
            "disposition": disposition("send_back"),
        },
    ]
    values = {"name": "Tents", "questions": QUESTIONS, "grades": grades}
    return create_sheet(values, actor=SYSTEM)


def inspect(line: ReturnLine, *entries: dict[str, Any], actor: Actor = SYSTEM) -> ReturnOrder:
    wanted = [InspectInput(line, **{"answers": {"complete": True}, **entry}) for entry in entries]
    return inspect_return(line.return_order_id, wanted, actor=actor)


def refused(action: Any, kind: type[Any] = RuleViolation) -> Any:
    before = picture()
    with pytest.raises(kind) as refusal:
        action()
    assert picture() == before
    return refusal.value
