"""Yes or no to each line of a return, and whether the return waits for approval; with reasons.

Every rule that has a say is asked, so that the answer names all that stands in the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from returns.policies import LineFacts, ReturnFacts, Rule, Ruleset, line_rule, return_rule
from returns.policies.matching import exceeds, is_foreign
from rmaproject.shared import money

Facts = dict[str, Any]


@dataclass(frozen=True)
class Check:
    """What one rule says about a line."""

    aspect: str
    allowed: bool
    code: str
    message: str
    rule: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class LineAnswer:
    """Yes or no to a line; `code` and `message` are those of the first refusal."""

    key: int
    line: str
    number: int
    allowed: bool
    code: str
    message: str
    rule: str
    facts: Facts
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class ApprovalAnswer:
    """Whether a return waits for approval, whether by somebody else, and why."""

    needed: bool = False
    four_eyes: bool = False
    code: str = "not_needed"
    rule: str = ""
    facts: Facts = field(default_factory=dict)


def assess(
    rules: Ruleset, facts: ReturnFacts, *, keys: Iterable[int] | None = None
) -> list[LineAnswer]:
    """The answer to each line, or to those with these keys; without a rule the answer is yes."""
    wanted = None if keys is None else set(keys)
    lines = [line for line in facts.lines if wanted is None or line.key in wanted]
    return [_answer(rules, facts, line) for line in lines]


def _answer(rules: Ruleset, facts: ReturnFacts, line: LineFacts) -> LineAnswer:
    checks = []
    for aspect, check in CHECKS.items():
        rule = line_rule(rules, aspect, facts, line)
        if rule is not None:
            checks.append(check(rule, facts, line))
    refused = [check for check in checks if not check.allowed]
    allowed = Check("", True, "allowed", _("The line may be returned."), "")
    first = refused[0] if refused else allowed
    return LineAnswer(
        line.key,
        line.id,
        line.number,
        not refused,
        first.code,
        first.message,
        first.rule,
        first.facts,
        tuple(checks),
    )


def _window(rule: Rule, facts: ReturnFacts, line: LineFacts) -> Check:
    begins, since = _start(rule.then["from"], line)
    told: Facts = {"from": rule.then["from"], "days": rule.then["days"]}
    if begins is None:
        message = _(
            "Nobody knows when these goods were sold, so the time to return them is unknown."
        )
        return Check("window", False, "policy_missing_date", message, rule.title, told)
    last = begins + timedelta(days=rule.then["days"])
    told |= {
        "counted_from": since,
        "begins": str(begins),
        "last_day": str(last),
        "requested_on": str(facts.requested_on),
    }
    if facts.requested_on <= last:
        message = _("The goods may be returned until %(last)s.") % {"last": _day(last)}
        return Check("window", True, "within_window", message, rule.title, told)
    late = (facts.requested_on - last).days
    message = _("The last day to return these goods was %(last)s; that is %(late)s days ago.") % {
        "last": _day(last),
        "late": late,
    }
    return Check("window", False, "outside_window", message, rule.title, told | {"late": late})


def _day(day: date) -> str:
    return date_format(day, pgettext("date", "j M Y"))


def _start(wanted: str, line: LineFacts) -> tuple[date | None, str]:
    """The day that a window begins; an unknown delivery falls back to the shipment."""
    if wanted == "order":
        return line.ordered_on, "order"
    if wanted == "delivery" and line.delivered_on is not None:
        return line.delivered_on, "delivery"
    return line.shipped_on, "shipment"


def _final_sale(rule: Rule, facts: ReturnFacts, line: LineFacts) -> Check:
    if rule.then["final"]:
        message = _("This sale was final.")
        return Check("final_sale", False, "final_sale", message, rule.title)
    return Check("final_sale", True, "not_final", _("This sale was not final."), rule.title)


def _returnable(rule: Rule, facts: ReturnFacts, line: LineFacts) -> Check:
    told = {"sku": line.sku, "category": line.category, "country": facts.country}
    if rule.then["allowed"]:
        return Check(
            "returnable", True, "returnable", _("These goods come back."), rule.title, told
        )
    message = rule.then.get("message", _("These goods are not taken back."))
    return Check("returnable", False, "not_returnable", message, rule.title, told)


def _outcomes(rule: Rule, facts: ReturnFacts, line: LineFacts) -> Check:
    told = {"outcome": line.outcome, "offered": list(rule.then["offer"])}
    # Goods that nobody takes further, and those that only go back, ask nothing of us.
    if line.outcome in rule.then["offer"] or line.outcome in ("nothing", "sent_back"):
        message = _("This outcome is offered.")
        return Check("outcomes", True, "outcome_offered", message, rule.title, told)
    offered = ", ".join(rule.then["offer"]).replace("_", " ")
    message = _("For these goods we offer %(offered)s, not %(value)s.") % {
        "offered": offered,
        "value": line.outcome.replace("_", " "),
    }
    return Check("outcomes", False, "outcome_not_offered", message, rule.title, told)


CHECKS: Final[dict[str, Callable[[Rule, ReturnFacts, LineFacts], Check]]] = {
    "returnable": _returnable,
    "final_sale": _final_sale,
    "window": _window,
    "outcomes": _outcomes,
}


def approval_of(rules: Ruleset, facts: ReturnFacts) -> ApprovalAnswer:
    """Whether the return waits for approval.

    Amounts in a currency that a rule says nothing of count as above its limit: the safe side.
    """
    shipping = return_rule(rules, "shipping", facts)
    if (
        shipping is not None
        and shipping.then.get("amount")
        and is_foreign(facts, shipping.currency)
    ):
        told = {"currency": shipping.currency, "amounts": _plain(facts)}
        return ApprovalAnswer(True, False, "other_currency", shipping.title, told)
    rule = return_rule(rules, "approval", facts)
    if rule is None or rule.then["needed"] == "never":
        return ApprovalAnswer(rule=rule.title if rule else "")
    told = {"amounts": _plain(facts)}
    four_eyes = _four_eyes(rule, facts)
    if rule.then["needed"] == "always":
        return ApprovalAnswer(True, four_eyes, "always", rule.title, told)
    told |= {"above": money.plain(rule.then["above"]), "currency": rule.currency}
    if exceeds(facts, rule.then["above"], rule.currency):
        return ApprovalAnswer(True, four_eyes, "above_limit", rule.title, told)
    return ApprovalAnswer(rule=rule.title, facts=told)


def _four_eyes(rule: Rule, facts: ReturnFacts) -> bool:
    limit = rule.then.get("four_eyes_above")
    over = limit is not None and exceeds(facts, limit, rule.currency)
    return bool(rule.then.get("four_eyes") or over)


def _plain(facts: ReturnFacts) -> dict[str, str]:
    return {code: money.plain(amount) for code, amount in sorted(facts.amounts.items())}
