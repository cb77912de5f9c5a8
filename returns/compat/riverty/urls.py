"""Addresses of this door, from the root."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, URLResolver, re_path

from returns.compat.riverty.views import ReturnOrders
from rmaproject.rest.problems import not_found

_RETURNS: Final = (
    r"^accounting/v1/businesses/(?P<business>[^/]+)/customers/(?P<customer>[\s\S]+?)"
    r"/orders/(?P<order>[\s\S]+)/returns$"
)
#: Only without its slash, so that the other spelling of a real address is tried first.
_NOWHERE: Final = r"^accounting(?:/[\s\S]*[^/]|/(?:[\s\S]*/)?/)?$"

urlpatterns: list[URLPattern | URLResolver] = [
    re_path(_RETURNS, ReturnOrders.as_view()),
    re_path(_NOWHERE, not_found),
]
