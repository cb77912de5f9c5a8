"""One field of a return, edited where it stands."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from returns import services
from returns.selectors import access_return
from returns.web.record.detail import detail_page
from rmaproject.access.models import User
from rmaproject.shared.errors import DomainError, Malformed
from rmaproject.web.forms import DayField
from rmaproject.web.planning.owning import owners
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version


def _owner() -> forms.Field:
    return forms.ChoiceField(required=False, choices=[("", ""), *owners()])


#: What can be edited in place, and what reads the posted value.
FIELDS: Final[dict[str, Any]] = {
    "responsible": _owner,
    "target_date": lambda: DayField(required=False),
    "customer_reference": lambda: forms.CharField(required=False, max_length=64),
}


@staff
@require_POST
def edit_field(request: StaffRequest, ident: UUID, name: str) -> HttpResponse:
    """Change one field of a return; a refusal shows the return as it stands and says why not."""
    order = access_return(request.actor, ident, for_action="edit")
    try:
        values = _values(name, request.POST.get("value", ""))
        at_version(
            request,
            order,
            lambda: services.edit_return(order.pk, values, actor=request.actor),
        )
    except DomainError as refusal:
        return detail_page(request, ident, refusal)
    messages.success(request, _("Saved."))
    return redirect("returns:detail", ident)


def _values(name: str, text: str) -> dict[str, Any]:
    """The posted value as the service takes it. Raises Malformed `invalid`."""
    try:
        value = FIELDS[name]().clean(text)
    except forms.ValidationError as error:
        raise Malformed(" ".join(error.messages), code="invalid", pointer=f"/{name}") from error
    if name != "responsible":
        return {name: value}
    kind, key = value[:1], value[1:]
    return {
        "responsible_user": User.objects.get(pk=key) if kind == "u" else None,
        "responsible_group": Group.objects.get(pk=key) if kind == "g" else None,
    }
