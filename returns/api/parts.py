"""What belongs to a return, each part at an address below it; `version` is the return's."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from returns import services
from returns.api import inputs, rows
from returns.api.outputs import (
    CommentOutput,
    ExtraLinePartOutput,
    ParcelPartOutput,
    ReturnLinePartOutput,
)
from returns.api.returns import require_rights_of
from returns.models import Comment, ExtraLine, Parcel, ReturnLine, ReturnOrder
from returns.selectors import access_return, permission_for, require_announcing
from rmaproject.audit.models import AuditEntry
from rmaproject.rest.history import HistoryOutput, show_entry
from rmaproject.rest.inputs import read
from rmaproject.rest.syncing import instant
from rmaproject.rest.views import Resource
from rmaproject.rest.writing import Answer, change, etag

Answered = Response | HttpResponse


class ReturnPart(Resource):
    """A part of one return; changing it changes the return's version."""

    orderings = {"number": "number"}
    default_ordering = "number"

    @cached_property
    def owner(self) -> ReturnOrder:
        """The return of the address. Raises NotFound, NotPermitted, `returns_disabled`."""
        return access_return(self.actor, self.kwargs["return_id"])

    def version_of(self, row: Any) -> int:
        return self.owner.version

    def changed_since(self, rows: QuerySet[Any, Any], since: str) -> QuerySet[Any, Any]:
        return rows if self.owner.updated_at >= instant(since) else rows.none()

    def write_part(
        self, action: Callable[[], Any], *, optional: bool = False, status: int = 200
    ) -> Answered:
        """Run a service on the return; answer with the part it gives, or 204 with None."""

        def run() -> Answer:
            made = action()
            self.owner.refresh_from_db(fields=["version"])
            headers = {"ETag": etag(self.owner.version)}
            if made is None:
                return Answer(None, 204, headers)
            part = self.loaded(type(made)._default_manager.filter(pk=made.pk)).get()
            if status == 201:
                path = f"{self.request.path.rstrip('/')}/{part.uuid}/"
                headers["Location"] = self.request.build_absolute_uri(path)
            return Answer(self.show(part), status, headers)

        return change(self.request, run, root=self.owner, optional=optional)

    def version(self) -> dict[str, Any]:
        return {"version": self.owner.version}


@extend_schema_view(
    list=extend_schema(responses=ReturnLinePartOutput(many=True)),
    retrieve=extend_schema(responses=ReturnLinePartOutput),
)
class ReturnLineViewSet(ReturnPart):
    """Lines of a return: what is to come back, and how far each has come."""

    serializer_class = ReturnLinePartOutput

    def visible(self) -> QuerySet[ReturnLine, ReturnLine]:
        return ReturnLine.objects.filter(return_order=self.owner)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        loaded = rows.select_related(
            "part", "stock_item", "order_line__order", "kit_line", "invoice_line", "reason"
        )
        return loaded.prefetch_related("custom_values__field")

    def show(self, row: ReturnLine) -> dict[str, Any]:
        return rows.show_line(row, row.custom_values.all()) | self.version()

    @extend_schema(request=inputs.NewLineForm, responses={201: ReturnLinePartOutput})
    def create(self, request: Request, return_id: str) -> Answered:
        """Add a line; it claims what was sold. Of a kit, the line of its last part is answered."""
        order = self.owner
        self.actor.require(permission_for("edit"))
        values = read(inputs.NewLineForm, request)
        line, why = inputs.line_input(values), values.get("override_reason", "")
        require_rights_of([line], self.actor)

        def act() -> ReturnLine:
            services.add_lines(order.pk, [line], actor=self.actor, override_reason=why)
            return order.lines.latest("number")

        return self.write_part(act, optional=True, status=201)

    @extend_schema(request=inputs.ReturnLineChangeForm, responses=ReturnLinePartOutput)
    def partial_update(self, request: Request, return_id: str, uuid: str) -> Answered:
        """Change facts of a line, its quantity never below what was received or released."""
        line = self.record(uuid, permission_for("edit"))
        values = read(inputs.ReturnLineChangeForm, request, partial=True)
        why = values.pop("override_reason", "")

        def act() -> ReturnLine:
            services.edit_line(line, values, actor=self.actor, override_reason=why)
            return line

        return self.write_part(act)

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, return_id: str, uuid: str) -> Answered:
        """Take a line out: what it claimed is free again; the row stays, void."""
        line = self.record(uuid, permission_for("edit"))

        def act() -> None:
            services.remove_line(line, actor=self.actor)

        return self.write_part(act)


@extend_schema_view(
    list=extend_schema(responses=ExtraLinePartOutput(many=True)),
    retrieve=extend_schema(responses=ExtraLinePartOutput),
)
class ExtraLineViewSet(ReturnPart):
    """Extra lines of a return: credits (above zero) and charges (below) that are no goods."""

    serializer_class = ExtraLinePartOutput

    def visible(self) -> QuerySet[ExtraLine, ExtraLine]:
        return ExtraLine.objects.filter(return_order=self.owner)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("invoice_line")

    def show(self, row: ExtraLine) -> dict[str, Any]:
        return rows.show_extra_line(row) | self.version()

    @extend_schema(request=inputs.ExtraLineForm, responses={201: ExtraLinePartOutput})
    def create(self, request: Request, return_id: str) -> Answered:
        """Add a credit or a charge."""
        order = self.owner
        self.actor.require(permission_for("edit"))
        values = read(inputs.ExtraLineForm, request)
        return self.write_part(
            lambda: services.add_extra_line(order.pk, values, actor=self.actor),
            optional=True,
            status=201,
        )

    @extend_schema(request=inputs.ExtraLineForm, responses=ExtraLinePartOutput)
    def partial_update(self, request: Request, return_id: str, uuid: str) -> Answered:
        """Change a line that was not credited."""
        line = self.record(uuid, permission_for("edit"))
        values = read(inputs.ExtraLineForm, request, partial=True)

        def act() -> ExtraLine:
            services.edit_extra_line(line, values, actor=self.actor)
            return line

        return self.write_part(act)

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, return_id: str, uuid: str) -> Answered:
        """Take out a line that was not credited; the row stays, void."""
        line = self.record(uuid, permission_for("edit"))

        def act() -> None:
            services.remove_extra_line(line, actor=self.actor)

        return self.write_part(act)


@extend_schema_view(
    list=extend_schema(responses=ParcelPartOutput(many=True)),
    retrieve=extend_schema(responses=ParcelPartOutput),
)
class ParcelViewSet(ReturnPart):
    """Inbound parcels of a return."""

    serializer_class = ParcelPartOutput

    def visible(self) -> QuerySet[Parcel, Parcel]:
        return Parcel.objects.filter(return_order=self.owner)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("location")

    def show(self, row: Parcel) -> dict[str, Any]:
        return rows.show_parcel(row) | self.version()

    @extend_schema(request=inputs.ParcelForm, responses={201: ParcelPartOutput})
    def create(self, request: Request, return_id: str) -> Answered:
        """Announce a parcel; who edits returns may do so, and who receives them."""
        order = self.owner
        require_announcing(self.actor)
        values = read(inputs.ParcelForm, request)
        return self.write_part(
            lambda: services.add_parcel(order.pk, values, actor=self.actor),
            optional=True,
            status=201,
        )

    @extend_schema(request=inputs.ParcelForm, responses=ParcelPartOutput)
    def partial_update(self, request: Request, return_id: str, uuid: str) -> Answered:
        """Change what was announced of a parcel."""
        parcel = self.record(uuid)
        require_announcing(self.actor)
        values = read(inputs.ParcelForm, request, partial=True)

        def act() -> Parcel:
            services.edit_parcel(parcel, values, actor=self.actor)
            return parcel

        return self.write_part(act)

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, return_id: str, uuid: str) -> Answered:
        """Take out a parcel that does not come; the row stays, void."""
        parcel = self.record(uuid)
        require_announcing(self.actor)

        def act() -> None:
            services.void_parcel(parcel, actor=self.actor)

        return self.write_part(act)


@extend_schema_view(list=extend_schema(responses=CommentOutput(many=True)))
class CommentViewSet(ReturnPart):
    """Notes on a return, for us or for the customer too."""

    serializer_class = CommentOutput
    orderings = {"at": "pk"}
    default_ordering = "at"

    def visible(self) -> QuerySet[Comment, Comment]:
        return Comment.objects.filter(return_order=self.owner)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("author")

    def show(self, row: Comment) -> dict[str, Any]:
        return rows.show_comment(row) | self.version()

    @extend_schema(request=inputs.CommentForm, responses={201: CommentOutput})
    def create(self, request: Request, return_id: str) -> Answered:
        """Write a note; legal in every status."""
        order = self.owner
        self.actor.require(permission_for("comment"))
        values = read(inputs.CommentForm, request)
        return self.write_part(
            lambda: services.add_comment(order.pk, **values, actor=self.actor),
            optional=True,
            status=201,
        )


@extend_schema_view(list=extend_schema(responses=HistoryOutput(many=True)))
class HistoryViewSet(ReturnPart):
    """Every change of a return, oldest first: who, when, through which door, and its facts."""

    serializer_class = HistoryOutput
    orderings = {"n": "n"}
    default_ordering = "n"

    def visible(self) -> QuerySet[AuditEntry, AuditEntry]:
        return AuditEntry.objects.filter(aggregate_id=self.owner.uuid)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("actor")

    def show(self, row: AuditEntry) -> dict[str, Any]:
        return show_entry(row)
