"""The bank account that a business pays from."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from rmaproject.access.selectors import access
from rmaproject.web.pages import page
from rmaproject.web.sections import section_crumbs
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from sales.models import BankDetails
from sales.selectors import visible_businesses
from sales.services.banking import keep_bank_details
from sales.web.refund_forms import AccountForm

MANAGE = "access.manage_settings"
EDIT = "sales.edit_bank_details"


@staff
def paying_account(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Enter the account; it takes the place of the one before."""
    actor = request.actor
    seen = visible_businesses(actor)
    business = access(seen, ident, actor=actor, permissions=(MANAGE, EDIT))
    form = AccountForm(request.POST or None)

    def act() -> BankDetails:
        return keep_bank_details(form.account(), business=business, actor=actor)

    outcome = submit(request, form, act)
    back = reverse("settings-business", args=[business.uuid])
    if outcome.done:
        messages.success(request, _("The account is kept."))
        return redirect(back)
    now = BankDetails.objects.filter(business=business, retired_at=None).first()
    text = _("Now %(account)s. A new one takes its place.") % {"account": now} if now else ""
    context = {
        "heading": _("%(business)s pays from") % {"business": business},
        "text": text,
        "form": form,
        "cancel_url": back,
        "crumbs": [*section_crumbs("settings-businesses"), {"label": business.name, "url": back}],
    }
    return page(request, "form.html", context, status=outcome.status)
