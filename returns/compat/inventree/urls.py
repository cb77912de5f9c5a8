"""Addresses of this door, from the root."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from returns.compat.inventree.resources import routes
from returns.compat.inventree.urls_orders import order_urls
from returns.compat.inventree.urls_rest import rest_urls
from returns.compat.inventree.views_system import ApiVersion, GlobalSetting, Root
from returns.compat.inventree.views_users import Me, Owners, Tokens, Users

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", Root.as_view()),
    path("api/version/", ApiVersion.as_view()),
    path("api/settings/global/<str:name>/", GlobalSetting.as_view()),
    path("api/user/me/", Me.as_view()),
    path("api/user/token/", Tokens.as_view()),
    path("api/user/me/token/", Tokens.as_view()),
    *routes("user/owner", Owners),
    *routes("user", Users),
    *order_urls,
    *rest_urls,
]
