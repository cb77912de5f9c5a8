"""What clients hang on a record for themselves; no rule of ours reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from rest_framework.request import Request
from rest_framework.response import Response

from returns.compat.inventree.base import DOOR, InventreeDoor
from returns.compat.inventree.lists import refused, require_known
from returns.compat.inventree.records import kind_of, record_of
from rmaproject.files.supplements import NOTHING, keep_with, kept_with
from rmaproject.rest.writing import Answer
from rmaproject.shared.errors import InputErrors, NotFound


class Metadata(InventreeDoor):
    """The metadata of one record: a JSON object. PATCH adds to it, PUT writes it anew."""

    #: The model of this address, where the address itself says it.
    model = ""

    def get(self, request: Request, pk: int, model: str = "") -> Response:
        row = self._row(model, pk)
        kept = kept_with([row], system=DOOR).get(row.uuid, NOTHING)
        return Response({"metadata": kept.metadata})

    def patch(self, request: Request, pk: int, model: str = "") -> Response | HttpResponse:
        return self._write(model, pk, anew=False)

    def put(self, request: Request, pk: int, model: str = "") -> Response | HttpResponse:
        return self._write(model, pk, anew=True)

    def _row(self, model: str, pk: int) -> Any:
        require_known(self.request, ())
        try:
            kind = kind_of(self.model or model)
        except InputErrors as error:
            raise NotFound("Not found.", code="not_found") from error
        return record_of(kind, self.actor, pk)

    def _write(self, model: str, pk: int, *, anew: bool) -> Response | HttpResponse:
        row = self._row(model, pk)
        kind = kind_of(self.model or model)
        self.actor.require(kind.edit)
        told = _metadata(self.request.data)

        def act() -> Answer:
            kept = keep_with(
                kind.root(row), row, system=DOOR, metadata=told, anew=anew, actor=self.actor
            )
            return Answer({"metadata": kept.metadata})

        return self.act(act)


def metadata_routes(prefix: str, model: str) -> list[URLPattern]:
    """The address of the metadata of records below another address."""
    return [path(f"api/{prefix}/<int:pk>/metadata/", Metadata.as_view(model=model))]


def _metadata(body: Any) -> dict[str, Any]:
    """The object in a body. Raises InputErrors."""
    told = body.get("metadata") if isinstance(body, Mapping) else None
    if not isinstance(told, dict):
        raise refused({"metadata": "Provided metadata must be a dictionary."})
    return told
