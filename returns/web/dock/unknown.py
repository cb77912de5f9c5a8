"""A parcel that no return is known for: say what is in it, and it has one."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.selectors import visible_companies
from returns.models import Reason, ReturnOrder
from returns.selectors import visible_returns
from returns.services import ReceiveInput
from returns.services.counts import (
    count_blind,
    count_shipment,
    find_sale,
    live_count,
    read_code,
)
from returns.services.unknown import take_in_unknown
from returns.web.crumbs import dock_crumbs
from returns.web.dock.surprises import Surprises, read_surprises
from returns.web.forms import places
from rmaproject.access.actors import Actor
from rmaproject.shared.errors import DomainError, RuleViolation
from rmaproject.shared.http import status_of
from rmaproject.web.forms import LookUpField, RecordField
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from sales.models import SalesOrder
from sales.selectors import visible_businesses

#: Who may make a return of a shipment that lies at the dock.
SHIPMENT_RIGHTS: Final = (
    "returns.create_return",
    "returns.issue_return",
    "returns.receive_return",
    "sales.view_order",
)


class UnknownParcelForm(forms.Form):
    """What is written on the parcel."""

    business = RecordField(Reason.objects.none(), label=gettext_lazy("Business"), empty_label=None)
    customer = LookUpField(
        label=gettext_lazy("Customer"),
        by=("reference", "name"),
        required=False,
        help_text=gettext_lazy("Reference or name; empty when nobody knows."),
    )
    carrier = forms.CharField(label=gettext_lazy("Carrier"), max_length=100, required=False)
    tracking_number = forms.CharField(
        label=gettext_lazy("Tracking number"), max_length=100, required=False
    )
    location = RecordField(
        Reason.objects.none(),
        label=gettext_lazy("Location"),
        required=False,
        empty_label=gettext_lazy("As usual"),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        customers = visible_companies(actor).filter(is_customer=True, active=True)
        self.fields["customer"].offer(customers)  # type: ignore[attr-defined]
        self.fields["business"].queryset = visible_businesses(actor).order_by("code")  # type: ignore[attr-defined]
        self.fields["location"].queryset = places()  # type: ignore[attr-defined]


@staff
def unknown(request: StaffRequest) -> HttpResponse:
    """Take in what came without a return; it gets one, and waits to be decided or matched."""
    visible_returns(request.actor)
    request.actor.require("returns.receive_unknown")
    request.actor.require("customers.view_company")
    if request.method != "POST":
        told = {"tracking_number": request.GET.get("code", "")[:100]}
        return _page(request, UnknownParcelForm(initial=told, actor=request.actor), Surprises())
    if request.POST.get("do") == "shipment":
        return _from_shipment(request)
    form, found = UnknownParcelForm(request.POST, actor=request.actor), read_surprises(request.POST)
    if not form.is_valid() or found.errors:
        return _page(request, form, found, status=422)
    counted = request.POST.get("do") == "count" and not found.inputs
    try:
        made = _count(request, form) if counted else _take_in(request, form, found)
    except DomainError as refusal:
        return _page(request, form, found, status=status_of(refusal), problem=refusal.message)
    if counted:
        return redirect("returns:count", made.uuid)
    messages.success(request, _("%(reference)s is made.") % {"reference": made.reference})
    return redirect("returns:detail", made.uuid)


def _from_shipment(request: StaffRequest) -> HttpResponse:
    """A return of the sale that an order number or a serial number on the parcel points to."""
    actor, told = request.actor, request.POST.get("shipment", "")
    for right in SHIPMENT_RIGHTS:
        actor.require(right)
    sale, unit = find_sale(SalesOrder.objects.visible_to(actor.scope), read_code(told))
    try:
        if sale is None:
            words = _("No sales order and no sold unit has this number.")
            raise RuleViolation(words, code="not_found")
        tracking = request.POST.get("tracking_number", "")[:100]
        parcel = {"tracking_number": tracking.strip()}
        made = count_shipment(sale, unit=unit, parcel=parcel, actor=actor)
    except DomainError as refusal:
        empty = UnknownParcelForm(initial={"tracking_number": told[:100]}, actor=actor)
        return _page(
            request, empty, Surprises(), status=status_of(refusal), problem=refusal.message
        )
    messages.success(request, _("%(reference)s is made.") % {"reference": made.reference})
    counting = live_count(made) is not None
    return redirect("returns:count" if counting else "returns:detail", made.uuid)


def _count(request: StaffRequest, form: UnknownParcelForm) -> ReturnOrder:
    told = form.cleaned_data
    parcel = {name: told[name] for name in ("carrier", "tracking_number")}
    return count_blind(
        told["business"], customer=told["customer"], parcel=parcel, actor=request.actor
    )


def _take_in(request: StaffRequest, form: UnknownParcelForm, found: Surprises) -> ReturnOrder:
    told = form.cleaned_data
    given = ReceiveInput(unexpected=found.inputs, location=told["location"], note=told["note"])
    parcel = {name: told[name] for name in ("carrier", "tracking_number")}
    return take_in_unknown(
        told["business"], given, customer=told["customer"], parcel=parcel, actor=request.actor
    )


def _page(
    request: StaffRequest,
    form: UnknownParcelForm,
    found: Surprises,
    *,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    may_ask = request.actor.may("returns.create_return")
    context = {
        "heading": _("Unknown parcel"),
        "text": _("Nothing is refused. What is in it is held until somebody decides about it."),
        "form": form,
        "crumbs": dock_crumbs(),
        "unexpected": found.rows,
        "spare_rows": found.spare_rows,
        "problems": [problem] if problem else [],
        "save_label": _("Take it in"),
        "cancel_url": reverse("returns:to_receive"),
        "ask_url": reverse("returns:new") if may_ask else "",
        "by_shipment": all(map(request.actor.may, SHIPMENT_RIGHTS)),
        "by_scan": request.actor.may("returns.receive_return"),
        "code": request.POST.get("shipment", request.GET.get("code", "")),
    }
    return page(request, "returns/unknown.html", context, status=status)
