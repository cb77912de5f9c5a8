"""The rules for returns as data: what a document may say, and which rule holds for what.

Pure: no database and no clock. A document is an ordered list of rules; of each aspect the first
rule whose conditions all hold decides.
"""

from __future__ import annotations

from returns.policies.document import parse
from returns.policies.facts import LineFacts, ReturnFacts
from returns.policies.matching import line_rule, return_rule
from returns.policies.rules import (
    LINE_ASPECTS,
    RETURN_ASPECTS,
    References,
    Rule,
    Ruleset,
)
from returns.policies.wording import sentence

__all__ = [
    "LINE_ASPECTS",
    "RETURN_ASPECTS",
    "LineFacts",
    "References",
    "ReturnFacts",
    "Rule",
    "Ruleset",
    "line_rule",
    "parse",
    "return_rule",
    "sentence",
]
