"""The base of every REST resource: a list by cursor, a detail with its ETag, changes in one way."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, ClassVar

import django_filters
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from rmaproject.access.actors import Actor
from rmaproject.access.selectors import access
from rmaproject.rest import syncing
from rmaproject.rest.callers import actor_of
from rmaproject.rest.lifecycle import Deprecation
from rmaproject.rest.paging import Pager, count_of, flag
from rmaproject.rest.shaping import SHAPING, Shaped
from rmaproject.rest.writing import Answer, change, etag
from rmaproject.shared.errors import InputErrors

#: Query parameters that belong to the list itself.
LIST_PARAMETERS = {"limit", "cursor", "ordering", "search", "count", "updated_since", *SHAPING}


class Resource(Shaped):
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
    #: The column that says when a row last changed, where it is not the row's own.
    changed_column: ClassVar[str] = ""
    #: Actions that check their query parameters themselves; the others take none.
    own_parameters: ClassVar[frozenset[str]] = frozenset({"list", "history", "costs"})
    #: Set on what will go away.
    deprecation: ClassVar[Deprecation | None] = None
    #: Actions below a record that check If-Match only when it is sent.
    unversioned: ClassVar[frozenset[str]] = frozenset({"create"})

    @property
    def actor(self) -> Actor:
        return actor_of(self.request)

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        """The rows that a search finds. A resource without search refuses the parameter."""
        raise _unknown_parameters({"search"})

    def get_queryset(self) -> QuerySet[Any, Any]:
        return self.visible()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Unknown parameters are refused everywhere; what takes any of its own checks them."""
        super().initial(request, *args, **kwargs)
        refuse_doubled(request, but=self._multiple())
        if self.action in (None, "metadata", *self.own_parameters):
            return
        refuse_parameters(request, allowed=SHAPING if self.action == "retrieve" else ())

    def _multiple(self) -> set[str]:
        """The filters that may be given more than once."""
        known = self.filters.base_filters if self.filters else {}
        kind = django_filters.MultipleChoiceFilter
        return {name for name, filter_ in known.items() if isinstance(filter_, kind)}

    def finalize_response(self, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(*args, **kwargs)
        if self.deprecation is not None:
            self.deprecation.announce(response)
        return response

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        pager = Pager(request, self.orderings, self.default_ordering)
        shape = self.shaping()
        counted = flag(request, "count")
        # Before the rows are read: what is committed in between is told twice, never not at all.
        generated = syncing.watermark() if pager.cursor is None else ""
        rows = self.filtered(self.visible())
        found = pager.page(self.loaded(rows))
        response = pager.response(found, shape(self.show_all(found)))
        if generated:
            response.headers[syncing.HEADER] = generated
        if counted:
            response.data |= count_of(rows)
        return response

    def retrieve(self, request: Request, uuid: str, *args: Any, **kwargs: Any) -> Response:
        shape = self.shaping()
        row = self.record(uuid)
        version = self.version_of(row)
        headers = {} if version is None else {"ETag": etag(version)}
        (shown,) = shape([self.show(row)])
        return Response(shown, headers=headers)

    def version_of(self, row: Any) -> int | None:
        """The version that the record's ETag quotes; None for what has none."""
        return getattr(row, "version", None)

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
            _refuse_empty(self.request, given)
            rows = self._filter(rows, given)
        since = self.request.query_params.get("updated_since")
        if since is not None:
            rows = self.changed_since(rows, since)
        text = self.request.query_params.get("search", "").strip().replace("\x00", "")
        return self.find(rows, text) if text else rows

    def changed_since(self, rows: QuerySet[Any, Any], since: str) -> QuerySet[Any, Any]:
        """The rows that changed since then."""
        column = self.changed_column or syncing.stamp_of(rows.model)
        if column is None:
            raise _unknown_parameters({"updated_since"})
        return syncing.changed_since(rows, column, since)

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


def refuse_doubled(request: Request, *, but: Collection[str] = ()) -> None:
    """Raises InputErrors for query parameters that are given twice, of which one would be lost."""
    given = request.query_params.lists() if request.query_params else ()
    doubled = sorted(name for name, values in given if len(values) > 1 and name not in but)
    if doubled:
        message = _("This query parameter is given more than once.")
        raise InputErrors(
            [{"pointer": name, "code": "invalid_parameter", "detail": message} for name in doubled]
        )


def _refuse_empty(request: Request, names: Collection[str]) -> None:
    """An empty filter is a mistake: the caller thinks that it narrows the list."""
    empty = [name for name in sorted(names) if "" in request.query_params.getlist(name)]
    if empty:
        message = _("This filter is empty; give a value, or leave it out.")
        raise InputErrors(
            [{"pointer": name, "code": "invalid_parameter", "detail": message} for name in empty]
        )


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
