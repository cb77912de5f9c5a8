"""A customer asks to send goods back: the form for a new return."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from returns import services
from returns.models import ReturnOrder
from returns.selectors import customers_named
from returns.services.editing import add_parcel
from returns.services.previewing import preview_request, request_as_foreseen, shown
from returns.switch import require_returns_on
from returns.web.asking.choosing import choice_context, customer_rows, opened_form, with_business
from returns.web.asking.pasting import Pasted, paste, paste_of_parcel
from returns.web.asking.picking import Choice, Picked, blind_lines
from returns.web.asking.previews import preview_context
from returns.web.crumbs import crumbs
from returns.web.forms import NewReturnForm, active_reasons, outcomes
from returns.web.record.rules import problems_of
from rmaproject.shared.errors import DomainError
from rmaproject.shared.http import status_of
from rmaproject.web.lists import searched
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff

#: What is drawn anew while somebody fills in the form with scripts on.
PARTS: Final = {"pick": "returns/_choice.html", "preview": "returns/_money_ahead.html"}
#: How many customers are offered while somebody types.
OFFERED: Final = 8


@staff
def new(request: StaffRequest) -> HttpResponse:
    """Choose a customer, then what comes back; saved as pending, or issued at once."""
    require_returns_on()
    request.actor.require("returns.create_return")
    if request.method != "POST":
        form = opened_form(request)
        return _Asking(request, form, request.GET).page()
    from_parcel = request.POST.get("from") == "unknown"
    posted = paste_of_parcel(request.POST) if from_parcel else request.POST
    data = with_business(request.actor, posted)
    asking = _Asking(request, NewReturnForm(data, actor=request.actor), data)
    return asking.answer(_step(data))


@staff
@require_safe
def customers(request: StaffRequest) -> HttpResponse:
    """Those customers that a typed text may mean, while it is typed."""
    require_returns_on()
    request.actor.require("returns.create_return")
    request.actor.require("customers.view_company")
    text = searched(request, "customer")
    found = customers_named(request.actor, text)[: OFFERED + 1] if text else ()
    context = {"text": text, **customer_rows(list(found), OFFERED)}
    return page(request, "returns/_customers.html", context)


def _step(data: QueryDict) -> str:
    """What was pressed: a button that moves the page of purchases only shows the form again."""
    moved = any(data.get(name) for name in ("go", "pick_customer"))
    return "pick" if moved else data.get("do", "save")


class _Asking:
    """The form as it was posted, on its way to a return or back to the page."""

    def __init__(self, request: StaffRequest, form: NewReturnForm, data: QueryDict) -> None:
        self.request, self.form, self.data = request, form, data
        self.actor = request.actor
        self.valid = form.is_bound and form.is_valid()
        self.pasted: Pasted | None = None
        self.choice = self._choice()
        self.picked = self.choice.picked() if self.choice else Picked()
        reasons = self.choice.reasons if self.choice else {}
        posted = self.data if form.is_bound else QueryDict()
        self.blind = blind_lines(self.actor, posted, reasons, self.picked)

    def _choice(self) -> Choice | None:
        known = getattr(self.form, "cleaned_data", {})
        customer, business = known.get("customer"), known.get("business")
        if customer is None or business is None:
            return None
        return Choice(self.actor, customer, business, self.data)

    def answer(self, step: str) -> HttpResponse:
        """Show the form again as asked, or save."""
        if step == "paste":
            return self._paste()
        if step == "pick":
            return self.page(status=200 if self.valid else 422, part=PARTS["pick"])
        part = PARTS.get(step, "")
        if not self.valid or self.picked.problems:
            return self.page(status=422, problems=self.picked.problems, part=part)
        try:
            if step == "preview":
                seen = preview_request(**self._asked())
                return self.page(preview=shown(seen), part=part)
            made = self._save(step)
        except DomainError as refusal:
            return self._refused(refusal, part)
        messages.success(self.request, _("%(reference)s is made.") % {"reference": made.reference})
        return redirect("returns:detail", made.uuid)

    def _refused(self, refusal: DomainError, part: str) -> HttpResponse:
        self.picked.blame(refusal)
        return self.page(
            status=status_of(refusal),
            problems=problems_of(refusal),
            preview=refusal.facts.get("preview"),
            part=part,
        )

    def _paste(self) -> HttpResponse:
        """Make lines of a pasted list, and show the form with them ticked."""
        pasted = paste(self.actor, self.form, self.data)
        form = NewReturnForm(pasted.data, actor=self.actor)
        again = _Asking(self.request, form, pasted.data)
        again.pasted = pasted
        return again.page(status=422 if pasted.problem else 200)

    def _asked(self) -> dict[str, Any]:
        """What the form asks for, as the service takes it."""
        return {
            "business": self.form.cleaned_data["business"],
            "customer": self.form.cleaned_data["customer"],
            "lines": self.picked.inputs,
            "actor": self.actor,
            "override_reason": self.form.override(),
            **self.form.values(),
        }

    def _save(self, step: str) -> ReturnOrder:
        """Make the return as previewed, and issue it where that was asked: both or nothing."""
        asked, token = self._asked(), self.data.get("preview", "")
        parcel = self.form.parcel()
        with transaction.atomic():
            made = (
                request_as_foreseen(token, **asked) if token else services.request_return(**asked)
            )
            if step == "issue":
                self.actor.require("returns.issue_return")
                made = services.issue_return(made.pk, actor=self.actor)
            if parcel:
                add_parcel(made.pk, parcel, actor=self.actor)
        return made

    def page(
        self,
        *,
        status: int = 200,
        problems: list[str] | None = None,
        preview: dict[str, Any] | None = None,
        part: str = "",
    ) -> HttpResponse:
        """The form with everything that was typed into it."""
        context = {
            "form": self.form,
            "problems": problems or (self.pasted.problems if self.pasted else []),
            "pasted": self.pasted,
            "paste_text": self.data.get("paste", ""),
            "cancel_url": reverse("returns:list"),
            "crumbs": crumbs(),
            "can_pick": True,
            "can_preview": True,
            "customers_url": reverse("returns:new_customers"),
            "preview": preview_context(preview),
            "reasons": active_reasons(),
            "outcomes": outcomes(),
            "blank_outcome": True,
            "issue": self.actor.may("returns.issue_return"),
            "problem_count": len(self.picked.errors),
            "blind": self.blind,
            "blind_open": any(row["part"] for row in self.blind),
            **customer_rows(self.form.candidates(), OFFERED),
            **choice_context(self.choice, self.picked),
        }
        return page(self.request, "returns/form.html", context, status=status, part=part)
