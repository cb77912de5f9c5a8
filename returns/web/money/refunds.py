"""The refunds of a return on its page, and the account that they go to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from returns.counting import notes_of
from returns.models import ReturnOrder
from returns.selectors import access_return
from returns.services.paying_out import choose_bank_details
from returns.states import LIVE
from returns.web.crumbs import crumbs
from rmaproject.access.actors import Actor
from rmaproject.shared.words import within
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from rmaproject.web.versions import at_version
from sales.models import Refund
from sales.refund_selectors import VIEW
from sales.states import ON_THEIR_WAY, RefundState
from sales.web.refund_forms import ChooseAccountForm
from sales.web.refund_rows import list_row

EDIT = "sales.edit_bank_details"


def refund_section(order: ReturnOrder, actor: Actor) -> dict[str, Any]:
    """What `returns/_refunds.html` shows; no refunds for who may not see them."""
    shown = refunds_of(order) if actor.may(VIEW) else []
    may_edit = actor.may(EDIT) and order.status in LIVE
    return {
        "refunds": [list_row(row) for row in shown],
        "payout_account": str(order.bank_details or ""),
        "account_url": reverse("returns:bank_details", args=[order.uuid]) if may_edit else "",
    }


def refunds_of(order: ReturnOrder) -> list[Refund]:
    """The refunds of a return's credit notes, oldest first."""
    rows = Refund.objects.filter(credit_note__in=list(notes_of(order)))
    return list(rows.select_related("customer", "bank_details").order_by("pk"))


def money_words(refunds: Sequence[dict[str, Any]]) -> str:
    """How far the refunds of a return have come, in a few words; the least advanced first."""
    states = [row["state"] for row in refunds]
    for state in (RefundState.FAILED, *ON_THEIR_WAY):
        if state in states:
            return _("Refund: %(state)s") % {"state": within(RefundState(state).label)}
    return ""


@staff
def bank_details(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Choose the account that refunds of a return go to, or enter one."""
    actor = request.actor
    order = access_return(actor, ident)
    actor.require(EDIT)
    form = ChooseAccountForm(request.POST or None, customer=order.customer)

    def act() -> ReturnOrder:
        return choose_bank_details(order.pk, form.chosen(), actor=actor)

    here = reverse("returns:detail", args=[order.uuid])
    outcome = submit(request, form, lambda: at_version(request, order, act))
    if outcome.done:
        messages.success(request, _("Refunds of this return go to this account."))
        return redirect(here)
    context = {
        "heading": _("Bank account for refunds"),
        "form": form,
        "version": order.version,
        "cancel_url": here,
        "crumbs": [*crumbs(), {"label": order.reference, "url": here}],
    }
    return page(request, "form.html", context, status=outcome.status)
