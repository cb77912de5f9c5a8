"""What the goods of a return are called wherever they stand in a row."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from returns.models import ReturnLine


def line_name(line: ReturnLine | None) -> str:
    """What a line is about, in words."""
    if line is None:
        return _("A line")
    return line.part.name if line.part else line.description


def goods_of(line: ReturnLine) -> dict[str, Any]:
    """A line as its rows call it: `part` in words, `sku` and `serial` where it has them."""
    return {
        "part": line_name(line),
        "sku": line.part.sku if line.part else "",
        "serial": line.stock_item.serial if line.stock_item else "",
    }
