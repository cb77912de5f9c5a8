"""A resource of this system in few words: its list and its records at two addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response

from returns.compat.inventree.base import InventreeDoor
from returns.compat.inventree.describing import fields_of
from returns.compat.inventree.filters import Filter
from returns.compat.inventree.forms import Form
from returns.compat.inventree.lists import (
    answer,
    flags_of,
    narrowed,
    refused,
    require_known,
    sorted_rows,
)
from rmaproject.rest.writing import Answer
from rmaproject.shared.errors import NotFound

Answered = Response | HttpResponse
#: No key of the database is as large.
MOST_KEYS: Final = 2**63


class Records(InventreeDoor):
    """Records with an integer `pk`: those that the caller sees, and no others.

    A subclass gives `visible` (which asks for the right to view), `loaded`, `show`, and what of
    `create`, `change` and `remove` its clients may do, with the permission of each in `rights`:
    "POST", "PATCH" (and PUT), "DELETE"; "" where it depends on the record. What is not in
    `rights` answers 405.
    """

    #: What one of them is called, for people.
    title: ClassVar[str] = ""
    form: ClassVar[type[Form]] = Form
    filters: ClassVar[Mapping[str, Filter]] = {}
    orderings: ClassVar[Mapping[str, str]] = {"pk": "pk"}
    default_ordering: ClassVar[str] = "pk"
    #: Optional parts of an answer, and whether they are there unasked.
    flags: ClassVar[Mapping[str, bool]] = {}
    rights: ClassVar[Mapping[str, str]] = {}
    #: Whether the list takes DELETE with `{"items": [pk, ...]}`.
    bulk_delete: ClassVar[bool] = False

    def visible(self) -> QuerySet[Any, Any]:
        raise NotImplementedError

    def all_filters(self) -> Mapping[str, Filter]:
        """The filters of the list; a hook for those that depend on the caller."""
        return self.filters

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """The rows with all that `show` reads, in a number of queries that stays."""
        return rows

    def show(self, row: Any, flags: Mapping[str, bool]) -> dict[str, Any]:
        raise NotImplementedError

    def show_all(self, rows: list[Any], flags: Mapping[str, bool]) -> list[dict[str, Any]]:
        """The values of a list; a hook for what is loaded for all rows at once."""
        return [self.show(row, flags) for row in rows]

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        """The rows that a search finds. A list without search refuses the parameter."""
        raise refused({"search": "This list has no search."})

    def create(self, values: dict[str, Any]) -> Model:
        raise NotImplementedError

    def change(self, row: Any, values: dict[str, Any]) -> None:
        raise NotImplementedError

    def remove(self, row: Any) -> None:
        raise NotImplementedError

    def defaults(self) -> dict[str, Any]:
        """What OPTIONS proposes for a new record."""
        return {}

    def get(self, request: Request, pk: int | None = None) -> Answered:
        """One record, or the list."""
        filters = {} if pk is not None else self.all_filters()
        require_known(request, {*self.flags, *filters})
        flags = flags_of(request, self.flags)
        if pk is not None:
            return Response(self.show_all([self.record(pk)], flags)[0])
        rows = narrowed(request, self.visible(), filters)
        text = request.query_params.get("search", "").replace("\x00", "").strip()
        rows = self.find(rows, text) if text else rows
        rows = sorted_rows(request, self.loaded(rows), self.orderings, self.default_ordering)
        return answer(request, rows, lambda found: self.show_all(found, flags))

    def post(self, request: Request, pk: int | None = None) -> Answered:
        """Make a record."""
        self._allow("POST", here=pk is None)
        values = self.read(self.form)

        def act() -> Answer:
            return Answer(self.written(self.create(values)), 201)

        return self.act(act)

    def patch(self, request: Request, pk: int | None = None) -> Answered:
        """Change the fields that are sent."""
        return self._write(pk, partial=True)

    def put(self, request: Request, pk: int | None = None) -> Answered:
        """Change a record; what its form requires must be there."""
        return self._write(pk, partial=False)

    def delete(self, request: Request, pk: int | None = None) -> Answered:
        """Take a record out, or those that the body of a list names."""
        self._allow("DELETE", here=pk is not None or self.bulk_delete)
        keys = self._named() if pk is None else [pk]

        def act() -> Answer:
            # Looked up only here: the repeat of a delete by its key finds its first answer.
            for row in [self.record(key) for key in keys]:
                self.remove(row)
            return Answer(None, 204)

        return self.act(act)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """What may be done here, and with which fields; only what the caller may do."""
        self.visible()
        one = "pk" in kwargs
        method, verb = ("PATCH", "PUT") if one else ("POST", "POST")
        actions: dict[str, Any] = {"GET": {}}
        if self._may(method):
            form = self.form(context={"actor": self.actor})
            actions[verb] = fields_of(form, self.defaults() if verb == "POST" else {})
        if self._may("DELETE"):
            actions["DELETE"] = {}
        return Response(
            {
                "name": f"{self.title} {'Detail' if one else 'List'}",
                "description": "",
                "renders": ["application/json"],
                "parses": [parser.media_type for parser in self.parser_classes],
                "actions": actions,
            }
        )

    @property
    def allowed_methods(self) -> list[str]:
        """What this address answers, as the header Allow says it."""
        one = "pk" in self.kwargs
        here = {"POST": not one, "PATCH": one, "DELETE": one or self.bulk_delete}
        changes = [method for method in self.rights if here[method]]
        return ["GET", "HEAD", "OPTIONS", *changes, *(["PUT"] if "PATCH" in changes else [])]

    def record(self, pk: int) -> Any:
        """The record with this key, loaded. Raises NotFound for what may not be seen."""
        known = pk < MOST_KEYS
        found = self.loaded(self.visible()).filter(pk=pk).first() if known else None
        if found is None:
            raise NotFound("Not found.", code="not_found")
        return found

    def read(
        self,
        form: type[serializers.Serializer[Any]],
        *,
        partial: bool = False,
        shown: Mapping[str, Any] | None = None,
        row: Any = None,
    ) -> dict[str, Any]:
        """The checked values of the body. Raises a validation error naming each bad field."""
        data = self.request.data
        context = {"actor": self.actor, "shown": shown or {}, "row": row}
        given = form(data=data, partial=partial, context=context)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def written(self, row: Model) -> dict[str, Any]:
        """A record as the next GET shows it."""
        fresh = self.loaded(type(row)._default_manager.filter(pk=row.pk)).get()
        return self.show_all([fresh], self.flags)[0]

    def _write(self, pk: int | None, *, partial: bool) -> Answered:
        self._allow("PATCH", here=pk is not None)
        row = self.record(pk or 0)
        shown = self.show_all([row], self.flags)[0]
        values = self.read(self.form, partial=partial, shown=shown, row=row)

        def act() -> Answer:
            self.change(row, values)
            return Answer(self.written(row))

        return self.act(act)

    def _allow(self, method: str, *, here: bool) -> None:
        """Refuse a method that this address does not have, then one that the caller lacks."""
        if method not in self.rights or not here:
            raise MethodNotAllowed(str(self.request.method))
        self.visible()
        if self.rights[method]:
            self.actor.require(self.rights[method])

    def _may(self, method: str) -> bool:
        permission = self.rights.get(method)
        return permission is not None and (not permission or self.actor.may(permission))

    def _named(self) -> list[int]:
        """The keys that a bulk DELETE names. Raises InputErrors."""
        body = self.request.data
        items: Any = body.get("items") if isinstance(body, Mapping) else None
        whole = isinstance(items, list) and items and all(type(item) is int for item in items)
        if not whole or set(body) - {"items"}:
            raise refused({"items": "List the keys of the records to delete, and nothing else."})
        return list(dict.fromkeys(items))


def routes(prefix: str, view: type[InventreeDoor]) -> list[URLPattern]:
    """The two addresses of a resource below `/api/`: its list, and a record by its key."""
    handler: Callable[..., Any] = view.as_view()
    return [path(f"api/{prefix}/", handler), path(f"api/{prefix}/<int:pk>/", handler)]
