"""The way in and out: log in, log out, and the page to start from."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponse
from django.shortcuts import redirect

from rmaproject.web.errors import trouble
from rmaproject.web.nav import navigation
from rmaproject.web.staff import StaffRequest, staff


class Login(LoginView):
    """Name and password; the next page only on this site."""

    template_name = "login.html"
    redirect_authenticated_user = True
    # Django would call the site by its host name; our pages have a name of their own.
    extra_context = {"site_name": ""}

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        context: dict[str, Any] = self.get_context_data(form=form)
        return self.render_to_response(context, status=422)


class Logout(LogoutView):
    """Ends the session, by POST only."""

    next_page = "login"


@staff
def home(request: StaffRequest) -> HttpResponse:
    """Straight to the first place that is open to this person."""
    places = [row for row in navigation(request, request.actor) if not row["for_all"]]
    if not places:
        return trouble(request, "errors/403.html", 403)
    return redirect(places[0]["url"])
