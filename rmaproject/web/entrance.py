"""The way in and out: log in, log out, and the page to start from."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import (
    INTERNAL_RESET_SESSION_TOKEN,
    LoginView,
    LogoutView,
    PasswordResetConfirmView,
)
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_variables

from rmaproject.access.people import set_password
from rmaproject.web import guarding
from rmaproject.web.errors import trouble
from rmaproject.web.nav import navigation
from rmaproject.web.reader import remember_theme
from rmaproject.web.staff import StaffRequest


class LoginForm(AuthenticationForm):
    """Name and password; who guesses has to wait, in words that say how long."""

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username", "")
        request = cast("HttpRequest", self.request)
        if seconds := guarding.seconds_to_wait(request, name):
            raise ValidationError(_wait(seconds), code="wait")
        try:
            told: dict[str, Any] = super().clean()
        except ValidationError as error:
            guarding.wrong(request, name)
            words = _("Check the user name and the password. Capital letters matter in both.")
            raise ValidationError(words, code=error.code) from error
        guarding.right(request, name)
        return told


def _wait(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return ngettext(
        "Too many wrong passwords. Wait %(n)d minute, or ask an administrator for a new one.",
        "Too many wrong passwords. Wait %(n)d minutes, or ask an administrator for a new one.",
        minutes,
    ) % {"n": minutes}


class Login(LoginView):
    """Name and password; the next page only on this site."""

    template_name = "login.html"
    form_class = LoginForm
    redirect_authenticated_user = True
    # Django would call the site by its host name; our pages have a name of their own.
    extra_context = {"site_name": ""}

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        waits = any(error.code == "wait" for error in form.non_field_errors().as_data())
        context: dict[str, Any] = self.get_context_data(form=form, waits=waits)
        return self.render_to_response(context, status=429 if waits else 422)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_valid(form)
        remember_theme(answer, form.get_user().theme)
        return answer


class SetPassword(PasswordResetConfirmView):
    """Where a link by an administrator leads: a password is set, once; then one can log in."""

    template_name = "set_password.html"
    success_url = reverse_lazy("login")

    def form_valid(self, form: Any) -> HttpResponse:
        set_password(form.user, form.cleaned_data["new_password1"])
        del self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        messages.success(self.request, _("The password is set."))
        return redirect(self.success_url)

    def form_invalid(self, form: Any) -> HttpResponse:
        context: dict[str, Any] = self.get_context_data(form=form)
        return self.render_to_response(context, status=422)


class Logout(LogoutView):
    """Ends the session, by POST only."""

    next_page = "login"


def onward(request: StaffRequest) -> HttpResponse:
    """Straight to the first place that is open to this person."""
    places = [row for row in navigation(request, request.actor) if not row["for_all"]]
    if not places:
        return trouble(request, "errors/403.html", 403)
    return redirect(places[0]["url"])
