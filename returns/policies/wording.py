"""Rules in plain sentences, for people who do not read JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from returns.models import Outcome
from returns.policies.rules import Rule
from rmaproject.shared import money
from rmaproject.shared.words import within

#: What a code of a condition is called, by the condition and the code in small letters.
Names = Mapping[tuple[str, str], str]

WINDOWS: Final = {
    "order": gettext_lazy("Goods may be returned within %(days)s days from the order"),
    "shipment": gettext_lazy("Goods may be returned within %(days)s days from the shipment"),
    "delivery": gettext_lazy("Goods may be returned within %(days)s days from the delivery"),
}
PHRASES: Final = {
    "customer": gettext_lazy("the customer is %(what)s"),
    "customer_flags": gettext_lazy("the customer is marked %(what)s"),
    "country": gettext_lazy("the customer is in %(what)s"),
    "sku": gettext_lazy("the part is %(what)s"),
    "category": gettext_lazy("the category is %(what)s"),
    "reason": gettext_lazy("the reason is %(what)s"),
    "channel": gettext_lazy("it was sold by %(what)s"),
    "min_amount": gettext_lazy("it would credit %(what)s or more"),
    "max_amount": gettext_lazy("it would credit %(what)s or less"),
}
SHIPPING: Final = {
    "never": gettext_lazy("shipping of the sale is credited never"),
    "full": gettext_lazy("shipping of the sale is credited when everything comes back"),
    "always": gettext_lazy("shipping of the sale is credited always"),
}
FLOW: Final = {
    "accept_on_receipt": gettext_lazy("received goods are accepted at once"),
    "credit_on_accept": gettext_lazy("accepted goods are credited at once"),
    "complete_when_done": gettext_lazy("a return is completed when nothing is left to do"),
}


def sentence(rule: Rule, names: Names | None = None) -> str:
    """A rule as a sentence: what holds, and when; `names` say reasons and the like in words."""
    said = SAY[rule.aspect](rule)
    if not rule.when:
        return f"{said}."
    conditions = [
        PHRASES[name] % {"what": _words(name, value, rule, names or {})}
        for name, value in rule.when.items()
    ]
    when = _(" and ").join(conditions)
    return _("%(said)s when %(when)s.") % {"said": said, "when": when}


def _words(name: str, value: Any, rule: Rule, names: Names) -> str:
    if isinstance(value, Decimal):
        return _amount(value, rule)
    shown = sorted(names.get((name, item), item) for item in value)
    return _(" or ").join(item.upper() for item in shown) if name == "country" else _or(shown)


def _or(words: list[str]) -> str:
    return _(" or ").join(words)


def _amount(value: Decimal, rule: Rule) -> str:
    return f"{money.amount(value, rule.currency)} {rule.currency}"


def _begun(text: str) -> str:
    return text[0].upper() + text[1:]


def _window(rule: Rule) -> str:
    then = rule.then
    return WINDOWS[then["from"]] % {"days": then["days"]}


def _final(rule: Rule) -> str:
    return _("The sale is final") if rule.then["final"] else _("The sale is not final")


def _returnable(rule: Rule) -> str:
    allowed = rule.then["allowed"]
    said = _("Goods may be returned") if allowed else _("Goods may not be returned")
    return f"{said} ({rule.then['message']})" if "message" in rule.then else said


def _fee(rule: Rule) -> str:
    percent = money.plain(rule.then["percent"])
    return _("A restocking fee of %(percent)s %% is kept") % {"percent": percent}


def _outcomes(rule: Rule) -> str:
    offered = [within(Outcome(name).label) for name in rule.then["offer"]]
    return _("Customers may get %(outcomes)s") % {"outcomes": _or(offered)}


def _inspection(rule: Rule) -> str:
    if rule.then["required"]:
        return _("Goods are inspected first")
    return _("Goods need not be inspected first")


def _shipping(rule: Rule) -> str:
    then = rule.then
    said = []
    if then.get("paid_by") == "customer":
        words = _("The customer pays %(amount)s for sending goods in")
        said.append(words % {"amount": _amount(then["amount"], rule)})
    elif "paid_by" in then:
        said.append(_("We pay for sending goods in"))
    if "refund_original" in then:
        said.append(str(SHIPPING[then["refund_original"]]))
    return _begun("; ".join(said) or _("Nothing is said about shipping"))


def _approval(rule: Rule) -> str:
    then = rule.then
    if then["needed"] == "never":
        return _("No approval is needed")
    said = _("Approval is needed")
    if then["needed"] == "above":
        said = _("Approval is needed above %(amount)s") % {"amount": _amount(then["above"], rule)}
    if then.get("four_eyes"):
        return _("%(said)s, by somebody else than who asks") % {"said": said}
    if then.get("four_eyes_above") is not None:
        limit = _amount(then["four_eyes_above"], rule)
        words = _("%(said)s, above %(limit)s by somebody else than who asks")
        return words % {"said": said, "limit": limit}
    return said


def _refund(rule: Rule) -> str:
    above = rule.then.get("approval_above", money.ZERO)
    said = _("Refunds need no approval")
    if above is not None:
        said = _("Refunds above %(amount)s need approval") % {"amount": _amount(above, rule)}
    limit = rule.then.get("four_eyes_above")
    if limit is not None:
        words = _("%(said)s, above %(limit)s by different people")
        said = words % {"said": said, "limit": _amount(limit, rule)}
    days = rule.then.get("within_days")
    if days is None:
        return said
    words = _("%(said)s; the money is back %(days)s days after the goods came")
    return words % {"said": said, "days": days}


def _deadline(rule: Rule) -> str:
    words = _("Goods have to arrive within %(days)s days after the return is issued")
    return words % {"days": rule.then["days"]}


def _flow(rule: Rule) -> str:
    said = [str(text) for name, text in FLOW.items() if rule.then.get(name)]
    return _begun(", ".join(said) or _("every step is taken by hand"))


def _replacement(rule: Rule) -> str:
    if rule.then["in_advance"]:
        return _("Replacements are sent also before the goods come")
    return _("Replacements are sent only after the goods come")


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
