"""What the rules say about a return, as its pages show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from returns.models import PolicyVersion, ReturnOrder
from returns.ruling import rule_on
from returns.states import OPEN
from rmaproject.shared import money
from rmaproject.shared.errors import DomainError


def problems_of(refusal: DomainError) -> list[str]:
    """The sentences of a refusal: of the rules each line with all that stands in its way."""
    if refusal.code != "not_eligible":
        return [refusal.message]
    return [
        _("Line %(number)s: %(message)s")
        % {"number": answer["number"], "message": check["message"]}
        for answer in refusal.facts["answers"]
        for check in answer["checks"]
        if not check["allowed"]
    ]


def rules_box(order: ReturnOrder) -> dict[str, Any] | None:
    """The section about the rules that a return is pinned to; None without rules."""
    if order.policy is None:
        return None
    box: dict[str, Any] = {"name": _named(order.policy)}
    box["override"] = order.override_reason
    box["approved"] = order.approved_gross
    if order.status not in OPEN:
        return box
    ruled = rule_on(order)
    box["lines"] = _together(ruled.answers)
    box["approval"] = _approval(ruled.approval.needed, ruled.approval.four_eyes)
    box["amounts"] = [
        f"{money.amount(amount, code)} {code}" for code, amount in sorted(ruled.amounts.items())
    ]
    fees = [terms.fee_percent for terms in ruled.line_terms.values() if terms.fee_percent]
    box["fee"] = money.plain(max(fees)) if fees else ""
    box["deadline"] = order.deadline
    return box


def _named(policy: PolicyVersion) -> str:
    version = _("Version %(number)s") % {"number": policy.number}
    return f"{version}: {policy.name}" if policy.name else version


def _together(answers: Sequence[Any]) -> list[dict[str, Any]]:
    """What is said of lines, each sentence once with the lines that it is said of."""
    said: dict[tuple[bool, str], list[int]] = {}
    for answer in answers:
        for check in answer.checks:
            said.setdefault((check.allowed, check.message), []).append(answer.number)
    return [
        {
            "lines": ", ".join(map(str, numbers)),
            "counter": len(numbers),
            "all": len(numbers) == len(answers),
            "allowed": allowed,
            "text": text,
        }
        for (allowed, text), numbers in said.items()
    ]


def _approval(needed: bool, four_eyes: bool) -> str:
    if not needed:
        return _("Not needed")
    return _("Needed, by somebody else than who asks") if four_eyes else _("Needed")
