"""Charts as figures of an SVG: pure arithmetic, so that a template only writes attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10
from typing import Any, Final

#: A place on the x axis is so wide; the template's view box is as wide as all of them.
STEP: Final = 10
#: How many labels the x axis has room for.
MOST_LABELS: Final = 14
HEIGHT: Final = 60
_NICE: Final = (1, 2, 5, 10)


@dataclass(frozen=True)
class Axis:
    """The y axis: `labels` from the top, `grid` the heights of their lines."""

    top: float
    labels: list[float]
    grid: list[float]

    def at(self, value: float) -> float:
        """Where a value lies, from the top."""
        return round(HEIGHT - HEIGHT * value / self.top, 2)


def axis_for(highest: float) -> Axis:
    """An axis of up to four steps in round figures that holds the highest value."""
    step = _nice(max(highest, 1) / 3)
    count = max(ceil(highest / step), 1)
    top = step * count
    labels = [_plain(step * number) for number in range(count, -1, -1)]
    grid = [round(HEIGHT * number / count, 2) for number in range(count)]
    return Axis(top, labels, grid)


def bars(labels: Sequence[str], pairs: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Two bars side by side for each label."""
    axis = axis_for(max((value for pair in pairs for value in pair), default=0))
    drawn = []
    for place, (first, second) in enumerate(pairs):
        left = place * STEP
        drawn.append(_bar("a", left + 1.6, first, axis))
        drawn.append(_bar("b", left + 5.2, second, axis))
    return {**_frame(labels, axis), "bars": drawn}


def lines(labels: Sequence[str], series: Sequence[Sequence[float | None]]) -> dict[str, Any]:
    """A line for each series; it has a gap where a value is missing, and a dot for a lone one."""
    values = [value for row in series for value in row if value is not None]
    axis = axis_for(max(values, default=0))
    return {**_frame(labels, axis), "paths": [_path(row, axis) for row in series]}


def share(value: Any, highest: Any) -> str:
    """How long a lying bar is, of a hundred."""
    return f"{float(100 * value / highest):.1f}" if highest else "0"


def _frame(labels: Sequence[str], axis: Axis) -> dict[str, Any]:
    every = ceil(len(labels) / MOST_LABELS) or 1
    width = len(labels) * STEP
    return {
        "width": width,
        "height": HEIGHT,
        "grid": " ".join(f"M0 {height}H{width}" for height in axis.grid),
        "y": axis.labels,
        "x": [label if place % every == 0 else "" for place, label in enumerate(labels)],
    }


def _bar(kind: str, x: float, value: float, axis: Axis) -> dict[str, Any]:
    y = axis.at(value)
    return {"kind": kind, "x": round(x, 1), "y": y, "height": round(HEIGHT - y, 2)}


def _path(row: Sequence[float | None], axis: Axis) -> str:
    """Line segments; a value without neighbours becomes a short dash, so that it is seen."""
    found, before = [], False
    for place, value in enumerate(row):
        if value is None:
            before = False
            continue
        x, y = place * STEP + STEP / 2, axis.at(value)
        lone = not before and (place + 1 == len(row) or row[place + 1] is None)
        found.append(f"M{x - 1} {y}H{x + 1}" if lone else f"{'L' if before else 'M'}{x} {y}")
        before = True
    return "".join(found)


def _nice(step: float) -> float:
    """The next round figure: one, two or five times a power of ten, a whole one."""
    power = 10 ** int(log10(step)) if step >= 1 else 1
    return next(float(power * times) for times in _NICE if power * times >= step)


def _plain(value: float) -> float:
    return int(value) if value == int(value) else value
