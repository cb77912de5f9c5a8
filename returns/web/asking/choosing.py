"""What the forms of a return show of a customer: who it is, and what can come back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from customers.models import Company
from customers.selectors import primary_addresses
from returns.models import Reason
from returns.web.asking.picking import Choice, Picked
from returns.web.forms import NewReturnForm
from rmaproject.access.actors import Actor
from rmaproject.web.lists import searched
from rmaproject.web.nav import address
from rmaproject.web.staff import StaffRequest
from sales.models import SalesOrder
from sales.selectors import visible_businesses


def opened_form(request: StaffRequest) -> NewReturnForm:
    """The empty form; bound to customer and business where a link names them."""
    data = request.GET.copy()
    if not searched(request, "customer"):
        own = visible_businesses(request.actor).order_by("code").first()
        initial = {"business": data.get("business") or str(own.uuid if own else "")}
        return NewReturnForm(initial=initial, actor=request.actor)
    data = with_business(request.actor, data)
    form = NewReturnForm(data, actor=request.actor)
    if form.is_valid():
        data["customer"] = form.cleaned_data["customer"].reference
    return form


def with_business(actor: Actor, data: QueryDict) -> QueryDict:
    """What was posted, with the customer that was pressed, and a business where none is named.

    That is the one which sold to the customer last: most customers buy of one.
    """
    data = data.copy()
    if chosen := data.get("pick_customer"):
        data["customer"] = chosen
    if data.get("business") and not chosen:
        return data
    sold = SalesOrder.objects.visible_to(actor.scope).order_by("-pk")
    customer = _customer_of(NewReturnForm({"customer": data.get("customer", "")}, actor=actor))
    bought = sold.filter(customer=customer) if customer else sold.none()
    if data.get("business") and bought.filter(business__uuid=data["business"]).exists():
        return data
    last = bought.select_related("business").first()
    own = last.business if last else visible_businesses(actor).order_by("code").first()
    if own is not None and (last or not data.get("business")):
        data["business"] = str(own.uuid)
    return data


def _customer_of(form: NewReturnForm) -> Company | None:
    form.is_valid()
    found: Company | None = form.cleaned_data.get("customer")
    return found


def customer_rows(found: Sequence[Company], most: int) -> dict[str, Any]:
    """Customers to choose from, with what tells two of one name apart."""
    places = primary_addresses(found[:most]) if found else {}
    rows = []
    for company in found[:most]:
        place = places.get(company.pk)
        country = (place.country if place else "") or company.country
        told = (company.reference, place.city if place else "", country, company.email)
        rows.append(
            {
                "reference": company.reference,
                "name": company.name,
                "about": " · ".join(filter(None, told)),
                "active": company.active,
            }
        )
    return {"customers": rows, "more_customers": len(found) > most}


def choice_context(choice: Choice | None, picked: Picked) -> dict[str, Any]:
    """What can be returned, or the words for why nothing is shown."""
    if choice is None:
        text = _("Name the customer, and what they bought appears here.")
        empty = {"icon": "company", "title": _("Who returns?"), "text": text}
        return {"lines_empty": empty, "groups": None}
    shown = choice.page()
    groups = choice.groups(shown, picked.errors)
    return {
        "customer_line": _customer_line(choice.customer),
        "groups": groups,
        "find": choice.find,
        "newer": f"before:{shown.newer}" if shown.newer else "",
        "older": f"after:{shown.older}" if shown.older else "",
        "chosen_count": len(picked.lines),
        "lines_empty": _nothing(choice),
    }


def _customer_line(customer: Company) -> dict[str, str]:
    row = customer_rows([customer], 1)["customers"][0]
    return {**row, "url": address("customers:detail", customer.uuid)}


def _nothing(choice: Choice) -> dict[str, str]:
    if choice.find:
        text = _("Look for a part, an order, an invoice or a serial number.")
        return {"icon": "search", "title": _("Nothing that was sold fits"), "text": text}
    text = _("This business shipped nothing to %(name)s.") % {"name": choice.customer.name}
    return {"icon": "order", "title": _("No sales"), "text": text}


def reasons_by_key() -> dict[str, Reason]:
    """The reasons in use by the key that forms post."""
    return {str(row.uuid): row for row in Reason.objects.filter(active=True)}
