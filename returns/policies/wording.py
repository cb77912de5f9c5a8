"""Rules in plain sentences, for people who do not read JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from returns.policies.rules import Rule
from rmaproject.shared import money

#: What a code of a condition is called, by the condition and the code in small letters.
Names = Mapping[tuple[str, str], str]

FROM: Final = {"order": "the order", "shipment": "the shipment", "delivery": "the delivery"}
PHRASES: Final = {
    "customer": "the customer is {}",
    "customer_flags": "the customer is marked {}",
    "country": "the customer is in {}",
    "sku": "the part is {}",
    "category": "the category is {}",
    "reason": "the reason is {}",
    "channel": "it was sold by {}",
    "min_amount": "it would credit {} or more",
    "max_amount": "it would credit {} or less",
}


def sentence(rule: Rule, names: Names | None = None) -> str:
    """A rule as a sentence: what holds, and when; `names` say reasons and the like in words."""
    said = SAY[rule.aspect](rule)
    if not rule.when:
        return f"{said}."
    conditions = [
        PHRASES[name].format(_words(name, value, rule, names or {}))
        for name, value in rule.when.items()
    ]
    return f"{said} when {' and '.join(conditions)}."


def _words(name: str, value: Any, rule: Rule, names: Names) -> str:
    if isinstance(value, Decimal):
        return _amount(value, rule)
    shown = sorted(names.get((name, item), item) for item in value)
    return " or ".join(item.upper() for item in shown) if name == "country" else " or ".join(shown)


def _amount(value: Decimal, rule: Rule) -> str:
    return f"{money.amount(value, rule.currency)} {rule.currency}"


def _window(rule: Rule) -> str:
    then = rule.then
    return f"Goods may be returned within {then['days']} days from {FROM[then['from']]}"


def _final(rule: Rule) -> str:
    return "The sale is final" if rule.then["final"] else "The sale is not final"


def _returnable(rule: Rule) -> str:
    said = "Goods may be returned" if rule.then["allowed"] else "Goods may not be returned"
    return f"{said} ({rule.then['message']})" if "message" in rule.then else said


def _fee(rule: Rule) -> str:
    return f"A restocking fee of {money.plain(rule.then['percent'])} % is kept"


def _outcomes(rule: Rule) -> str:
    offered = [name.replace("_", " ") for name in rule.then["offer"]]
    return f"Customers may get {' or '.join(offered)}"


def _inspection(rule: Rule) -> str:
    return f"Goods {'are' if rule.then['required'] else 'need not be'} inspected first"


def _shipping(rule: Rule) -> str:
    then = rule.then
    said = []
    if then.get("paid_by") == "customer":
        said.append(f"The customer pays {_amount(then['amount'], rule)} for sending goods in")
    elif "paid_by" in then:
        said.append("We pay for sending goods in")
    if "refund_original" in then:
        when = {"never": "never", "full": "when everything comes back", "always": "always"}
        said.append(f"shipping of the sale is credited {when[then['refund_original']]}")
    text = "; ".join(said) or "Nothing is said about shipping"
    return text[0].upper() + text[1:]


def _approval(rule: Rule) -> str:
    then = rule.then
    if then["needed"] == "never":
        return "No approval is needed"
    said = "Approval is needed"
    if then["needed"] == "above":
        said += f" above {_amount(then['above'], rule)}"
    if then.get("four_eyes"):
        return f"{said}, by somebody else than who asks"
    if then.get("four_eyes_above") is not None:
        limit = _amount(then["four_eyes_above"], rule)
        return f"{said}, above {limit} by somebody else than who asks"
    return said


def _refund(rule: Rule) -> str:
    above = rule.then.get("approval_above", money.ZERO)
    said = "Refunds need no approval"
    if above is not None:
        said = f"Refunds above {_amount(above, rule)} need approval"
    limit = rule.then.get("four_eyes_above")
    said += "" if limit is None else f", above {_amount(limit, rule)} by different people"
    days = rule.then.get("within_days")
    return said if days is None else f"{said}; the money is back {days} days after the goods came"


def _deadline(rule: Rule) -> str:
    return f"Goods have to arrive within {rule.then['days']} days after the return is issued"


def _flow(rule: Rule) -> str:
    words = {
        "accept_on_receipt": "received goods are accepted at once",
        "credit_on_accept": "accepted goods are credited at once",
        "complete_when_done": "a return is completed when nothing is left to do",
    }
    said = [text for name, text in words.items() if rule.then.get(name)]
    text = ", ".join(said) or "every step is taken by hand"
    return text[0].upper() + text[1:]


def _replacement(rule: Rule) -> str:
    early = rule.then["in_advance"]
    return f"Replacements are sent {'also before' if early else 'only after'} the goods come"


SAY: Final[dict[str, Callable[[Rule], str]]] = {
    "window": _window,
    "final_sale": _final,
    "returnable": _returnable,
    "fee": _fee,
    "outcomes": _outcomes,
    "inspection": _inspection,
    "shipping": _shipping,
    "approval": _approval,
    "refund": _refund,
    "deadline": _deadline,
    "flow": _flow,
    "replacement": _replacement,
}
