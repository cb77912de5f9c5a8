"""What steps on many rows share: what they ask for, and values as a job keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rmaproject.access.models import User
from rmaproject.shared.errors import RuleViolation
from rmaproject.web.forms import DayField

#: Fields that steps on many rows write.
EDITED: Final = ("responsible_user", "responsible_group", "target_date")


class StepForm(forms.Form):
    """What is asked before any step on many rows."""

    in_one = forms.ChoiceField(
        label=gettext_lazy("If a row cannot be done"),
        choices=[
            ("", gettext_lazy("Row by row: do the others, and list what was not done")),
            ("on", gettext_lazy("All or nothing: change no row at all")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )

    def values(self) -> dict[str, Any]:
        """What the step is done with."""
        return {}


class DueForm(StepForm):
    """Which day it shall be done by."""

    target_date = DayField(label=gettext_lazy("Due"), required=False)
    field_order = ("target_date", "in_one")

    def values(self) -> dict[str, Any]:
        day = self.cleaned_data["target_date"]
        return {"target_date": day.isoformat() if day else None}


class ReasonForm(StepForm):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)
    field_order = ("reason", "in_one")

    def values(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


def edited_values(values: dict[str, Any]) -> dict[str, Any]:
    """What a job holds, as the service takes it. Raises RuleViolation `unknown_owner`."""
    made: dict[str, Any] = {}
    for name in EDITED:
        if name in values:
            made[name] = _value(name, values[name])
    return made


def _value(name: str, kept: Any) -> Any:
    if kept is None:
        return None
    if name == "target_date":
        return date.fromisoformat(kept)
    model = User if name == "responsible_user" else Group
    found = model.objects.filter(pk=kept).first()
    if found is None or (isinstance(found, User) and not found.is_active):
        raise RuleViolation(_("This owner is not there any more."), code="unknown_owner")
    return found


def kept_values(root: Any, names: Sequence[str]) -> dict[str, Any]:
    """What a record holds of these, as a job keeps it."""
    made: dict[str, Any] = {}
    for name in names:
        day = root.target_date
        plain = day.isoformat() if day else None
        made[name] = plain if name == "target_date" else getattr(root, f"{name}_id")
    return made
