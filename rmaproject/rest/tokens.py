"""API tokens over REST: listed by their first letters, shown in full once, revoked at once."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from rmaproject.access.models import ApiToken
from rmaproject.access.tokens import make_token, revoke_token, visible_tokens
from rmaproject.rest.filters import documented
from rmaproject.rest.inputs import Input, TextInput, read
from rmaproject.rest.people import UserField
from rmaproject.rest.views import Resource
from rmaproject.rest.writing import Answer, change


class TokenOutput(serializers.Serializer[Any]):
    """A token by what it may do and was used for. `scopes` null opens all that its user holds."""

    id = serializers.UUIDField()
    user = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    prefix = serializers.CharField(help_text="The first letters of the token.", allow_blank=True)
    scopes = serializers.ListField(child=serializers.CharField(), allow_null=True)
    allowed_addresses = serializers.ListField(
        child=serializers.CharField(), help_text="Networks; none lets every address in."
    )
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)
    last_used_address = serializers.IPAddressField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewTokenOutput(TokenOutput):
    """A token just made: its text is told here and never again, also not to a repeat by key."""

    token = serializers.CharField(allow_null=True)


class TokenInput(Input):
    """A token for oneself, or for a user who has no password."""

    user = UserField(help_text="Whom it acts for; yourself when left out.")
    name = TextInput(max_length=100)
    scopes = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, allow_null=True, max_length=200
    )
    allowed_addresses = serializers.ListField(
        child=serializers.CharField(max_length=50), required=False, max_length=50
    )
    expires_at = serializers.DateTimeField(required=False, allow_null=True)


class TokenFilters(django_filters.FilterSet):
    user = django_filters.CharFilter("user__username", "iexact")
    revoked = django_filters.BooleanFilter("revoked_at", "isnull", exclude=True)


def show_token(row: ApiToken) -> dict[str, Any]:
    """A token, loaded with its people, as JSON."""
    return {
        "id": row.uuid,
        "user": row.user.username,
        "name": row.name,
        "prefix": row.prefix,
        "scopes": row.scopes,
        "allowed_addresses": row.allowed_addresses,
        "created_at": row.created_at,
        "created_by": row.created_by.username if row.created_by else None,
        "expires_at": row.expires_at,
        "last_used_at": row.last_used_at,
        "last_used_address": row.last_used_address,
        "revoked_at": row.revoked_at,
    }


@documented(TokenOutput)
class TokenViewSet(Resource):
    """Keys of other systems. Everybody sees their own; who manages users sees all."""

    serializer_class = TokenOutput
    filters = TokenFilters
    unversioned: ClassVar[frozenset[str]] = frozenset({"create", "destroy"})

    def visible(self) -> QuerySet[ApiToken, ApiToken]:
        return visible_tokens(self.actor)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("user", "created_by")

    def show(self, row: ApiToken) -> dict[str, Any]:
        return show_token(row)

    def retrieve(self, request: Request, uuid: str, *args: Any, **kwargs: Any) -> Response:
        return Response(self.show(self.record(uuid)))

    @extend_schema(request=TokenInput, responses={201: NewTokenOutput})
    def create(self, request: Request) -> Response | HttpResponse:
        """Make a token. Its text is in this answer only; a repeat by key gets null instead."""
        told = read(TokenInput, request)
        user: Any = told.get("user") or self.actor.user

        def run() -> Answer:
            made = make_token(
                user,
                actor=self.actor,
                name=told.get("name", ""),
                scopes=told.get("scopes"),
                expires_at=told.get("expires_at"),
                addresses=told.get("allowed_addresses", []),
            )
            shown = self.show(made.row)
            at = request.build_absolute_uri(f"{request.path.rstrip('/')}/{made.row.uuid}/")
            headers = {"Location": at, "Cache-Control": "no-store"}
            answer = Answer(shown, 201, headers)
            answer.reveal("token", made.text)
            return answer

        return change(request, run)

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Revoke a token at once, with those that were made with it; again is no error."""
        row = self.record(uuid)
        return self.write(lambda: revoke_token(row.pk, actor=self.actor))
