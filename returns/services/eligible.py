"""The rules at the moment a line is asked for: a yes, a no with all its reasons, or an override."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from returns.eligibility import LineAnswer, assess
from returns.facts import facts_of, pinned_rules
from returns.models import PolicyStatus, PolicyVersion, ReturnLine, ReturnOrder
from returns.policies import line_rule
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared.errors import RuleViolation

OVERRIDE = "returns.override_policy"


def pin_policy(order: ReturnOrder) -> None:
    """Give a new return the version in force on the day it was requested, for good."""
    rows = PolicyVersion.objects.filter(business=order.business, status=PolicyStatus.PUBLISHED)
    order.policy = rows.filter(valid__contains=order.requested_on).first()


def require_eligible(
    order: ReturnOrder, lines: Sequence[ReturnLine], *, actor: Actor, override_reason: str = ""
) -> None:
    """Refuse lines that the pinned rules refuse, each with all reasons; or go against the rules.

    Raises RuleViolation `not_eligible` with every answer; with a reason to override, NotPermitted
    for who lacks the right. An override is written down with what it overrode.
    """
    rules = pinned_rules(order)
    if rules is None or not lines:
        return
    facts = facts_of(order, amounts=False)
    answers = assess(rules, facts, keys=[line.pk for line in lines])
    refused = [answer for answer in answers if not answer.allowed]
    if not refused:
        return
    if not override_reason.strip():
        raise _refusal(refused, answers)
    actor.require(OVERRIDE)
    trail.change(
        order,
        "override_policy",
        actor=actor,
        fields={"override_reason": override_reason.strip()[:500]},
        reason=override_reason.strip(),
        refused=[{"line": answer.line, "code": answer.code} for answer in refused],
    )


def offers_of(order: ReturnOrder) -> dict[int, list[str]]:
    """The outcomes that the pinned rules offer, by the key of each line that a rule is about."""
    rules = pinned_rules(order)
    if rules is None or not any(rules.of("outcomes")):
        return {}
    facts = facts_of(order, amounts=False)
    found = {line.key: line_rule(rules, "outcomes", facts, line) for line in facts.lines}
    return {key: list(rule.then["offer"]) for key, rule in found.items() if rule is not None}


def _refusal(refused: list[LineAnswer], answers: list[LineAnswer]) -> RuleViolation:
    message = refused[0].message
    if len(refused) > 1:
        message = _("%(refused)s lines cannot be returned. Line %(number)s: %(message)s") % {
            "refused": len(refused),
            "number": refused[0].number,
            "message": message,
        }
    return RuleViolation(
        message, code="not_eligible", answers=[shown_answer(answer) for answer in answers]
    )


def shown_answer(answer: LineAnswer) -> dict[str, Any]:
    """The answer to a line as plain values, with what every rule said."""
    return {
        "line": answer.line,
        "number": answer.number,
        "allowed": answer.allowed,
        "code": answer.code,
        "message": answer.message,
        "rule": answer.rule,
        "facts": answer.facts,
        "checks": [
            {
                "aspect": check.aspect,
                "allowed": check.allowed,
                "code": check.code,
                "message": check.message,
                "rule": check.rule,
                "facts": check.facts,
            }
            for check in answer.checks
        ],
    }
