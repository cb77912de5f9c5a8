"""The settings: the switch of returns."""

from __future__ import annotations

from django.http import HttpResponse

from returns.switch import returns_are_on
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff


@staff
def general(request: StaffRequest) -> HttpResponse:
    """Whether returns are on."""
    request.actor.require("access.manage_settings")
    context = {"section": "general", "sections": [], "returns_enabled": returns_are_on()}
    return page(request, "settings.html", context)
