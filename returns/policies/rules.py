"""What a document of rules is once it has been read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

#: Rules for single lines, and rules for the return as a whole.
LINE_ASPECTS: Final = ("window", "final_sale", "returnable", "fee", "outcomes", "inspection")
RETURN_ASPECTS: Final = ("shipping", "approval", "refund", "deadline", "flow", "replacement")
ASPECTS: Final = (*LINE_ASPECTS, *RETURN_ASPECTS)

#: Conditions on the goods, and on what the return would credit; all others are on the party.
GOODS_CONDITIONS: Final = ("sku", "category", "reason", "channel")
AMOUNT_CONDITIONS: Final = ("min_amount", "max_amount")


@dataclass(frozen=True)
class Rule:
    """One rule. `when` holds sets of lower-case words, and decimals in `currency`."""

    index: int
    aspect: str
    when: dict[str, Any]
    then: dict[str, Any]
    name: str = ""
    currency: str = ""

    @property
    def title(self) -> str:
        """What the rule is called; its place in the document where it has no name."""
        return self.name or f"rule {self.index + 1}"

    @property
    def has_amounts(self) -> bool:
        """Whether an answer to this rule needs to know what the return would credit."""
        return self.aspect == "approval" or any(key in self.when for key in AMOUNT_CONDITIONS)


@dataclass(frozen=True)
class Ruleset:
    """The rules of a document in their order."""

    rules: tuple[Rule, ...] = ()

    def of(self, aspect: str) -> Iterator[Rule]:
        """The rules of an aspect, first to last."""
        return (rule for rule in self.rules if rule.aspect == aspect)

    @property
    def has_amounts(self) -> bool:
        """Whether any rule looks at amounts, which take some reading to know."""
        return any(rule.has_amounts for rule in self.rules)


@dataclass(frozen=True)
class References:
    """The customers, SKUs, categories and reasons that are known, in lower case."""

    customer: frozenset[str] = field(default_factory=frozenset)
    sku: frozenset[str] = field(default_factory=frozenset)
    category: frozenset[str] = field(default_factory=frozenset)
    reason: frozenset[str] = field(default_factory=frozenset)
