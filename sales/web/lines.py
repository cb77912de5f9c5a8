"""The lines of a sales order: added, changed, taken out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rmaproject.shared.errors import NotFound
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from rmaproject.web.versions import at_version
from sales.models import OrderLine, SalesOrder
from sales.selectors import access_order
from sales.services.orders import add_lines, edit_line, remove_line
from sales.web.crumbs import crumbs
from sales.web.forms import LineChangeForm, LineForm, line_suggestions


def order_frame(order: SalesOrder, heading: str) -> dict[str, Any]:
    """What every form about an order has around it."""
    return {
        "heading": heading,
        "version": order.version,
        "cancel_url": reverse("sales:detail", args=[order.uuid]),
        "crumbs": crumbs(order),
    }


def line_of(order: SalesOrder, ident: UUID) -> OrderLine:
    """A line of this order. Raises NotFound."""
    line = order.lines.select_related("part").filter(uuid=ident).first()
    if line is None:
        raise NotFound(_("There is no such line."), code="not_found")
    return line


@staff
def add(request: StaffRequest, ident: UUID) -> HttpResponse:
    """A line more for an open order."""
    actor = request.actor
    order = access_order(actor, ident, for_action="edit")
    form = LineForm(request.POST or None, suggestions=line_suggestions())

    def act() -> SalesOrder:
        return add_lines(order.pk, [form.values()], actor=actor)

    outcome = submit(request, form, lambda: at_version(request, order, act))
    if outcome.done:
        return redirect("sales:detail", order.uuid)
    words = {"form": form, "save_label": _("Add line"), "text": order.customer.name}
    context = {**order_frame(order, _("Add line item")), **words}
    return page(request, "form.html", context, status=outcome.status)


@staff
def edit(request: StaffRequest, ident: UUID, line_ident: UUID) -> HttpResponse:
    """Quantity, price and text of a line that was not invoiced."""
    actor = request.actor
    order = access_order(actor, ident, for_action="edit")
    line = line_of(order, line_ident)
    form = LineChangeForm(request.POST or None, initial=LineChangeForm.initial_of(line))

    def act() -> SalesOrder:
        return edit_line(order.pk, line.pk, dict(form.cleaned_data), actor=actor)

    outcome = submit(request, form, lambda: at_version(request, order, act))
    if outcome.done:
        return redirect("sales:detail", order.uuid)
    remove_url = reverse("sales:remove_line", args=[order.uuid, line.uuid])
    context = {
        **order_frame(order, line.name or line.get_kind_display()),
        "form": form,
        "text": line.part.sku if line.part else line.get_kind_display(),
        "remove_url": remove_url,
        "remove_label": "" if line.allocated or line.shipped else _("Remove line"),
    }
    return page(request, "form.html", context, status=outcome.status)


@require_POST
@staff
def remove(request: StaffRequest, ident: UUID, line_ident: UUID) -> HttpResponse:
    """Take a line out of which nothing was allocated, shipped or invoiced."""
    order = access_order(request.actor, ident, for_action="edit")
    line = line_of(order, line_ident)
    at_version(request, order, lambda: remove_line(order.pk, line.pk, actor=request.actor))
    messages.success(request, _("The line is taken out."))
    return redirect("sales:detail", order.uuid)
