"""Lists in both forms: a bare array of all rows in sight, or a page by `limit` and `offset`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from returns.compat.inventree.filters import Filter, flag, key
from rmaproject.rest.rendering import dumps
from rmaproject.shared.errors import InputErrors

#: Parameters of every list.
OWN: Final = frozenset({"limit", "offset", "ordering", "search", "format"})
#: Parameters that its clients send and that ask for nothing that an answer here could have.
WITHOUT_EFFECT: Final = frozenset(
    ("raise_error tags parameters include_variants search_regex search_whole search_notes").split()
)
#: How many rows of a whole list are turned into text before the next are read.
CHUNK: Final = 1000

Show = Callable[[list[Any]], list[dict[str, Any]]]


def refused(errors: Mapping[str, str], code: str = "invalid_parameter") -> InputErrors:
    """The refusal of parameters or fields, each with a sentence."""
    return InputErrors(
        [{"pointer": f"/{name}", "code": code, "detail": detail} for name, detail in errors.items()]
    )


def require_known(request: Request, known: Collection[str]) -> None:
    """Refuse parameters that mean nothing here, lest a caller believes they narrowed a list.

    Raises InputErrors `unknown_parameter`.
    """
    unknown = sorted(set(request.query_params) - set(known) - OWN - WITHOUT_EFFECT)
    if unknown:
        errors = dict.fromkeys(unknown, "There is no such filter.")
        raise refused(errors, "unknown_parameter")


def narrowed(
    request: Request, rows: QuerySet[Any, Any], filters: Mapping[str, Filter]
) -> QuerySet[Any, Any]:
    """The rows that the filters leave. Raises InputErrors for texts that cannot be read."""
    errors: dict[str, str] = {}
    for name in set(request.query_params) & set(filters):
        try:
            text = request.query_params[name]
            rows = filters[name](rows, text) if text else rows
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise refused(errors)
    return rows


def sorted_rows(
    request: Request, rows: QuerySet[Any, Any], orderings: Mapping[str, str], default: str
) -> QuerySet[Any, Any]:
    """The rows in the order asked for, and by key where that leaves ties. Raises InputErrors."""
    columns = []
    for given in (request.query_params.get("ordering") or default).split(","):
        name = given.strip().removeprefix("-")
        if name not in orderings:
            message = f"Order by {', '.join(orderings)}, each also with a minus before it."
            raise refused({"ordering": message})
        columns.append(("-" if given.strip().startswith("-") else "") + orderings[name])
    sign = "-" if columns[0].startswith("-") else ""
    return rows.order_by(*columns, f"{sign}pk")


def answer(request: Request, rows: QuerySet[Any, Any], show: Show) -> Response | HttpResponse:
    """The page asked for; without `limit` all rows in sight, since clients follow no links.

    A whole list is read and written in chunks, so it needs the memory of its text only.
    Raises InputErrors.
    """
    limit, offset = _span(request)
    if limit is None:
        body = b"[" + b",".join(_texts(rows, show)) + b"]"
        return HttpResponse(body, content_type="application/json")
    found = list(rows[offset : offset + limit])
    return _page(request, rows.order_by().count(), show(found), limit, offset)


def answer_with(request: Request, items: list[dict[str, Any]]) -> Response:
    """The same of a short list that no query gives. Raises InputErrors."""
    limit, offset = _span(request)
    if limit is None:
        return Response(items)
    return _page(request, len(items), items[offset : offset + limit], limit, offset)


def _page(
    request: Request, count: int, results: list[dict[str, Any]], limit: int, offset: int
) -> Response:
    later = offset + limit if offset + limit < count else None
    earlier = max(offset - limit, 0) if offset > 0 else None
    return Response(
        {
            "count": count,
            "next": _link(request, limit, later),
            "previous": _link(request, limit, earlier),
            "results": results,
        }
    )


def flags_of(request: Request, defaults: Mapping[str, bool]) -> dict[str, bool]:
    """Which optional parts of an answer are wanted. Raises InputErrors."""
    told, errors = dict(defaults), {}
    for name in set(request.query_params) & set(defaults):
        try:
            told[name] = flag(request.query_params[name])
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise refused(errors)
    return told


def _texts(rows: QuerySet[Any, Any], show: Show) -> Iterator[bytes]:
    chunk: list[Any] = []
    for row in rows.iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield _joined(show(chunk))
            chunk = []
    if chunk:
        yield _joined(show(chunk))


def _joined(shown: list[dict[str, Any]]) -> bytes:
    return b",".join(dumps(row) for row in shown)


def _span(request: Request) -> tuple[int | None, int]:
    limit = _number(request, "limit")
    if limit == 0:
        raise refused({"limit": "Ensure this value is greater than or equal to 1."})
    return limit, _number(request, "offset") or 0


def _number(request: Request, name: str) -> int | None:
    text = request.query_params.get(name, "")
    if not text:
        return None
    try:
        return key(text)
    except ValueError as error:
        raise refused({name: str(error)}) from error


def _link(request: Request, limit: int, offset: int | None) -> str | None:
    if offset is None:
        return None
    kept = {
        name: values
        for name, values in request.query_params.lists()
        if name not in {"limit", "offset"}
    }
    query = urlencode({"limit": limit, "offset": offset, **kept}, doseq=True)
    return request.build_absolute_uri(f"{request.path}?{query}")
