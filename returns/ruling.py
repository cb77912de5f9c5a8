"""All that the rules say about one return, in one reading."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from returns.eligibility import ApprovalAnswer, LineAnswer, approval_of, assess
from returns.facts import facts_of, pinned_rules
from returns.models import ReturnOrder
from returns.policies import Ruleset
from returns.terms import LineTerms, ReturnTerms, terms_of_line, terms_of_return


@dataclass(frozen=True)
class Ruled:
    """The answer to each line, the approval, the terms, and what the return would credit."""

    answers: list[LineAnswer]
    approval: ApprovalAnswer
    terms: ReturnTerms
    line_terms: dict[int, LineTerms]
    amounts: dict[str, Decimal]


def rule_on(order: ReturnOrder) -> Ruled:
    """What the rules that a return is pinned to say about it as it stands."""
    facts = facts_of(order)
    rules = pinned_rules(order)
    if rules is None:
        answers = assess(Ruleset(), facts)
        return Ruled(answers, ApprovalAnswer(), ReturnTerms(), {}, facts.amounts)
    return Ruled(
        assess(rules, facts),
        approval_of(rules, facts),
        terms_of_return(rules, facts),
        {line.key: terms_of_line(rules, facts, line) for line in facts.lines},
        facts.amounts,
    )
