"""Forms about people and roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from rmaproject.access.models import User
from rmaproject.web.people_words import role_name


class PersonForm(forms.Form):
    """Somebody's names, address and roles."""

    username = forms.CharField(
        label=_("User name"), max_length=150, help_text=_("What they log in with.")
    )
    email = forms.EmailField(label=_("Email"), required=False)
    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    roles = forms.ModelMultipleChoiceField(
        Group.objects.order_by("pk"),
        label=_("Roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, known: User | None = None) -> None:
        names = ("username", "email", "first_name", "last_name")
        first: dict[str, Any] = {name: getattr(known, name) for name in names} if known else {}
        if known is not None:
            first["roles"] = list(known.groups.values_list("pk", flat=True))
        super().__init__(data, initial=first)
        roles: Any = self.fields["roles"]
        roles.label_from_instance = role_name

    def values(self) -> dict[str, str]:
        """What the service is told beside the roles."""
        return {name: value for name, value in self.cleaned_data.items() if name != "roles"}


class NewPersonForm(PersonForm):
    """A person, or a service user."""

    service = forms.BooleanField(
        label=_("Only programs act as this user"),
        required=False,
        help_text=_("A service user cannot log in; it gets tokens."),
    )

    def values(self) -> dict[str, str]:
        """What the service is told beside the roles and the kind."""
        return {name: value for name, value in super().values().items() if name != "service"}


class RoleNameForm(forms.Form):
    """A new role, or a new name."""

    name = forms.CharField(label=_("Name"), max_length=150)


class NewRoleForm(RoleNameForm):
    """A role to begin with the rights of another one."""

    copied = forms.ModelChoiceField(
        Group.objects.order_by("pk"),
        label=_("With the rights of"),
        required=False,
        empty_label=_("None yet"),
    )
