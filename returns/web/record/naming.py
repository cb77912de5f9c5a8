"""What the goods of a return are called wherever they stand in a row."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from returns.models import ReturnLine
from stock.models import StockItem


def line_name(line: ReturnLine | None) -> str:
    """What a line is about, in words."""
    if line is None:
        return _("A line")
    return line.part.name if line.part else line.description


def goods_of(line: ReturnLine, came: StockItem | None = None) -> dict[str, Any]:
    """A line as its rows call it: `part` in words, `sku` and `serial` where it has them.

    Where the line names no unit, the serial is that of the unit that came.
    """
    unit = line.stock_item or came
    return {
        "part": line_name(line),
        "sku": line.part.sku if line.part else "",
        "serial": unit.serial if unit else "",
    }
