"""The figures of the dashboard in few statements: tiles, flow and ages are asked together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from returns.metrics.flow import Age, Week, age_figures, ages_of, week_figures, weeks_of
from returns.metrics.sight import Period, Sight
from returns.metrics.sql import together
from returns.metrics.tiles import Tile, detail_figures, queue_figures, shown_tiles, tiles_of


@dataclass(frozen=True)
class Work:
    """What waits, what moved, and how old it is, all of one instant."""

    tiles: list[Tile]
    weeks: list[Week]
    ages: list[Age]


def work_of(sight: Sight, period: Period) -> Work:
    """Tiles, weeks and ages; one statement."""
    asked = queue_figures(sight) + detail_figures(sight)
    found = _found(asked + week_figures(sight, period) + age_figures(sight))
    figures = _Figures({key: number for (key, day), number in found.items() if day is None})
    return Work(tiles_of(sight, figures), weeks_of(period, found), ages_of(figures))


def queue_counts(sight: Sight) -> dict[str, int]:
    """How many returns wait in the queue of each tile; one statement."""
    found = _found(queue_figures(sight))
    return {key: int(found.get((key, None), 0)) for key in shown_tiles(sight)}


def _found(asked: list[Any]) -> dict[tuple[str, date | None], Any]:
    return {(key, day): number or 0 for key, day, number in together(asked)}


class _Figures(dict[str, Any]):
    """Figures by key; what no row was found for is nothing."""

    def __missing__(self, key: str) -> int:
        return 0
