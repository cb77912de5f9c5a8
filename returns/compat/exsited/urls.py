"""Addresses of this door, from the root: bare as documented, and below `/api/v2` and `/api/v3`.

Numbers of invoices and returns may hold a slash; the more specific address is tried first. One
that holds a line break is an unknown number, not another address, hence `[\\s\\S]` for a dot.
"""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, URLResolver, path, re_path

from returns.compat.exsited import views
from returns.compat.exsited.base import nowhere
from returns.compat.exsited.token import Token

_PREFIX: Final = r"^(?:api/v[23]/)?"
_RETURNS: Final = _PREFIX + "return-merchandise-authorisations"
_OF_INVOICE: Final = _PREFIX + r"invoices/(?P<invoice>[\s\S]+?)/return-merchandise-authorisations"
_RECEIPTS: Final = _OF_INVOICE + r"/(?P<rma>[\s\S]+)/receive"
_NOWHERE: Final = (
    r"^(?:api/v[23]|invoices|return-merchandise-authorisations)(?:/[\s\S]*[^/]|/(?:[\s\S]*/)?/)?$"
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/oauth2/token", Token.as_view()),
    re_path(_RETURNS + "$", views.Returns.as_view()),
    re_path(_RETURNS + r"/(?P<rma>[\s\S]*[^/])$", views.OneReturn.as_view()),
    re_path(_OF_INVOICE + "$", views.InvoiceReturns.as_view()),
    re_path(_RECEIPTS + "$", views.Receipts.as_view()),
    re_path(_RECEIPTS + r"/(?P<receipt>[^/]+)$", views.OneReceipt.as_view()),
    re_path(_OF_INVOICE + r"/(?P<rma>[\s\S]*[^/])$", views.InvoiceReturn.as_view()),
    # Only without its slash, so that the other spelling of a real address is tried first.
    re_path(_NOWHERE, nowhere),
]
