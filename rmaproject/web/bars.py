"""The units of a line as rectangles in a row: pure arithmetic for the page's bars."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

#: Units of a line in one condition: (kind, how many).
Segment = tuple[str, Decimal]

MOST_SEGMENTS = 24


def look_up(thing: Any, name: str, default: Any = None) -> Any:
    """An attribute or a key: templates may be given dataclasses, model rows or dicts."""
    if isinstance(thing, dict):
        return thing.get(name, default)
    return getattr(thing, name, default)


def as_decimal(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value or 0))


def line_segments(line: Any) -> list[Segment]:
    """Where the units of a line are: (kind, how many), in the order they are drawn."""
    received = as_decimal(look_up(line, "received"))
    accepted = as_decimal(look_up(line, "accepted"))
    rejected = as_decimal(look_up(line, "rejected"))
    expected = as_decimal(look_up(line, "quantity")) - as_decimal(look_up(line, "released"))
    if look_up(line, "unexpected") and not accepted and not rejected:
        return [("surplus", received)]
    segments = [
        ("accepted", accepted),
        ("rejected", rejected),
        ("received", received - accepted - rejected),
        ("open", expected - received),
    ]
    return [(kind, count) for kind, count in segments if count > 0]


SEGMENT_WORDS = {
    "accepted": gettext_lazy("accepted"),
    "rejected": gettext_lazy("rejected"),
    "received": gettext_lazy("to decide"),
    "open": gettext_lazy("not here yet"),
    "surplus": gettext_lazy("unexpected"),
}


def rectangles(segments: list[Segment]) -> Iterator[tuple[str, Decimal, Decimal]]:
    """One rectangle a unit while they can be told apart, else one a kind; 100 wide together."""
    whole = all(count == count.to_integral_value() for _kind, count in segments)
    total = sum(count for _kind, count in segments)
    if whole and total <= MOST_SEGMENTS:
        pieces = [(kind, Decimal(1)) for kind, count in segments for _unit in range(int(count))]
    else:
        pieces = segments
    gap = min(Decimal(2), 100 / (Decimal(4) * len(pieces)))
    x = Decimal(0)
    for index, (kind, count) in enumerate(pieces):
        width = 100 * count / total
        drawn = width if index == len(pieces) - 1 else max(width - gap, width / 2)
        yield kind, round(x, 1), round(drawn, 1)
        x += width
