"""Number patterns: how each business numbers its documents, with the number that comes next."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from returns.web.settings.basics import find_record
from rmaproject.audit.models import Aggregate
from rmaproject.shared import clock, references
from rmaproject.shared.errors import DomainError, NotFound
from rmaproject.shared.http import status_of
from rmaproject.web.pages import page
from rmaproject.web.sections import MANAGE, section_crumbs, settings_page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version, shown_version
from sales.models import Business, Counter, Document, ReferencePattern
from sales.models.business import DEFAULT_PATTERNS
from sales.services.businesses import set_pattern

MOST: Final = 64


class PatternsForm(forms.Form):
    """The pattern of each kind of document; left empty it is the usual one."""

    def __init__(self, data: Any, patterns: dict[str, str], examples: dict[str, str]) -> None:
        super().__init__(data)
        words = gettext_lazy("Next: %(example)s. {year} and {month} may stand beside {ref}.")
        for document, label in Document.choices:
            field = forms.CharField(label=label, max_length=MOST, required=False)
            field.initial = patterns[document]
            field.help_text = words % {"example": examples[document]}
            self.fields[document] = field

    def clean(self) -> dict[str, Any]:
        """Each pattern is checked, so each mistake stands at its own field."""
        values = super().clean() or self.cleaned_data
        for document, pattern in list(values.items()):
            try:
                references.check_pattern(pattern) if pattern else None
            except DomainError as refusal:
                self.add_error(document, refusal.message)
        return values

    def changed(self) -> dict[str, str]:
        """The patterns that differ from what holds now."""
        return {
            document: pattern
            for document, pattern in self.cleaned_data.items()
            if pattern and pattern != self.fields[document].initial
        }


@staff
def numbers(request: StaffRequest) -> HttpResponse:
    """Each business with its patterns and what the next documents will be called."""
    request.actor.require(MANAGE)
    rows = [_business(row) for row in Business.objects.order_by("code")]
    return settings_page(request, "numbers", {"businesses": rows})


@staff
def number(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Change how a business numbers its documents."""
    request.actor.require(MANAGE)
    known: Business | None = find_record(Business, ident)
    if known is None:
        raise NotFound(_("There is no such record."), code="not_found")
    patterns = _patterns(known)
    form = PatternsForm(request.POST or None, patterns, _next(known, patterns))
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            at_version(request, known, lambda: _save(request, known, form))
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("Saved."))
            return redirect("settings-numbers")
    return _number_page(request, known, form, refusal)


def _save(request: StaffRequest, known: Aggregate, form: PatternsForm) -> None:
    with transaction.atomic():
        for document, pattern in form.changed().items():
            set_pattern(known.pk, document, pattern, actor=request.actor)


def _number_page(
    request: StaffRequest, known: Business, form: PatternsForm, refusal: DomainError | None
) -> HttpResponse:
    context = {
        "heading": _("Numbers of %(name)s") % {"name": known.name},
        "form": form,
        "version": shown_version(request, known, refusal),
        "problems": [refusal.message] if refusal else [],
        "cancel_url": reverse("settings-numbers"),
        "crumbs": section_crumbs("settings-numbers"),
    }
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return page(request, "form.html", context, status=status)


def _business(row: Business) -> dict[str, Any]:
    patterns = _patterns(row)
    examples = _next(row, patterns)
    return {
        "name": row.name,
        "code": row.code,
        "edit_url": reverse("settings-number", args=[row.uuid]),
        "documents": [
            {"label": label, "pattern": patterns[document], "next": examples[document]}
            for document, label in Document.choices
        ],
    }


def _patterns(business: Business) -> dict[str, str]:
    own = ReferencePattern.objects.filter(business=business).values_list("document", "pattern")
    return {**{str(key): text for key, text in DEFAULT_PATTERNS.items()}, **dict(own)}


def _next(business: Business, patterns: dict[str, str]) -> dict[str, str]:
    """What the next document of each kind would be called today, drawn from no counter."""
    today = clock.today(business)
    rows = Counter.objects.filter(business=business)
    last = {(row.series, row.period): row.last for row in rows}
    return {
        document: references.render(
            pattern,
            ref=last.get((document, references.period_of(pattern, today)), 0) + 1,
            on=today,
        )
        for document, pattern in patterns.items()
    }
