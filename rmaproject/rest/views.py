"""The base of every REST resource: a list by cursor, a detail with its ETag, changes in one way."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, ClassVar

import django_filters
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from rmaproject.access.actors import Actor
from rmaproject.access.selectors import access
from rmaproject.rest.callers import actor_of
from rmaproject.rest.paging import Pager
from rmaproject.rest.writing import Answer, change, etag
from rmaproject.shared.errors import InputErrors

#: Query parameters that belong to the list itself.
LIST_PARAMETERS = {"limit", "cursor", "ordering", "search"}


class Resource(GenericViewSet[Any]):
    """A resource of records with `id` and `version`.

    A subclass gives `visible` (what the caller sees; it also asks for the right to view),
    `loaded` (the same rows with all that `show` reads), `show` (row to JSON value), `filters`,
    `orderings` with a default, and `find`, the search as ids. It adds actions that call services
    through `write`.
    """

    lookup_value_regex = "[0-9a-fA-F-]{36}"
    lookup_field = "uuid"
    lookup_url_kwarg = "uuid"
    orderings: ClassVar[dict[str, str]] = {"created_at": "pk"}
    default_ordering: ClassVar[str] = "-created_at"
    filters: ClassVar[type[django_filters.FilterSet] | None] = None
    #: Actions below a record that check If-Match only when it is sent.
    unversioned: ClassVar[frozenset[str]] = frozenset({"create"})

    @property
    def actor(self) -> Actor:
        return actor_of(self.request)

    def visible(self) -> QuerySet[Any, Any]:
        raise NotImplementedError

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """The rows with everything that `show` reads, in a number of queries that stays."""
        return rows

    def show(self, row: Any) -> dict[str, Any]:
        raise NotImplementedError

    def show_all(self, rows: list[Any]) -> list[dict[str, Any]]:
        """The JSON values of a page; a hook for what is loaded for all rows at once."""
        return [self.show(row) for row in rows]

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        """The rows that a search finds. A resource without search refuses the parameter."""
        raise _unknown_parameters({"search"})

    def get_queryset(self) -> QuerySet[Any, Any]:
        return self.visible()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Lists check their own parameters; nothing else takes any."""
        super().initial(request, *args, **kwargs)
        reads = request.method in {"GET", "HEAD", "OPTIONS"} and self.action != "retrieve"
        if self.action is not None and not reads:
            refuse_parameters(request)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        pager = Pager(request, self.orderings, self.default_ordering)
        found = pager.page(self.loaded(self.filtered(self.visible())))
        return pager.response(found, self.show_all(found))

    def retrieve(self, request: Request, uuid: str, *args: Any, **kwargs: Any) -> Response:
        row = self.record(uuid)
        return Response(self.show(row), headers={"ETag": etag(row.version)})

    def record(self, ident: str, *permissions: str) -> Any:
        """The record behind an id, loaded, for something that needs these permissions.

        Raises NotFound for what may not be seen, NotPermitted.
        """
        needed = permissions or ("",)
        rows = self.loaded(self.visible())
        found = access(rows, ident, actor=self.actor, permissions=())
        for permission in filter(None, needed):
            self.actor.require(permission)
        return found

    def filtered(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """The rows that the query asks for; filters cost nothing when none is given.

        Raises InputErrors for parameters that the list does not know or cannot read.
        """
        given = set(self.request.query_params) - LIST_PARAMETERS
        if given:
            rows = self._filter(rows, given)
        text = self.request.query_params.get("search", "").strip().replace("\x00", "")
        return self.find(rows, text) if text else rows

    def _filter(self, rows: QuerySet[Any, Any], given: set[str]) -> QuerySet[Any, Any]:
        known = set(self.filters.base_filters) if self.filters else set()
        if given - known:
            raise _unknown_parameters(given - known)
        form = self.filters(self.request.query_params, queryset=rows, request=self.request)  # type: ignore[misc]
        if not form.is_valid():
            raise InputErrors(
                [
                    {"pointer": name, "code": "invalid_parameter", "detail": str(error)}
                    for name, errors in form.errors.items()
                    for error in errors
                ]
            )
        return form.qs

    def write(
        self,
        action: Callable[[], Any],
        *,
        root: Model | None = None,
        optional: bool = False,
        status: int = 200,
    ) -> Response | HttpResponse:
        """Run a service in the caller's transaction and answer with the record it gives.

        The record is read again after the change, so the answer is what the next GET shows.
        With None the answer is empty (204).
        """

        def run() -> Answer:
            made = action()
            return Answer(None, 204) if made is None else self.written(made, status=status)

        return change(self.request, run, root=root, optional=optional)

    def written(self, made: Model, *, status: int = 200, at: str = "") -> Answer:
        """The answer with a record as the next GET shows it; a new one says where it is.

        `at` is the address of its list where that is not the request's own.
        """
        row = self.loaded(type(made)._default_manager.filter(pk=made.pk)).get()
        headers = {"ETag": etag(row.version)}
        if status == 201:
            path = f"{(at or self.request.path).rstrip('/')}/{row.uuid}/"
            headers["Location"] = self.request.build_absolute_uri(path)
        return Answer(self.show(row), status, headers)


def refuse_parameters(request: Request, *, allowed: Collection[str] = ()) -> None:
    """Raises InputErrors for query parameters that mean nothing here."""
    unknown = set(request.query_params) - set(allowed)
    if unknown:
        raise _unknown_parameters(unknown)


def _unknown_parameters(names: set[str]) -> InputErrors:
    return InputErrors(
        [
            {
                "pointer": name,
                "code": "unknown_parameter",
                "detail": f"There is no query parameter {name}.",
            }
            for name in sorted(names)
        ]
    )
