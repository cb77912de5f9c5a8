"""Credit notes are taken back here: sales, which shows them, does not know what they paid for."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from returns.api.inputs import ReasonForm
from returns.services.reversing import REVERSE_CREDIT, lock_before, reverse_credit
from returns.switch import require_returns_on
from rmaproject.rest.inputs import read
from rmaproject.rest.views import Resource
from rmaproject.rest.writing import Answer, change
from sales.api.credit_note_shapes import PAYS_FOR_RELATED, CreditNoteOutput, show_credit_note
from sales.models import CreditNote
from sales.selectors import visible_credit_notes


class CreditNoteReversal(Resource):
    """The address that takes a credit note back."""

    serializer_class = CreditNoteOutput

    def visible(self) -> QuerySet[CreditNote, CreditNote]:
        require_returns_on()
        return visible_credit_notes(self.actor)

    def loaded(self, rows: Any) -> QuerySet[Any, Any]:
        pays = [f"lines__{name}" for name in PAYS_FOR_RELATED]
        return rows.with_lines().prefetch_related(*pays)

    def show(self, row: CreditNote) -> dict[str, Any]:
        return show_credit_note(row, self.actor)

    @extend_schema(request=ReasonForm, responses={201: CreditNoteOutput})
    def take_back(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Take a credit note back by a counter note, which is the answer.

        What it paid is owed again, what it settled is open again. Money that went out stands in
        the way.
        """
        note = self.record(uuid, REVERSE_CREDIT)
        reason = read(ReasonForm, request)["reason"]

        def run() -> Answer:
            made = reverse_credit(note.pk, actor=self.actor, reason=reason)
            return self.written(made, status=201, at=reverse("credit-note-list"))

        with transaction.atomic():
            # Return and account are locked before the note, here as everywhere.
            lock_before(note)
            return change(request, run, root=note)
