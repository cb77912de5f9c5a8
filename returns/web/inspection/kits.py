"""Parts of kits that came back, put back on the shelf as whole kits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from returns import services
from returns.counting import undecided
from returns.models import Action, Disposition, ReturnOrder
from returns.selectors import permission_for
from returns.services import KitRestockInput
from returns.states import VERBS
from returns.web.crumbs import crumbs
from returns.web.record.loading import Dossier, opened
from rmaproject.access.actors import Actor
from rmaproject.shared.transitions import find_verb
from rmaproject.web.forms import LookUpField, QuantityField, RecordField
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from rmaproject.web.versions import at_version
from sales.models import OrderLine
from stock.models import Location


class RestockKitForm(forms.Form):
    """Which kit is put together again, how many of it, and where."""

    kit_line = RecordField(OrderLine.objects.none(), label=gettext_lazy("Kit"))
    disposition = RecordField(Disposition.objects.none(), label=gettext_lazy("Disposition"))
    quantity = QuantityField(
        required=False,
        label=gettext_lazy("Kits"),
        help_text=gettext_lazy("All that are complete when left empty."),
    )
    location = LookUpField(
        by=("code", "name"),
        required=False,
        label=gettext_lazy("Location"),
        help_text=gettext_lazy("Where the parts lie when left empty."),
    )

    def __init__(self, *args: Any, papers: Dossier, **options: Any) -> None:
        super().__init__(*args, **options)
        kits = {line.kit_line_id for line in papers.lines if line.kit_line_id}
        good = Disposition.objects.filter(active=True, action=Action.RESTOCK)
        fields: Any = self.fields
        fields["kit_line"].queryset = OrderLine.objects.filter(pk__in=kits).order_by("number")
        fields["kit_line"].label_from_instance = lambda line: line.name
        fields["disposition"].queryset = good.order_by("name")
        fields["disposition"].initial = good.order_by("pk").first()
        fields["location"].offer(Location.objects.filter(active=True))


def restock_kit_url(papers: Dossier, actor: Actor) -> str:
    """The address of the form; "" where nothing of a kit waits or the actor may not decide."""
    order = papers.order
    waits = any(line.kit_line_id and undecided(line) > 0 for line in papers.lines)
    legal = order.status in find_verb(VERBS, "dispose").sources
    if not (waits and legal and actor.may(permission_for("dispose"))):
        return ""
    return reverse("returns:restock_kit", args=[order.uuid])


@staff
def restock_kit(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Restock received parts of a sold kit as whole kits."""
    papers = opened(request, ident, "dispose")
    order = papers.order
    form = RestockKitForm(request.POST or None, papers=papers)

    def act() -> ReturnOrder:
        given = KitRestockInput(**form.cleaned_data)
        return services.restock_kit(order.pk, given, actor=request.actor)

    outcome = submit(request, form, lambda: at_version(request, order, act))
    if outcome.done:
        messages.success(request, _("The kits are back in stock."))
        return redirect("returns:detail", ident)
    context = {
        "heading": _("Restock as kit"),
        "form": form,
        "text": order.customer.name,
        "version": order.version,
        "crumbs": crumbs(order),
        "cancel_url": reverse("returns:detail", args=[order.uuid]),
        "save_label": _("Put back as kits"),
    }
    return page(request, "form.html", context, status=outcome.status)
