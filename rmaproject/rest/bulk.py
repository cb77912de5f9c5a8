"""Many records in one call: each goes the way of a call of its own, all in one transaction."""

from __future__ import annotations

from copy import copy
from typing import Any, ClassVar, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from rmaproject.rest.callers import actor_of
from rmaproject.rest.inputs import Input, read
from rmaproject.rest.problems import document_of, flat, refusal_of
from rmaproject.rest.views import Resource
from rmaproject.rest.writing import Answer, change
from rmaproject.shared.errors import DomainError, InputErrors, Malformed, below

MAX_ITEMS: Final = 500
#: What of an item says which record is meant; the rest is the body of its call.
ADDRESS: Final = ("id", "version")


class BulkForm(Input):
    """Which verb, on which records; `create` takes new ones.

    An item of a verb has the `id` and the `version` of its record, beside the body that the verb
    takes alone; an item of `create` is the body of a create.
    """

    verb = serializers.CharField(max_length=40)
    atomic = serializers.BooleanField(default=True)
    items = serializers.ListField(
        child=serializers.DictField(), allow_empty=False, max_length=MAX_ITEMS
    )


class BulkItemOutput(serializers.Serializer[Any]):
    """What became of an item; `problem` is what its own call would have answered."""

    index = serializers.IntegerField()
    status = serializers.IntegerField()
    id = serializers.UUIDField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    problem = serializers.DictField(allow_null=True)


class BulkOutput(serializers.Serializer[Any]):
    results = BulkItemOutput(many=True)


class ItemRequest(Request):
    """A request with the body of one item, which was read with the whole."""

    def __init__(self, django: HttpRequest, body: dict[str, Any]) -> None:
        super().__init__(django)
        self._item = body

    @property
    def data(self) -> dict[str, Any]:
        return self._item

    @property
    def FILES(self) -> MultiValueDict[str, Any]:  # type: ignore[override]  # noqa: N802
        return MultiValueDict()


class Bulk(Resource):
    """A resource that also takes many at once; `bulk_verbs` names its actions that may be asked."""

    bulk_verbs: ClassVar[frozenset[str]] = frozenset()

    @extend_schema(request=BulkForm, responses=BulkOutput)
    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response | HttpResponse:
        """Do the same with many records, in the order given, as one change with one key.

        `atomic` (the default) means all or nothing: the first refusal undoes everything and is
        answered, pointing to its item. Else each item stands for itself. Raises Malformed
        `idempotency_key_required`.
        """
        if not request.headers.get("Idempotency-Key"):
            message = _("Send an Idempotency-Key, so that a repeat does nothing twice.")
            raise Malformed(message, code="idempotency_key_required")
        asked = read(BulkForm, request)
        if asked["verb"] not in {"create", *self.bulk_verbs}:
            offered = ", ".join(sorted({"create", *self.bulk_verbs}))
            message = _("Many at once take one of %(offered)s.") % {"offered": offered}
            raise Malformed(message, code="invalid_choice", pointer="/verb")

        def run() -> Answer:
            results = [
                self._item(asked["verb"], index, item, whole=asked["atomic"])
                for index, item in enumerate(asked["items"])
            ]
            return Answer({"results": results})

        return change(request, run)

    def _item(self, verb: str, index: int, item: dict[str, Any], *, whole: bool) -> dict[str, Any]:
        try:
            with transaction.atomic():
                answer = self._alone(verb, item)
        except (DomainError, APIException) as error:
            refusal = refusal_of(error)
            if whole or refusal is None:
                raise _pointing(error, f"/items/{index}") from error
            return {
                "index": index,
                "status": refusal.status,
                "id": item.get("id"),
                "version": None,
                "problem": document_of(refusal),
            }
        shown = answer.data or {}
        return {
            "index": index,
            "status": answer.status_code,
            "id": shown.get("id", item.get("id")),
            "version": shown.get("version"),
            "problem": None,
        }

    def _alone(self, verb: str, item: dict[str, Any]) -> Any:
        """The answer of the call for one item: the same code on a request of its own."""
        body = {name: value for name, value in item.items() if name not in ADDRESS}
        path: dict[str, str] = {}
        if verb == "create":
            body = item
        else:
            path["uuid"] = _text(item, "id")
        view = type(self)()
        view.request = _request_of(self.request, body, item.get("version"))
        view.args, view.kwargs, view.action = (), path, verb
        view.format_kwarg = None
        return getattr(view, verb)(view.request, **path)


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    if isinstance(value, str) and value:
        return value
    message = _("Say which record is meant: %(name)s.") % {"name": name}
    raise Malformed(message, code="required", pointer=f"/{name}")


def _request_of(outer: Request, body: dict[str, Any], version: Any) -> Request:
    """A request of the same caller with this body, based on this version of the record."""
    django = copy(outer._request)
    django.META = {
        name: value
        for name, value in outer._request.META.items()
        if name not in {"HTTP_IDEMPOTENCY_KEY", "HTTP_IF_MATCH"}
    }
    django.__dict__.pop("headers", None)
    if isinstance(version, int) and not isinstance(version, bool):
        django.META["HTTP_IF_MATCH"] = f'"{version}"'
    inner = ItemRequest(django, body)
    inner.user, inner.auth = outer.user, actor_of(outer)
    return inner


def _pointing(error: DomainError | APIException, place: str) -> Exception:
    """The refusal of an item, saying which item it is."""
    if isinstance(error, ValidationError):
        error = InputErrors(list(flat(error.detail, "")))
    if not isinstance(error, DomainError):
        return error
    try:
        with below(place):
            raise error
    except DomainError as pointed:
        pointed.pointer = pointed.pointer or place
        return pointed
