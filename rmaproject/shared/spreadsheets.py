"""Texts for files that people open in a spreadsheet."""

from __future__ import annotations

from typing import Final

#: What a spreadsheet takes for the start of a formula.
DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")


def without_formula(text: str) -> str:
    """A text that no spreadsheet runs: an apostrophe goes before what starts a formula."""
    return f"'{text}" if text.startswith(DANGEROUS) else text
