"""Which rule of an aspect decides: the first whose conditions all hold."""

from __future__ import annotations

from decimal import Decimal

from returns.policies.facts import LineFacts, ReturnFacts
from returns.policies.rules import AMOUNT_CONDITIONS, GOODS_CONDITIONS, Rule, Ruleset
from rmaproject.shared import money


def line_rule(rules: Ruleset, aspect: str, facts: ReturnFacts, line: LineFacts) -> Rule | None:
    """The rule of an aspect that decides about a line; None where nothing is said."""
    found = (rule for rule in rules.of(aspect) if _party(rule, facts) and _goods(rule, line))
    return next(found, None)


def return_rule(rules: Ruleset, aspect: str, facts: ReturnFacts) -> Rule | None:
    """The rule of an aspect that decides about a return as a whole.

    Conditions on goods hold when one line meets all of them.
    """
    return next((rule for rule in rules.of(aspect) if _whole(rule, facts)), None)


def exceeds(facts: ReturnFacts, above: Decimal, currency: str) -> bool:
    """Whether the return is worth more; an amount in another currency counts as more."""
    if is_foreign(facts, currency):
        return True
    return facts.amounts.get(currency, money.ZERO) > above


def is_foreign(facts: ReturnFacts, currency: str) -> bool:
    """Whether the return is worth something in a currency that a rule's amounts say nothing of."""
    return any(amount > 0 for code, amount in facts.amounts.items() if code != currency)


def _whole(rule: Rule, facts: ReturnFacts) -> bool:
    if not _party(rule, facts) or not _amount(rule, facts):
        return False
    if not any(name in rule.when for name in GOODS_CONDITIONS):
        return True
    return any(_goods(rule, line) for line in facts.lines)


def _party(rule: Rule, facts: ReturnFacts) -> bool:
    when = rule.when
    return (
        ("customer" not in when or facts.customer in when["customer"])
        and ("customer_flags" not in when or bool(facts.flags & when["customer_flags"]))
        and ("country" not in when or facts.country in when["country"])
    )


def _goods(rule: Rule, line: LineFacts) -> bool:
    return all(
        getattr(line, name) in rule.when[name] for name in GOODS_CONDITIONS if name in rule.when
    )


def _amount(rule: Rule, facts: ReturnFacts) -> bool:
    """Of another currency than the rule's, only a rule that asks for approval holds."""
    if not any(name in rule.when for name in AMOUNT_CONDITIONS):
        return True
    if is_foreign(facts, rule.currency):
        return rule.aspect == "approval" and rule.then.get("needed") != "never"
    amount = facts.amounts.get(rule.currency, money.ZERO)
    least = rule.when.get("min_amount", amount)
    return bool(least <= amount <= rule.when.get("max_amount", amount))
