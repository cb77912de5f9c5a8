"""How a file writes its numbers and days, and the same as we write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from returns.importing.columns import Columns
from returns.importing.reading import Record

POINT, COMMA = ".", ","
ISO, DAY_FIRST, MONTH_FIRST = "iso", "dmy", "mdy"
_COMMA: Final = re.compile(r"[+-]?\d{1,3}(\.?\d{3})*,\d+", re.ASCII)
_POINT: Final = re.compile(r"[+-]?\d+\.\d{1,2}", re.ASCII)
_DAY: Final = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(.*)", re.ASCII | re.DOTALL)
_HOUR: Final = re.compile(r"[ T]*(\d{1,2}:\d{2}(:\d{2})?)?", re.ASCII)


@dataclass(frozen=True)
class Spelling:
    """The sign before decimals, and which part of a day comes first."""

    decimal: str = POINT
    dates: str = ISO

    def number(self, text: str) -> str:
        """A figure with a decimal point; what is none stays as it is."""
        figure = text.strip().replace("\u00a0", "").replace("\u202f", "")
        if self.decimal == COMMA:
            return figure.replace(".", "").replace(",", ".")
        return (
            figure.replace(",", "")
            if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", figure)
            else figure
        )

    def day(self, text: str) -> str:
        """A day by ISO 8601; what is none in this order stays as it is."""
        found = _DAY.fullmatch(text.strip())
        if found is None or self.dates == ISO:
            return text
        first, second, year, rest = found.groups()
        month, day = (second, first) if self.dates == DAY_FIRST else (first, second)
        hour = _HOUR.fullmatch(rest)
        clock = f"T{hour[1]:0>5}" if hour and hour[1] else ("" if hour else rest)
        return f"{year}-{month:0>2}-{day:0>2}{clock}"


class SpelledColumns(Columns):
    """Columns whose figures and days are written in another way than ours."""

    def __init__(
        self,
        header: Record,
        columns: Mapping[str, str],
        spelling: Spelling,
        *,
        figures: Sequence[str] = (),
        days: Sequence[str] = (),
    ) -> None:
        super().__init__(header, columns)
        self._rules = [
            spelling.number if name in figures else spelling.day if name in days else None
            for name in columns
        ]

    def pick(self, fields: list[str]) -> tuple[str, ...]:
        """The fields of one line, figures and days in our spelling."""
        picked = super().pick(fields)
        pairs = zip(self._rules, picked, strict=True)
        return tuple(rule(text) if rule else text for rule, text in pairs)


def guess_spelling(figures: Sequence[str], days: Sequence[str]) -> Spelling:
    """What some figures and days of a file look like."""
    commas = sum(bool(_COMMA.fullmatch(text.strip())) for text in figures)
    points = sum(bool(_POINT.fullmatch(text.strip())) for text in figures)
    found = [match for text in days if (match := _DAY.fullmatch(text.strip()))]
    if not found:
        return Spelling(COMMA if commas > points else POINT)
    american = any(int(match[2]) > 12 for match in found)
    return Spelling(COMMA if commas > points else POINT, MONTH_FIRST if american else DAY_FIRST)
