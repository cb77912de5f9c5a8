"""The form of a new token."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rmaproject.access.actors import Actor
from rmaproject.access.models import User
from rmaproject.access.roles import MANAGE_USERS
from rmaproject.access.scopes import WORDS
from rmaproject.access.selectors import service_users
from rmaproject.web.forms import DayField


class TokenForm(forms.Form):
    """What a token is for, what it opens, how long and from where."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=100,
        help_text=gettext_lazy("The program that will use it."),
    )
    user = forms.ChoiceField(label=gettext_lazy("Acts for"), required=False)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Opens"),
        required=False,
        choices=list(WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing chosen opens all that its user may do."),
    )
    until = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("By the clock of Greenwich; without one it lasts until revoked."),
    )
    addresses = forms.CharField(
        label=gettext_lazy("Only from"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Addresses or networks such as 192.0.2.0/24, one a line."),
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.actor = actor
        choices = [("", _("Yourself"))]
        if actor.may(MANAGE_USERS):
            choices += [(name, name) for name in service_users().values_list("username", flat=True)]
        self.fields["user"].choices = choices  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the service is told, without whom the token acts for."""
        told = self.cleaned_data
        ends = told["until"] and datetime.combine(told["until"] + timedelta(1), time(), UTC)
        return {
            "name": told["name"],
            "scopes": told["scopes"] or None,
            "expires_at": ends,
            "addresses": told["addresses"].split(),
        }

    def holder(self) -> Any:
        """Whom the token acts for."""
        named = self.cleaned_data["user"]
        return User.objects.get(username=named) if named else self.actor.user
