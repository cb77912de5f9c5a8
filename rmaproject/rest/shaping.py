"""`expand`, `fields` and `omit`: what of its records a resource shows, as the caller asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from rest_framework.viewsets import GenericViewSet

from rmaproject.rest.expanding import Branch, Expansions, branches_of, names_with
from rmaproject.rest.selecting import Choice, listed, names_of

#: Query parameters that say what of a record is shown.
SHAPING: Final = {"fields", "omit", "expand"}
Rows = list[dict[str, Any]]


class Shaped(GenericViewSet[Any]):
    """A resource whose records may be shown in part, and with others inside."""

    #: Records that may be asked for inside of the answer, by their place in it.
    expansions: ClassVar[Expansions] = {}

    def visible(self) -> QuerySet[Any, Any]:
        raise NotImplementedError

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """The rows with everything that `show` reads, in a number of queries that stays."""
        return rows

    def show(self, row: Any) -> dict[str, Any]:
        raise NotImplementedError

    def show_all(self, rows: list[Any]) -> Rows:
        """The JSON values of a page; a hook for what is loaded for all rows at once."""
        return [self.show(row) for row in rows]

    def shaping(self) -> Callable[[Rows], Rows]:
        """How rows are shown by `expand`, `fields` and `omit`.

        Raises InputErrors `invalid_parameter` naming what is offered.
        """
        query = self.request.query_params
        if not SHAPING & set(query):
            return lambda rows: rows
        branches = branches_of(listed(query.get("expand")), self.expansions)
        names = names_with(names_of(self.serializer_class), self.expansions)  # type: ignore[arg-type]
        choice = Choice.of(query.get("fields"), query.get("omit"), names)
        return lambda rows: choice.applied(self._expanded(rows, branches))

    def _expanded(self, rows: Rows, branches: list[Branch]) -> Rows:
        for branch in branches:
            branch.put(self, rows)
        return rows
