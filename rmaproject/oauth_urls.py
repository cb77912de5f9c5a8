"""The OAuth2 addresses. The name is the library's, which looks its addresses up by it."""

from __future__ import annotations

from django.urls import path

from rmaproject.rest.oauth import Metadata, Revoke, Token
from rmaproject.web.consent import Consent

app_name = "oauth2_provider"
urlpatterns = [
    path("oauth2/authorize/", Consent.as_view(), name="authorize"),
    path("oauth2/token/", Token.as_view(), name="token"),
    path("oauth2/revoke/", Revoke.as_view(), name="revoke-token"),
    path(
        ".well-known/oauth-authorization-server",
        Metadata.as_view(),
        name="oauth-server-metadata",
    ),
]
