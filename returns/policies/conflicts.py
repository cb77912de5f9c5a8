"""Rules that can never decide, and rules that say the opposite of each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from returns.policies.rules import Rule
from rmaproject.shared.errors import RuleViolation


def require_reachable(rules: Sequence[Rule]) -> None:
    """Refuse a rule that an earlier one of its aspect always decides before.

    Raises RuleViolation `rules_contradict` where both have the same conditions and say different
    things, else `rule_unreachable`; each with both rules by their place.
    """
    for place, rule in enumerate(rules):
        for earlier in rules[:place]:
            if earlier.aspect == rule.aspect and covers(earlier, rule):
                raise _refusal(earlier, rule)


def covers(earlier: Rule, later: Rule) -> bool:
    """Whether the earlier rule holds wherever the later one does."""
    same_money = earlier.currency == later.currency
    return all(
        name in later.when and _within(name, later.when[name], wanted, same_money)
        for name, wanted in earlier.when.items()
    )


def _within(name: str, narrow: Any, wide: Any, same_money: bool) -> bool:
    if name == "min_amount":
        return same_money and bool(narrow >= wide)
    if name == "max_amount":
        return same_money and bool(narrow <= wide)
    return bool(narrow <= wide)


def _refusal(earlier: Rule, rule: Rule) -> RuleViolation:
    same = earlier.when == rule.when and earlier.currency == rule.currency
    contradict = same and earlier.then != rule.then
    first, second = earlier.index + 1, rule.index + 1
    message = (
        _("Rules %(first)s and %(second)s have the same conditions and say different things.")
        % {"first": first, "second": second}
        if contradict
        else _("Rule %(second)s never decides: rule %(first)s holds wherever it does.")
        % {"second": second, "first": first}
    )
    return RuleViolation(
        message,
        code="rules_contradict" if contradict else "rule_unreachable",
        pointer=f"/rules/{rule.index}",
        aspect=rule.aspect,
        rule=second,
        earlier_rule=first,
    )
