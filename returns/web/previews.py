"""A preview on pages: the plain values with words for kinds and states."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from sales.models import LineKind
from stock.models import State


def preview_context(result: dict[str, Any] | None) -> dict[str, Any] | None:
    """What the template of a preview shows; nothing where there is none."""
    if result is None:
        return None
    totals = [{**total, "parts": _parts(total["components"])} for total in result["totals"]]
    stock = [{**move, "state_label": _state(move["to_state"])} for move in result["stock"]]
    return {**result, "totals": totals, "stock": stock}


def _parts(components: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"label": _(str(LineKind(kind).label)), "amount": amount}
        for kind, amount in components.items()
    ]


def _state(state: str) -> str:
    return str(State(state).label) if state else ""
