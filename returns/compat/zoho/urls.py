"""Addresses of this door, from the root; each with and without its last slash."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, re_path

from returns.compat.zoho.base import Nowhere
from returns.compat.zoho.receive_views import Receive, Receives
from returns.compat.zoho.views import Return, Returns

ROOT = "^inventory/v1"

urlpatterns: list[URLPattern | URLResolver] = [
    re_path(rf"{ROOT}/salesreturns/?$", Returns.as_view()),
    re_path(rf"{ROOT}/salesreturns/(?P<ident>[^/]+)/?$", Return.as_view()),
    re_path(rf"{ROOT}/salesreturnreceives/?$", Receives.as_view()),
    re_path(rf"{ROOT}/salesreturnreceives/(?P<ident>[^/]+)/?$", Receive.as_view()),
    # Also what no method above answers: refusals below this prefix are never pages.
    re_path(rf"{ROOT}(/[\s\S]*)?$", Nowhere.as_view()),
]
