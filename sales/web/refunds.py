"""The pages of refunds: the queue by state, one refund, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from rmaproject.access.actors import Actor
from rmaproject.access.selectors import access
from rmaproject.audit import trail
from rmaproject.views.looking import look
from rmaproject.views.pages import list_page
from rmaproject.web.lists import link
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from rmaproject.web.versions import at_version
from sales.models import Refund
from sales.refund_selectors import (
    access_refund,
    visible_bank_details,
)
from sales.services import refunding
from sales.services.banking import known_account, reveal_bank_details
from sales.services.limits import Limits
from sales.states import RefundState, Via
from sales.web import refund_accounts as accounts
from sales.web import refund_queue as beside
from sales.web import refund_record as record
from sales.web import refund_rows as rows
from sales.web.books import finance_head
from sales.web.listing import REFUNDS
from sales.web.refund_forms import ChangeForm, ChooseAccountForm

Step = Callable[[int, Actor, str], Refund]

#: What each address does; the text is the reason where one was given.
SERVICES: Final[dict[str, Step]] = {
    "approve": lambda key, actor, text: refunding.approve_refund(key, actor=actor),
    "pay": lambda key, actor, text: refunding.pay_refund(key, actor=actor),
    "ask": lambda key, actor, text: refunding.ask_refund(key, actor=actor),
    "confirm": lambda key, actor, text: refunding.confirm_refund(key, actor=actor),
    "fail": lambda key, actor, text: refunding.fail_refund(key, actor=actor, reason=text),
    "retry": lambda key, actor, text: refunding.retry_refund(key, actor=actor),
    "cancel": lambda key, actor, text: refunding.cancel_refund(key, actor=actor, reason=text),
    "keep": lambda key, actor, text: refunding.cancel_refund(key, actor=actor, keep=True),
}
DONE: Final = {
    "approve": gettext_lazy("The refund is approved."),
    "pay": gettext_lazy("The refund is on its way."),
    "ask": gettext_lazy("The gateway was asked."),
    "confirm": gettext_lazy("The refund is done."),
    "fail": gettext_lazy("The refund failed; it can be tried again."),
    "retry": gettext_lazy("The refund is ready again."),
    "cancel": gettext_lazy("The refund is cancelled; its amount is open again."),
    "keep": gettext_lazy("The amount stays the customer's credit."),
}
MOST_REASON: Final = 500
#: The queues whose totals are told: what is to be paid, and what is on its way.
SUMMED: Final = ("pay", "clear")


def crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    """The way here, from the list of refunds."""
    return [{"label": _("Refunds"), "url": reverse("refunds:list")}, *more]


@staff
def refunds(request: StaffRequest) -> HttpResponse:
    """The refunds that the caller sees, by state, newest first."""
    head = finance_head(request.actor)
    return list_page(request, REFUNDS, sums=_sums(request), **head)


def _sums(request: StaffRequest) -> list[dict[str, Any]]:
    """What waits to be paid, by way and currency; nothing in the other queues."""
    seen = look(REFUNDS, request.actor, request.GET, request.path)
    if seen.tab is None or seen.tab.key not in SUMMED:
        return []
    found = seen.found.order_by().values("via", "gateway", "currency")
    rows = found.annotate(count=Count("pk"), sum=Sum("amount")).order_by("via", "gateway")
    return [
        {
            "label": row["gateway"].capitalize() or _(str(Via(row["via"]).label)),
            "count": row["count"],
            "amount": row["sum"],
            "currency": row["currency"],
            "url": link(seen.asked, via=row["via"], currency=row["currency"]),
        }
        for row in rows
    ]


@staff
def detail(request: StaffRequest, ident: UUID) -> HttpResponse:
    """One refund with its history and its buttons."""
    actor = request.actor
    refund = access_refund(actor, ident)
    queue = beside.asked_queue(request, refund)
    entries = trail.history(refund)
    change = accounts.account_change(refund, entries)
    context = {
        "refund": rows.list_row(refund),
        "version": refund.version,
        "tabs": beside.work_tabs(actor, queue.key),
        **finance_head(actor),
        "queue": {"label": queue.label, "url": beside.list_address(queue.key)},
        "neighbours": beside.beside(request, refund, queue),
        "actions": rows.buttons(refund, actor, queue.key),
        "banner": rows.banner(refund, change),
        "change": change,
        "amount": {"currency": refund.currency, "rows": record.amount_rows(refund)},
        "checks": record.checks(refund, actor, Limits(actor)),
        "facts": rows.facts(refund),
        "origins": rows.origins(refund),
        "reveal_url": rows.reveal_url(refund, actor),
        "parts": _parts(refund),
        "entries": rows.history_of(entries, accounts.void_approvals(entries)),
    }
    return page(request, "refunds/detail.html", context)


def _parts(refund: Refund) -> list[dict[str, Any]]:
    return [
        {
            "on": part.payment.paid_on,
            "method": part.payment.method or part.payment.gateway or _("Payment"),
            "reference": part.payment.gateway_reference,
            "amount": part.amount,
        }
        for part in refund.parts.all()
    ]


@require_POST
@staff
def carry_out(request: StaffRequest, ident: UUID, verb: str) -> HttpResponse:
    """One step of a refund, then back to its page; a refusal has its own page."""
    refund = access_refund(request.actor, ident, verb="cancel" if verb == "keep" else verb)
    reason = request.POST.get("reason", "").strip()[:MOST_REASON]
    queue = beside.asked_queue(request, refund)
    at_refund(request, refund, lambda: SERVICES[verb](refund.pk, request.actor, reason))
    refund.refresh_from_db(fields=["state"])
    at_once = verb in ("pay", "ask") and refund.state == RefundState.DONE
    said = _(str(DONE["confirm" if at_once else verb]))
    messages.success(request, f"{refund.reference}: {said}")
    if "queue" not in request.GET:
        return redirect("refunds:detail", refund.uuid)
    return redirect(beside.following(request.actor, refund, queue))


def at_refund(request: StaffRequest, refund: Refund, act: Callable[[], Any]) -> Any:
    """Act on the refund as the caller saw it, with the locks before its own taken first."""
    return refunding.holding(refund.pk, lambda: at_version(request, refund, act))


@staff
def details(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Choose the account that a refund goes to, or enter one."""
    refund = access_refund(request.actor, ident, verb="details")
    form = ChooseAccountForm(request.POST or None, customer=refund.customer)

    def act() -> Refund:
        account = known_account(form.chosen(), refund.customer, actor=request.actor)
        return refunding.set_refund_details(refund.pk, account, actor=request.actor)

    text = _("Another account after approval has to be approved again.")
    return _form_page(request, refund, form, act, heading=_("Bank account"), text=text)


@staff
def change(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Pay another amount or by another way."""
    refund = access_refund(request.actor, ident, verb="change")
    form = ChangeForm(request.POST or None, refund=refund)

    def act() -> Refund:
        return refunding.change_refund(refund.pk, actor=request.actor, **form.values(refund))

    text = _("In %(currency)s. What changes after approval has to be approved again.")
    words = {"heading": _("Change the refund"), "text": text % {"currency": refund.currency}}
    return _form_page(request, refund, form, act, **words)


def _form_page(
    request: StaffRequest, refund: Refund, form: Any, act: Callable[[], Refund], **words: str
) -> HttpResponse:
    here = reverse("refunds:detail", args=[refund.uuid])
    outcome = submit(request, form, lambda: at_refund(request, refund, act))
    if outcome.done:
        messages.success(request, _("Saved."))
        return redirect(here)
    context = {
        **words,
        "form": form,
        "version": refund.version,
        "cancel_url": here,
        "crumbs": crumbs({"label": refund.reference, "url": here}),
    }
    return page(request, "form.html", context, status=outcome.status)


@require_POST
@never_cache
@staff
def reveal(request: StaffRequest, ident: UUID) -> HttpResponse:
    """A bank account in full; that it was shown stays in its trail."""
    rows_seen = visible_bank_details(request.actor)
    found = access(rows_seen, ident, actor=request.actor, permissions=())
    seen = reveal_bank_details(found.pk, actor=request.actor)
    shown = [
        {"label": _("Account holder"), "value": seen.owner},
        {"label": _("IBAN"), "value": seen.iban, "code": True},
        {"label": _("BIC"), "value": seen.bic, "code": True},
    ]
    context = {"heading": str(found), "facts": shown, "crumbs": crumbs()}
    return page(request, "refunds/account.html", context)
