"""What somebody changes for themselves: language, time zone, theme, keys, password."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from rmaproject.access.models import User
from rmaproject.access.preferences import change_password, save_preferences, time_zones
from rmaproject.web.errors import back
from rmaproject.web.pages import page
from rmaproject.web.reader import THEMES, remember_theme
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit

THEME_CHOICES = [
    ("", gettext_lazy("As the system")),
    ("light", gettext_lazy("Light")),
    ("dark", gettext_lazy("Dark")),
]


class PreferencesForm(forms.Form):
    """How the desk is shown to this person."""

    language = forms.ChoiceField(required=False, label=gettext_lazy("Language"))
    time_zone = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("What is due today follows the zone of the business all the same."),
    )
    theme = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Theme"),
        choices=THEME_CHOICES,
        widget=forms.RadioSelect,
    )
    single_keys = forms.BooleanField(
        required=False,
        label=gettext_lazy("Shortcuts by a single key"),
        help_text=gettext_lazy("Switch them off where speech or a scanner types by itself."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = [(code, translation.gettext(name)) for code, name in settings.LANGUAGES]
        zones = [(name, name.replace("_", " ")) for name in time_zones()]
        self._choose("language", [("", _("As the browser")), *languages])
        self._choose("time_zone", [("", _("As the business")), *zones])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices


def _password(label: Any, known_as: str, **options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": known_as})
    return forms.CharField(label=label, strip=False, max_length=500, widget=widget, **options)


class PasswordForm(forms.Form):
    """The old password and the new one; what is typed is never shown again."""

    old = _password(gettext_lazy("Present password"), "current-password")
    new = _password(
        gettext_lazy("New password"),
        "new-password",
        help_text=gettext_lazy("At least ten characters; a sentence is easy to remember."),
    )


@staff
def me(request: StaffRequest) -> HttpResponse:
    """One's own preferences."""
    user = request.user
    initial = {name: getattr(user, name) for name in PreferencesForm.base_fields}
    form = PreferencesForm(request.POST or None, initial=initial)
    outcome = submit(request, form, lambda: save_preferences(user, **form.cleaned_data))
    if outcome.done:
        with translation.override(user.language or translation.get_language()):
            messages.success(request, _("Saved."))
        answer = redirect("me")
        remember_theme(answer, user.theme)
        return answer
    return _page(request, status=outcome.status, form=form)


@sensitive_post_parameters()
@staff
@require_POST
def password(request: StaffRequest) -> HttpResponse:
    """One's own password; the session at hand goes on, all others end."""
    form = PasswordForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    outcome = submit(request, form, lambda: change_password(request.user, **given))
    if outcome.done:
        update_session_auth_hash(request, outcome.value)
        messages.success(request, _("The password is changed. Other sessions have ended."))
        return redirect("me")
    return _page(request, status=outcome.status, password_form=form)


@staff
@require_POST
def theme(request: StaffRequest) -> HttpResponse:
    """The switch in the menu: kept for the person, and in the browser for the page to log in."""
    chosen = request.POST.get("theme", "")
    save_preferences(request.user, theme=chosen if chosen in THEMES else "")
    answer = redirect(back(request) or reverse("me"))
    remember_theme(answer, request.user.theme)
    return answer


def _page(request: StaffRequest, *, status: int, **forms_shown: Any) -> HttpResponse:
    user: User = request.user
    initial = {name: getattr(user, name) for name in PreferencesForm.base_fields}
    context = {"form": PreferencesForm(initial=initial), "password_form": PasswordForm()}
    return page(request, "me.html", {**context, **forms_shown}, status=status)
