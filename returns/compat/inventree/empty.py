"""What clients ask for on the way and we do not have: lists that are empty, and say so."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from django.urls import URLPattern, path
from rest_framework.request import Request

from returns.compat.inventree.filters import Filter, Rows
from returns.compat.inventree.resources import Answered, Records
from sales.models import Business


def _any(rows: Rows, text: str) -> Rows:
    return rows


class Nothing(Records):
    """A list of theirs without an entry here; nothing can be added to it."""

    filters: ClassVar[dict[str, Filter]] = {
        "model_type": _any,
        "model_id": _any,
        "enabled": _any,
        "active": _any,
        "items": _any,
    }

    def visible(self) -> QuerySet[Business, Business]:
        return Business.objects.none()

    def get(self, request: Request, pk: int | None = None) -> Answered:
        """The empty list."""
        return super().get(request)


EMPTY: dict[str, str] = {
    "project-code": "Project Code",
    "parameter": "Parameter",
    "parameter/template": "Parameter Template",
    "report/template": "Report Template",
    "label/template": "Label Template",
    "stock/test": "Stock Item Test Result",
    "company/part": "Supplier Part",
}
empty_urls: list[URLPattern] = [
    path(f"api/{prefix}/", Nothing.as_view(title=title)) for prefix, title in EMPTY.items()
]
