"""Addresses below this system's that lead nowhere: refused in its own words, not in ours."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.urls import URLPattern, re_path
from rest_framework.request import Request

from returns.compat.inventree.base import InventreeDoor
from rmaproject.shared.errors import NotFound

#: What lies below belongs to this door alone; `api/v1` and the calendars do not.
OURS: Final = (
    "user|settings|generic|metadata|attachment|company|part|stock|project-code"
    "|order/(?:ro|so|ro-line|so-line|ro-extra-line|so-extra-line|so-allocation)"
)


class Missing(InventreeDoor):
    """Nothing, by whatever method; so no header says which methods there are."""

    default_response_headers: ClassVar[dict[str, str]] = {}

    def get(self, request: Request, **path: Any) -> Any:
        """Raises NotFound."""
        raise NotFound("Not found.", code="not_found")

    post = put = patch = delete = get

    def options(self, request: Any, *args: Any, **path: Any) -> Any:
        """Raises NotFound."""
        return self.get(request, **path)


missing_urls: list[URLPattern] = [re_path(rf"^api/(?:{OURS})/[\s\S]+$", Missing.as_view())]
