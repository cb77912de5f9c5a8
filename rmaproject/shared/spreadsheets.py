"""Texts for files that people open in a spreadsheet."""

from __future__ import annotations

import re
from typing import Final

#: What some spreadsheet takes for the start of a formula; in some languages the wide signs too.
DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: What a workbook cannot hold: most control characters, halves of characters, and no characters.
_NO_CELL: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL: Final = 32_767


def without_formula(text: str) -> str:
    """A text that no spreadsheet runs: an apostrophe goes before what starts a formula."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def cell_text(text: str) -> str:
    """A text as a workbook can hold it."""
    return _NO_CELL.sub("", text)[:LONGEST_CELL]
