"""The settings of custom fields: what returns and lines of this installation have beside ours."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from returns.models import CustomField, FieldKind, Target
from returns.services import create_custom_field, edit_custom_field
from returns.web.settings.basics import edited, nothing_yet
from returns.web.settings.choice_rows import ChoiceRows, moved, rows_of
from rmaproject.shared.errors import NotFound
from rmaproject.shared.words import within
from rmaproject.web.sections import MANAGE, settings_page
from rmaproject.web.staff import StaffRequest, staff

#: What stays as it was made.
FIXED = ("target", "code", "kind")


class CustomFieldForm(forms.Form):
    """A field of this installation. Whether its code is taken, the database says."""

    target = forms.ChoiceField(label=gettext_lazy("Belongs to"), choices=Target.choices)
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("Small letters, figures and _; what other systems send."),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("What is filled in"), choices=FieldKind.choices)
    choices = ChoiceRows(
        label=gettext_lazy("Choices"),
        required=False,
        help_text=gettext_lazy("In the order in which they are offered; only for a choice."),
    )
    position = forms.IntegerField(
        label=gettext_lazy("Position"), min_value=0, max_value=10_000, initial=0
    )
    required = forms.BooleanField(label=gettext_lazy("Must be filled in"), required=False)
    active = forms.BooleanField(label=gettext_lazy("Offered"), required=False, initial=True)

    def __init__(self, data: Any = None, *, known: CustomField | None) -> None:
        super().__init__(data, initial=_initial(known))
        for name in FIXED if known else ():
            del self.fields[name]
        if known is not None and known.kind != FieldKind.CHOICE:
            del self.fields["choices"]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The choices as rows."""
        return rows_of(list(self["choices"].value() or []))

    def after(self, step: str, posted: Any) -> None:
        """Show what was typed with its rows moved, and blame nothing yet."""
        for name, field in self.fields.items():
            self.initial[name] = field.widget.value_from_datadict(posted, {}, name)
        self.initial["choices"] = moved(self.initial.get("choices", []), step)


def _initial(known: CustomField | None) -> dict[str, Any]:
    if known is None:
        return {}
    names = ("name", "position", "required", "active")
    return {name: getattr(known, name) for name in (*names, "choices")}


@staff
def custom_fields(request: StaffRequest) -> HttpResponse:
    """The fields of returns and of lines, those out of use too."""
    request.actor.require(MANAGE)
    rows = [
        {
            "code": row.code,
            "label": row.name,
            "effect": f"{Target(row.target).label}, {within(FieldKind(row.kind).label)}",
            "active": row.active,
            "edit_url": reverse("settings-field", args=[row.uuid]),
        }
        for row in CustomField.objects.order_by("-target", "position", "code")
    ]
    context = {
        "listed": rows,
        "effect_head": _("Kind"),
        "list_heading": _("Fields"),
        "list_text": _("what returns and lines have here beside the usual"),
        "new_url": reverse("settings-new-field"),
        "empty": nothing_yet(
            _("No fields of your own yet"),
            _("Add what only you want to know of a return, like the channel it came by."),
        ),
    }
    return settings_page(request, "fields", context)


@staff
def custom_field(request: StaffRequest, ident: UUID | None = None) -> HttpResponse:
    """Add a field, or change one."""
    request.actor.require(MANAGE)
    known = CustomField.objects.filter(uuid=ident).first() if ident else None
    if ident and known is None:
        raise NotFound(_("There is no such record."), code="not_found")
    step = request.POST.get("do", "")
    form = CustomFieldForm(None if step else request.POST or None, known=known)
    if step:
        form.after(step, request.POST)

    def save(request: StaffRequest, form: CustomFieldForm, known: CustomField | None) -> None:
        if known is None:
            create_custom_field(form.cleaned_data, actor=request.actor)
        else:
            edit_custom_field(known.pk, form.cleaned_data, actor=request.actor)

    heading = known.name if known else _("New field")
    template = "settings/field.html"
    return edited(request, form, known, heading, "settings-fields", save, template=template)
