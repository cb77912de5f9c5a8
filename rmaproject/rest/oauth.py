"""The OAuth2 addresses for machines: tokens, their end, and what this server can (RFC 8414)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from oauth2_provider.views import OAuthServerMetadataView, RevokeTokenView, TokenView

from rmaproject.access.oauth import answer_token_request


class Token(TokenView):
    """Tokens for a code, for client credentials or for a refresh token; errors as RFC 6749 has."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _never_kept(self.authorization_flow_token_response(request))

    def create_token_response(self, request: HttpRequest) -> Any:
        core = self.get_oauthlib_core()
        uri, _, body, headers = core._extract_params(request)
        told, text, status = answer_token_request(core.server, uri, body, headers)
        return None, told, text, status


class Revoke(RevokeTokenView):
    """The end of an access or refresh token; of an unknown one too (RFC 7009)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _never_kept(super().post(request, *args, **kwargs))


class Metadata(OAuthServerMetadataView):
    """What a client needs to know of this server. No page of another site may read it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        answer: JsonResponse = super().get(request, *args, **kwargs)
        del answer.headers["Access-Control-Allow-Origin"]
        return answer


def _never_kept(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Pragma"] = "no-cache"
    if answer.status_code == 401:  # in terms of how clients name themselves here
        answer.headers["WWW-Authenticate"] = 'Basic realm="oauth2"'
    return answer
