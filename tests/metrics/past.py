"""Times that lie in the past: what services stamp with now is dated back for a figure's test."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from returns.models import Disposal, Inspection, Receipt, ReturnOrder
from returns.services import complete_return, credit_return
from rmaproject.access.actors import SYSTEM
from sales.models import CreditNote, Refund, SalesOrder
from tests.returns.steps import decided


def redate(row: Model | Any, **moments: Any) -> None:
    """Write stamps of a row that no service would change, history included."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        type(row).objects.filter(pk=row.pk).update(**moments)
        cursor.execute("SET LOCAL session_replication_role = origin")
    row.refresh_from_db()


def completed(sale: SalesOrder) -> ReturnOrder:
    """A return of one unit that came, was restocked, credited and completed."""
    rma = decided(sale)
    credit_return(rma.pk, actor=SYSTEM)
    return complete_return(rma.pk, actor=SYSTEM)


def walked(rma: ReturnOrder, *moments: datetime) -> None:
    """Date a completed return: created, issued, came, decided, credited, paid, closed."""
    created, issued, came, judged, booked, paid, closed = moments
    redate(rma, created_at=created, issued_at=issued, closed_at=closed, completed_at=closed)
    redate(Receipt.objects.get(return_order=rma), at=came)
    for kind in (Disposal, Inspection):
        for row in kind.objects.filter(return_order=rma):
            redate(row, at=judged)
    note = CreditNote.objects.filter(lines__line_credit__line__return_order=rma).get()
    redate(note, created_at=booked)
    refund = Refund.objects.get(credit_note=note)
    redate(refund, via="manual", state="done", sent_at=paid, settled_at=paid)
