"""Returns over REST: list, detail, create, change, delete, record; the verbs stand in `verbs`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from returns.api import inputs
from returns.api.custom import FILTERS, ByCustomFields
from returns.api.eligibility import EligibilityActions
from returns.api.expansions import notes_of_returns, refunds_of_returns
from returns.api.filters import ReturnFilters, find_returns
from returns.api.kits import KitVerbs
from returns.api.listing import Lists
from returns.api.outputs import ReturnOutput
from returns.api.paying_out import EDIT, PayoutVerbs
from returns.api.recording import RecordReturnForm, record_input
from returns.api.rows import show_return
from returns.models import ReturnOrder
from returns.selectors import permission_for, visible_returns
from returns.services import LineInput, delete_return, edit_return, record_return, request_return
from returns.services.approval import blocked_verbs
from returns.services.previewing import request_as_foreseen
from returns.states import VERBS
from returns.switch import require_returns_on
from rmaproject.access.actors import Actor
from rmaproject.rest.bulk import Bulk
from rmaproject.rest.expanding import Expansions, Many, One
from rmaproject.rest.inputs import read
from rmaproject.rest.writing import Answer, change, etag, require_version


@extend_schema_view(
    list=extend_schema(responses=ReturnOutput(many=True), description=FILTERS),
    retrieve=extend_schema(responses=ReturnOutput),
)
class ReturnViewSet(ByCustomFields, EligibilityActions, Lists, KitVerbs, PayoutVerbs, Bulk):
    """Returns (RMA): what a customer may send back, what came, and what became of it."""

    serializer_class = ReturnOutput
    filters = ReturnFilters
    also_refuses = ("404",)  # a saved view
    orderings = {
        "created_at": "pk",
        "reference": "reference",
        "target_date": "target_date",
        "updated_at": "updated_at",
    }
    bulk_verbs = frozenset(row.verb for row in VERBS) - {"edit", "delete"}
    expansions: ClassVar[Expansions] = {
        "business": One("sales.api.businesses.BusinessViewSet"),
        "customer": One("customers.api.companies.CompanyViewSet"),
        "lines.order_line": One("sales.api.order_parts.SoldLines"),
        "lines.part": One("stock.api.parts.PartViewSet"),
        "lines.stock_item": One("stock.api.items.StockItemViewSet"),
        "credit_notes": Many("sales.api.credit_notes.CreditNoteViewSet", notes_of_returns),
        "refunds": Many("sales.api.refunds.RefundViewSet", refunds_of_returns),
    }

    def visible(self) -> QuerySet[ReturnOrder, ReturnOrder]:
        return visible_returns(self.actor)

    def loaded(self, rows: Any) -> Any:
        return rows.with_parties().with_lines().with_custom().with_parcels()

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return find_returns(rows, text)

    def show(self, row: ReturnOrder) -> dict[str, Any]:
        """One return; who may approve it was looked at too."""
        return show_return(row, self.actor, blocked_verbs(row, self.actor))

    def show_all(self, rows: list[ReturnOrder]) -> list[dict[str, Any]]:
        """A list reads no rules and limits for each return: `approve` is offered by right alone."""
        return [show_return(row, self.actor) for row in rows]

    @extend_schema(request=inputs.ReturnForm, responses={201: ReturnOutput})
    def create(self, request: Request) -> Response | HttpResponse:
        """Make a pending return; its lines claim what was sold, so nobody can claim it twice."""
        require_returns_on()
        self.actor.require(permission_for("create"))
        values = read(inputs.ReturnForm, request)
        token = values.pop("preview", "")
        lines = [inputs.line_input(line) for line in values.pop("lines", ())]
        require_rights_of(lines, self.actor)
        asked = {**values, "lines": lines, "actor": self.actor}

        def act() -> ReturnOrder:
            return request_as_foreseen(token, **asked) if token else request_return(**asked)

        return self.write(act, status=201)

    @extend_schema(request=inputs.ReturnHeaderForm, responses=ReturnOutput)
    def partial_update(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Change the fields of the header that are sent."""
        order = self.record(uuid, permission_for("edit"))
        values = read(inputs.ReturnHeaderForm, request, partial=True)
        return self.write(lambda: edit_return(order.pk, values, actor=self.actor), root=order)

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Cancel a return and take it out of sight; its history and reference stay."""

        def run() -> Answer:
            # Looked up only here: the repeat of a delete by its key finds its first answer.
            order = self.record(uuid, permission_for("delete"))
            require_version(order, request.headers.get("If-Match"))
            delete_return(order.pk, actor=self.actor)
            return Answer(None, 204)

        return change(request, run)

    @extend_schema(request=RecordReturnForm, responses={200: ReturnOutput, 201: ReturnOutput})
    @action(detail=False, methods=["post"], url_path="record")
    def record_finished(self, request: Request) -> Response | HttpResponse:
        """Book a return that already happened: received, accepted, credited, complete at once.

        The same reference with the same content again answers 200 and the first return.
        """
        require_returns_on()
        self.actor.require(permission_for("record"))
        given = record_input(read(RecordReturnForm, request))
        if given.bank_details is not None:
            self.actor.require(EDIT)

        def run() -> Answer:
            made, new = record_return(given, actor=self.actor)
            order = self.loaded(ReturnOrder.objects.filter(pk=made.pk)).get()
            headers = {"ETag": etag(order.version)}
            if new:
                place = reverse("return-detail", args=[order.uuid])
                headers["Location"] = request.build_absolute_uri(place)
            return Answer(self.show(order), 201 if new else 200, headers)

        return change(request, run)


def require_rights_of(lines: list[LineInput], actor: Actor) -> None:
    """Refuse waived quantities to who may not credit without goods. Raises NotPermitted."""
    if any(line.waived for line in lines):
        actor.require(permission_for("waive"))
