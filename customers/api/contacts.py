"""Contacts over REST: people at companies, of one company or of all that the caller sees."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.belongings import Belongings, CompanyInput
from customers.models import Contact
from customers.services import remove_contact, save_contact
from rmaproject.rest.filters import documented
from rmaproject.rest.inputs import Input, TextInput
from rmaproject.rest.outputs import NamedOutput
from rmaproject.rest.shapes import in_short


class ContactOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    company = NamedOutput()
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    role = serializers.CharField()


class ContactInput(Input):
    name = serializers.CharField(max_length=200)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    phone = TextInput(max_length=50)
    role = TextInput(max_length=100)


class NewContactInput(ContactInput, CompanyInput):
    pass


def show_contact(row: Contact) -> dict[str, Any]:
    """A contact as JSON, with its company's version."""
    return {
        "id": row.uuid,
        "version": row.version,  # type: ignore[attr-defined]
        "company": in_short(row.company),
        "name": row.name,
        "email": row.email,
        "phone": row.phone,
        "role": row.role,
    }


@documented(ContactOutput)
class ContactViewSet(Belongings):
    """People at companies. `version`, ETag and If-Match are the company's."""

    serializer_class = ContactOutput
    model = Contact
    form, new_form = ContactInput, NewContactInput
    save_part = staticmethod(save_contact)
    remove_part = staticmethod(remove_contact)

    def show(self, row: Contact) -> dict[str, Any]:
        return show_contact(row)

    @extend_schema(request=NewContactInput, responses={201: ContactOutput})
    def create(self, request: Request, **path: str) -> Response | HttpResponse:
        """Add a contact to a company."""
        return self.add(request)

    @extend_schema(request=ContactInput, responses=ContactOutput)
    def partial_update(self, request: Request, uuid: str, **path: str) -> Response | HttpResponse:
        """Change the fields that are sent. Needs the company's version as If-Match."""
        return self.change_part(request, uuid)


@documented(ContactOutput)
@extend_schema_view(create=extend_schema(request=ContactInput, responses={201: ContactOutput}))
class CompanyContactViewSet(ContactViewSet):
    """People at one company. `version`, ETag and If-Match are the company's."""

    filters = None
