"""Addresses over REST: of one company or of all that the caller sees."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.belongings import Belongings, CompanyInput
from customers.models import Address
from customers.services import remove_address, save_address
from rmaproject.rest.filters import documented
from rmaproject.rest.inputs import Input, TextInput
from rmaproject.rest.outputs import NamedOutput
from rmaproject.rest.shapes import in_short


class AddressOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    company = NamedOutput()
    title = serializers.CharField()
    line1 = serializers.CharField()
    line2 = serializers.CharField()
    postal_code = serializers.CharField()
    city = serializers.CharField()
    region = serializers.CharField()
    country = serializers.CharField()
    primary = serializers.BooleanField()


class AddressInput(Input):
    title = TextInput(max_length=100)
    line1 = serializers.CharField(max_length=200)
    line2 = TextInput(max_length=200)
    postal_code = TextInput(max_length=20)
    city = TextInput(max_length=100)
    region = TextInput(max_length=100)
    country = TextInput(max_length=2)
    primary = serializers.BooleanField(required=False)


class NewAddressInput(AddressInput, CompanyInput):
    pass


def show_address(row: Address) -> dict[str, Any]:
    """An address as JSON, with its company's version."""
    return {
        "id": row.uuid,
        "version": row.version,  # type: ignore[attr-defined]
        "company": in_short(row.company),
        "title": row.title,
        "line1": row.line1,
        "line2": row.line2,
        "postal_code": row.postal_code,
        "city": row.city,
        "region": row.region,
        "country": row.country,
        "primary": row.primary,
    }


@documented(AddressOutput)
class AddressViewSet(Belongings):
    """Where companies are reached by post. `version`, ETag and If-Match are the company's."""

    serializer_class = AddressOutput
    model = Address
    form, new_form = AddressInput, NewAddressInput
    save_part = staticmethod(save_address)
    remove_part = staticmethod(remove_address)

    def show(self, row: Address) -> dict[str, Any]:
        return show_address(row)

    @extend_schema(request=NewAddressInput, responses={201: AddressOutput})
    def create(self, request: Request, **path: str) -> Response | HttpResponse:
        """Add an address to a company; the first one is the primary one."""
        return self.add(request)

    @extend_schema(request=AddressInput, responses=AddressOutput)
    def partial_update(self, request: Request, uuid: str, **path: str) -> Response | HttpResponse:
        """Change the fields that are sent. Needs the company's version as If-Match."""
        return self.change_part(request, uuid)


@documented(AddressOutput)
@extend_schema_view(create=extend_schema(request=AddressInput, responses={201: AddressOutput}))
class CompanyAddressViewSet(AddressViewSet):
    """Where one company is reached by post. `version`, ETag and If-Match are the company's."""

    filters = None
