"""The form that grants sight of a record, and whom it is about."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Company
from returns.models import ReturnOrder
from rmaproject.access.actors import Actor
from rmaproject.access.models import User
from rmaproject.access.sight import Holder
from rmaproject.shared.errors import NotFound
from rmaproject.web.forms import LookUpField
from sales.models import Business

#: By kind: its rows, and the columns that a person may type.
LOOKED_UP: Final[dict[str, tuple[Any, tuple[str, ...]]]] = {
    "businesses": (Business, ("code", "name")),
    "companies": (Company, ("reference", "name")),
    "returns": (ReturnOrder, ("reference",)),
}


class GrantForm(forms.Form):
    """One record by its kind and its name or number, among those that the actor sees."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[
            ("businesses", gettext_lazy("Business, with all its records")),
            ("companies", gettext_lazy("Customer, with all its records")),
            ("returns", gettext_lazy("A single return")),
        ],
    )
    record = forms.CharField(
        label=gettext_lazy("Which"),
        max_length=200,
        help_text=gettext_lazy("Its code, number or name."),
    )

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data)
        self.actor = actor

    def clean(self) -> dict[str, Any]:
        """The record itself in place of what was typed."""
        values = super().clean() or self.cleaned_data
        if "kind" in values and "record" in values:
            model, by = LOOKED_UP[values["kind"]]
            field = LookUpField(model.objects.visible_to(self.actor.scope), by=by)
            try:
                values["record"] = field.clean(values["record"])
            except forms.ValidationError as error:
                self.add_error("record", error)
        return values


def holder_of(given: Any) -> Holder | None:
    """The person or role that is named; None where nobody is. Raises NotFound."""
    for name, model in (("user", User), ("role", Group)):
        key = given.get(name, "")
        if not key:
            continue
        found = None
        if key.isascii() and key.isdigit() and len(key) < 10:
            found = model.objects.filter(pk=int(key)).first()
        if found is None:
            raise NotFound(_("There is no such user or role."), code="not_found")
        return found
    return None
