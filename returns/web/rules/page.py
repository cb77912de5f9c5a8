"""The rows of rules as their template shows them."""

from __future__ import annotations

from typing import Any

from returns.models import Reason
from returns.web.rules.rows import Row
from returns.web.rules.words import ASPECTS, CONDITIONS, Value
from stock.models import PartCategory


def rows_context(rows: list[Row]) -> dict[str, Any]:
    """The rows, what can be added, and the words that conditions may have."""
    last = len(rows) - 1
    return {
        "rule_rows": [_shown(row, place, last) for place, row in enumerate(rows)],
        "aspects": [(key, aspect.label) for key, aspect in ASPECTS.items()],
        "conditions": list(CONDITIONS.items()),
        "suggestions": [
            *Reason.objects.order_by("code").values_list("code", flat=True),
            *PartCategory.objects.order_by("code").values_list("code", flat=True),
        ],
    }


def _shown(row: Row, place: int, last: int) -> dict[str, Any]:
    given = row.when or [("", "")]
    return {
        "place": place,
        "aspect": row.aspect,
        "label": ASPECTS[row.aspect].label,
        "name": row.name,
        "first": place == 0,
        "last": place == last,
        "conditions": [
            {"place": number, "key": key, "value": value}
            for number, (key, value) in enumerate(given)
        ],
        "values": [_value(value, row) for value in ASPECTS[row.aspect].values],
        "errors": row.errors,
    }


def _value(value: Value, row: Row) -> dict[str, Any]:
    typed = row.then.get(value.name, [] if value.several else "")
    chosen = typed if value.several else [typed]
    return {
        "name": value.name,
        "label": value.label,
        "kind": value.kind,
        "unit": value.unit,
        "value": typed,
        "options": [(key, label, key in chosen) for key, label in value.options],
        "wrong": value.name in row.wrong,
    }
