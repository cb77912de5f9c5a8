"""What the rules that a return is pinned to ask of it, as figures that services act on.

Without a policy everything is allowed and free: these are the defaults.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from returns.facts import facts_of, pinned_rules
from returns.models import ReturnLine, ReturnOrder
from returns.policies import LineFacts, ReturnFacts, Ruleset, line_rule, return_rule
from returns.policies.matching import is_foreign
from rmaproject.shared import money


@dataclass(frozen=True)
class LineTerms:
    """The rules for one line: percentages of the gross amount of its goods, in percent."""

    fee_percent: Decimal = money.ZERO
    inspection_required: bool = False


@dataclass(frozen=True)
class ReturnTerms:
    """The rules for a return as a whole; amounts are gross, in the currency of its goods.

    `shipping_charge` is what the customer bears for sending the goods in; `refund_shipping` says
    when the shipping of the sale is credited: `never`, `full` (all goods of the sale came back)
    or `always`. Refunds wait for approval above `refund_approval_above` (None: never), and above
    `refund_four_eyes_above` (None: never) requester, approver and payer are different people.
    """

    shipping_charge: Decimal = money.ZERO
    shipping_vat_percent: Decimal = money.ZERO
    refund_shipping: str = "never"
    refund_approval_above: Decimal | None = money.ZERO
    refund_four_eyes_above: Decimal | None = None
    accept_on_receipt: bool = False
    credit_on_accept: bool = False
    complete_when_done: bool = False
    advance_replacement: bool = True
    deadline_days: int | None = None
    refund_days: int | None = None

    def deadline(self, issued_on: date) -> date | None:
        """The last day for the goods to arrive; None where no rule sets one."""
        days = self.deadline_days
        return None if days is None else issued_on + timedelta(days=days)

    def refund_by(self, received_on: date) -> date | None:
        """The day by which the money is promised back; None where no rule promises one."""
        days = self.refund_days
        return None if days is None else received_on + timedelta(days=days)


def line_terms(order: ReturnOrder, line: ReturnLine) -> LineTerms:
    """The rules for a line of a return, by the policy that the return is pinned to."""
    return all_line_terms(order).get(line.pk, LineTerms())


def all_line_terms(order: ReturnOrder) -> dict[int, LineTerms]:
    """The rules for each line by its key; lines that are void or unexpected have none."""
    rules = pinned_rules(order)
    if rules is None:
        return {}
    facts = facts_of(order, amounts=False)
    return {line.key: terms_of_line(rules, facts, line) for line in facts.lines}


def terms_of_line(rules: Ruleset, facts: ReturnFacts, line: LineFacts) -> LineTerms:
    """The rules for a line, by any rules."""
    fee = line_rule(rules, "fee", facts, line)
    inspection = line_rule(rules, "inspection", facts, line)
    return LineTerms(
        fee_percent=fee.then["percent"] if fee else money.ZERO,
        inspection_required=bool(inspection and inspection.then["required"]),
    )


def return_terms(order: ReturnOrder) -> ReturnTerms:
    """The rules for a return, by the policy that it is pinned to."""
    rules = pinned_rules(order)
    if rules is None:
        return ReturnTerms()
    return terms_of_return(rules, facts_of(order, amounts=_needs_amounts(rules)))


def _needs_amounts(rules: Ruleset) -> bool:
    """Shipping and refund limits are amounts, and mean nothing in another currency."""
    return rules.has_amounts or any(rules.of("shipping")) or any(rules.of("refund"))


def terms_of_return(rules: Ruleset, facts: ReturnFacts) -> ReturnTerms:
    """The rules for a return, by any rules."""
    deadline = _then(rules, "deadline", facts)
    flow = _then(rules, "flow", facts)
    replacement = _then(rules, "replacement", facts)
    return ReturnTerms(
        **_shipping(rules, facts),
        **_refunds(rules, facts),
        accept_on_receipt=flow.get("accept_on_receipt", False),
        credit_on_accept=flow.get("credit_on_accept", False),
        complete_when_done=flow.get("complete_when_done", False),
        advance_replacement=replacement.get("in_advance", True),
        deadline_days=deadline.get("days"),
    )


def _then(rules: Ruleset, aspect: str, facts: ReturnFacts) -> dict[str, Any]:
    rule = return_rule(rules, aspect, facts)
    return rule.then if rule else {}


def _shipping(rules: Ruleset, facts: ReturnFacts) -> dict[str, Any]:
    """A charge in another currency is not made; approval is asked instead."""
    rule = return_rule(rules, "shipping", facts)
    if rule is None:
        return {}
    then = rule.then
    charged = then.get("paid_by") == "customer" and not is_foreign(facts, rule.currency)
    return {
        "shipping_charge": then["amount"] if charged else money.ZERO,
        "shipping_vat_percent": then.get("vat_percent", money.ZERO),
        "refund_shipping": then.get("refund_original", "never"),
    }


def _refunds(rules: Ruleset, facts: ReturnFacts) -> dict[str, Any]:
    """Limits in another currency are none at all: every refund is approved, by two people."""
    rule = return_rule(rules, "refund", facts)
    if rule is None:
        return {}
    approval = rule.then.get("approval_above", money.ZERO)
    four_eyes = rule.then.get("four_eyes_above")
    if is_foreign(facts, rule.currency):
        approval = None if approval is None else money.ZERO
        four_eyes = None if four_eyes is None else money.ZERO
    return {
        "refund_approval_above": approval,
        "refund_four_eyes_above": four_eyes,
        "refund_days": rule.then.get("within_days"),
    }
