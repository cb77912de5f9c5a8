"""Reading a document of rules: strictly, and all that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from returns.models import Outcome
from returns.policies import values
from returns.policies.conflicts import require_reachable
from returns.policies.rules import (
    AMOUNT_CONDITIONS,
    ASPECTS,
    LINE_ASPECTS,
    References,
    Rule,
    Ruleset,
)
from returns.policies.values import Reader, Shape, Wrong
from rmaproject.shared import money
from rmaproject.shared.errors import InputErrors

MOST_RULES: Final = 500

THEN: Final[dict[str, Shape]] = {
    "window": Shape(
        {"days": values.days, "from": values.one("order", "shipment", "delivery")},
        ("days", "from"),
    ),
    "final_sale": Shape({"final": values.flag}, ("final",)),
    "returnable": Shape({"allowed": values.flag, "message": values.text}, ("allowed",)),
    "fee": Shape({"percent": values.percent}, ("percent",)),
    "outcomes": Shape({"offer": values.some(*Outcome.values)}, ("offer",)),
    "inspection": Shape({"required": values.flag}, ("required",)),
    "shipping": Shape(
        {
            "paid_by": values.one("customer", "business"),
            "amount": values.figure,
            "vat_percent": values.rate,
            "refund_original": values.one("never", "full", "always"),
            "currency": values.currency,
        }
    ),
    "approval": Shape(
        {
            "needed": values.one("always", "never", "above"),
            "above": values.figure,
            "four_eyes": values.flag,
            "four_eyes_above": values.maybe_figure,
            "currency": values.currency,
        },
        ("needed",),
    ),
    "refund": Shape(
        {
            "approval_above": values.maybe_figure,
            "four_eyes_above": values.maybe_figure,
            "within_days": values.days,
            "currency": values.currency,
        }
    ),
    "deadline": Shape({"days": values.days}, ("days",)),
    "flow": Shape(
        {
            "accept_on_receipt": values.flag,
            "credit_on_accept": values.flag,
            "complete_when_done": values.flag,
        }
    ),
    "replacement": Shape({"in_advance": values.flag}, ("in_advance",)),
}
CONDITIONS: Final[dict[str, Reader]] = {
    "customer": values.words,
    "customer_flags": values.words,
    "country": values.countries,
    "sku": values.words,
    "category": values.words,
    "reason": values.words,
    "channel": values.words,
    "min_amount": values.figure,
    "max_amount": values.figure,
    "currency": values.currency,
}
#: Values of a rule, or of its conditions, that are amounts of money.
AMOUNTS: Final = (
    "amount", "above", "four_eyes_above", "approval_above", "min_amount", "max_amount",
)  # fmt: skip
#: By aspect: which value, being which word, asks for which amount.
ASKING: Final = {
    "approval": ("needed", "above", "above"),
    "shipping": ("paid_by", "customer", "amount"),
}
RULE_KEYS: Final = ("aspect", "when", "then", "name")


def parse(document: Any, *, currency: str, known: References | None = None) -> Ruleset:
    """The rules of a document; `currency` is that of amounts that name none.

    With `known`, every customer, SKU, category and reason must be there.
    Raises InputErrors with each wrong value by its pointer; RuleViolation `rules_contradict`,
    `rule_unreachable`.
    """
    reading = _Reading(currency, known)
    rules = reading.rules(document)
    if reading.errors:
        raise InputErrors(reading.errors)
    require_reachable(rules)
    return Ruleset(tuple(rules))


class _Reading:
    """One pass over a document, which collects what is wrong instead of stopping."""

    def __init__(self, currency: str, known: References | None) -> None:
        self.currency, self.known = currency, known
        self.errors: list[dict[str, str]] = []

    def rules(self, document: Any) -> list[Rule]:
        if not isinstance(document, Mapping):
            self.wrong("", _("A document is an object with a list of rules."))
            return []
        self.refuse_unknown(document, ("rules",), "")
        given = document.get("rules", [])
        if not isinstance(given, list) or len(given) > MOST_RULES:
            self.wrong("/rules", _("Give a list of at most %(most)s rules.") % {"most": MOST_RULES})
            return []
        read = [self.rule(index, entry) for index, entry in enumerate(given)]
        return [rule for rule in read if rule is not None]

    def rule(self, index: int, given: Any) -> Rule | None:
        at = f"/rules/{index}"
        if not isinstance(given, Mapping):
            self.wrong(at, _("A rule is an object."))
            return None
        self.refuse_unknown(given, RULE_KEYS, at)
        aspect = given.get("aspect")
        if aspect not in ASPECTS:
            text = _("Give one of %(choices)s.") % {"choices": ", ".join(ASPECTS)}
            self.wrong(f"{at}/aspect", text, "unknown_aspect")
            return None
        then = self.values(given.get("then"), THEN[aspect], f"{at}/then")
        when = self.when(given.get("when", {}), aspect, f"{at}/when")
        name = self.read(values.text, given["name"], f"{at}/name") if "name" in given else ""
        currency = self.one_currency(when, then, at)
        self.complete(aspect, given.get("then"), at)
        self.amounts(when | then, currency, at)
        return Rule(index, aspect, when, then, name or "", currency)

    def values(self, given: Any, shape: Shape, at: str) -> dict[str, Any]:
        if not isinstance(given, Mapping) or not given:
            text = _("Give an object with %(names)s.") % {"names": ", ".join(shape.readers)}
            self.wrong(at, text, "required")
            return {}
        self.refuse_unknown(given, tuple(shape.readers), at)
        for name in shape.required:
            if name not in given:
                self.wrong(f"{at}/{name}", _("This value is required."), "required")
        return self.all(given, shape.readers, at)

    def when(self, given: Any, aspect: str, at: str) -> dict[str, Any]:
        if not isinstance(given, Mapping):
            self.wrong(at, _("Conditions are an object."))
            return {}
        self.refuse_unknown(given, tuple(CONDITIONS), at)
        for name in (*AMOUNT_CONDITIONS, "currency"):
            if aspect in LINE_ASPECTS and name in given:
                text = _("A rule for single lines knows no amounts of the whole return.")
                self.wrong(f"{at}/{name}", text, "not_for_lines")
        found = self.all(given, CONDITIONS, at)
        for name in ("customer", "sku", "category", "reason"):
            self.refuse_unheard(name, found.get(name, frozenset()), at)
        least, most = found.get("min_amount"), found.get("max_amount")
        if least is not None and most is not None and least > most:
            self.wrong(f"{at}/max_amount", _("The most is less than the least."), "invalid_range")
        return found

    def all(self, given: Mapping[str, Any], readers: dict[str, Reader], at: str) -> dict[str, Any]:
        named = [name for name in given if name in readers]
        read = {name: self.read(readers[name], given[name], f"{at}/{name}") for name in named}
        return {name: value for name, value in read.items() if value is not _WRONG}

    def read(self, reader: Reader, value: Any, at: str) -> Any:
        try:
            return reader(value)
        except Wrong as error:
            self.wrong(at, error.message, error.code)
            return _WRONG

    def one_currency(self, when: dict[str, Any], then: dict[str, Any], at: str) -> str:
        """The currency of a rule's amounts, which conditions and consequences share."""
        named = {values.pop("currency") for values in (when, then) if "currency" in values}
        if len(named) > 1:
            text = _("Conditions and consequences of a rule are in one currency.")
            self.wrong(f"{at}/then/currency", text, "invalid_currency")
        return named.pop() if named else self.currency

    def complete(self, aspect: str, then: Any, at: str) -> None:
        """An amount stands just where a word asks for one."""
        asking = ASKING.get(aspect)
        if asking is None or not isinstance(then, Mapping):
            return
        name, word, amount = asking
        if (then.get(name) == word) != (amount in then):
            words = {"amount": amount, "name": name, "word": word}
            text = _("Give %(amount)s just where %(name)s is %(word)s.") % words
            self.wrong(f"{at}/then/{amount}", text, "required")

    def amounts(self, given: dict[str, Any], currency: str, at: str) -> None:
        for name in AMOUNTS:
            value = given.get(name)
            if isinstance(value, Decimal) and money.rounded(value, currency) != value:
                part = "when" if name in AMOUNT_CONDITIONS else "then"
                text = _("%(value)s has more decimals than %(currency)s.") % {
                    "value": value,
                    "currency": currency,
                }
                self.wrong(f"{at}/{part}/{name}", text, "invalid_amount")

    def refuse_unknown(self, given: Mapping[str, Any], known: tuple[str, ...], at: str) -> None:
        for name in sorted(str(name) for name in given if name not in known):
            self.wrong(f"{at}/{name}", _("There is no such field."), "unknown_field")

    def refuse_unheard(self, name: str, named: frozenset[str], at: str) -> None:
        known = getattr(self.known, name, None)
        for word in sorted(named - known) if known is not None else ():
            text = _("There is no %(name)s %(word)r.") % {"name": name, "word": word}
            self.wrong(f"{at}/{name}", text, "unknown_reference")

    def wrong(self, pointer: str, detail: str, code: str = "invalid") -> None:
        self.errors.append({"pointer": pointer, "code": code, "detail": detail})


_WRONG: Final = object()
