"""The way in and out: log in, log out, and the page to start from."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import (
    INTERNAL_RESET_SESSION_TOKEN,
    LoginView,
    LogoutView,
    PasswordResetConfirmView,
)
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from rmaproject.access.people import set_password
from rmaproject.web.errors import trouble
from rmaproject.web.nav import navigation
from rmaproject.web.staff import StaffRequest


class Login(LoginView):
    """Name and password; the next page only on this site."""

    template_name = "login.html"
    redirect_authenticated_user = True
    # Django would call the site by its host name; our pages have a name of their own.
    extra_context = {"site_name": ""}

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        context: dict[str, Any] = self.get_context_data(form=form)
        return self.render_to_response(context, status=422)


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
    places = navigation(request, request.actor)
    if not places:
        return trouble(request, "errors/403.html", 403)
    return redirect(places[0]["url"])
