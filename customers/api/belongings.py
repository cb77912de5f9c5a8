"""What contacts and addresses have in common: parts of a company, with the company's version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import django_filters
from django.db.models import F, QuerySet
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.models import Address, Company, Contact
from customers.selectors import access_company, visible_companies
from rmaproject.rest.filters import RecordFilter
from rmaproject.rest.inputs import RecordField, read
from rmaproject.rest.views import Resource

EDIT = "customers.edit_company"


class BelongingFilters(django_filters.FilterSet):
    company = RecordFilter(Company, by="reference")


class CompanyInput(serializers.Serializer[Any]):
    """Whose it is; the company of a part never changes."""

    company = RecordField(visible_companies, by="reference")


class Belongings(Resource):
    """Parts of companies. `version`, ETag and If-Match are the company's."""

    changed_column = "company__updated_at"
    model: ClassVar[type[Contact | Address]]
    form: ClassVar[type[serializers.Serializer[Any]]]
    #: The form of a create: with the company, unless the path names it.
    new_form: ClassVar[type[serializers.Serializer[Any]]]
    save_part: ClassVar[Callable[..., Any]]
    remove_part: ClassVar[Callable[..., None]]
    filters: ClassVar[type[django_filters.FilterSet] | None] = BelongingFilters

    def visible(self) -> QuerySet[Any, Any]:
        rows: QuerySet[Any, Any] = self.model._default_manager.all()
        if "company" in self.kwargs:
            return rows.filter(company=access_company(self.actor, self.kwargs["company"]))
        companies = visible_companies(self.actor)
        return rows if self.actor.scope.everything else rows.filter(company__in=companies)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("company").annotate(version=F("company__version"))

    def add(self, request: Request) -> Response | HttpResponse:
        """Add a part to the company that the path or the body names."""
        if "company" in self.kwargs:
            company = access_company(self.actor, self.kwargs["company"], permission=EDIT)
            values = read(self.form, request)
        else:
            self.actor.require(EDIT)
            values = read(self.new_form, request)
            company = values.pop("company")
        save = type(self).save_part
        return self.write(
            lambda: save(company.pk, values, actor=self.actor),
            root=company,
            optional=True,
            status=201,
        )

    def change_part(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Change the fields that are sent."""
        part = self.record(uuid, EDIT)
        values = read(self.form, request, partial=True)
        save = type(self).save_part
        return self.write(
            lambda: save(part.company_id, values, actor=self.actor, **self.as_argument(part)),
            root=part.company,
        )

    def destroy(self, request: Request, uuid: str, **path: str) -> Response | HttpResponse:
        """Forget it. Needs the company's version as If-Match."""
        part = self.record(uuid, EDIT)
        remove = type(self).remove_part
        return self.write(lambda: remove(part, actor=self.actor), root=part.company)

    def as_argument(self, part: Contact | Address) -> dict[str, Any]:
        return {self.model._meta.model_name or "": part}
