"""The address where this system's clients get a bearer token for their id and secret."""

from __future__ import annotations

from typing import Any, Final

from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response

from returns.compat.exsited.base import ExsitedDoor
from returns.compat.forms import SmallFormParser
from rmaproject.access.oauth import grant
from rmaproject.rest.rendering import JsonParser
from rmaproject.shared.errors import DomainError

#: The system's own SDK names a grant with a redirect and sends no code with it.
CLIENT: Final = "client_credentials"
GRANTS: Final = {CLIENT: CLIENT, "authorization_code": CLIENT, "refresh_token": "refresh_token"}
#: Refusals of who asks, not of what is asked.
WHO: Final = ("invalid_client", "unauthorized_client")


class TokenForm(serializers.Serializer[Any]):
    """Who asks, and for what; all else that clients send with it is passed over."""

    grant_type = serializers.ChoiceField(list(GRANTS))
    client_id = serializers.CharField(max_length=255)
    client_secret = serializers.CharField(max_length=255)
    refresh_token = serializers.CharField(max_length=255, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["grant_type"] == "refresh_token" and not attrs.get("refresh_token"):
            missing = serializers.ErrorDetail("This field is required.", "required")
            raise serializers.ValidationError({"refresh_token": [missing]})
        return attrs


class Token(ExsitedDoor):
    """A token for who knows the id and the secret of an OAuth2 client."""

    parser_classes = [JsonParser, SmallFormParser]
    permission_classes = []

    def get_authenticators(self) -> list[BaseAuthentication]:
        return []

    def get_authenticate_header(self, request: Request) -> str:
        return self.challenge

    def post(self, request: Request) -> Response:
        given = TokenForm(data=request.data)
        given.is_valid(raise_exception=True)
        told = given.validated_data
        try:
            answer = _grant(told)
        except DomainError as refusal:
            if refusal.code not in WHO:
                raise
            raise AuthenticationFailed(refusal.message) from refusal
        return Response(answer, headers={"Cache-Control": "no-store"})


def _grant(told: dict[str, Any]) -> dict[str, Any]:
    return grant(
        told["client_id"],
        told["client_secret"],
        grant_type=GRANTS[told["grant_type"]],
        refresh_token=told.get("refresh_token", ""),
    )
