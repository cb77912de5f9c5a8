"""Every page of the desk in one frame: navigation, search box, crumbs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from rmaproject.web.nav import navigation
from rmaproject.web.staff import StaffRequest


def page(
    request: StaffRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a template with what every page needs around its own context."""
    frame = {
        "nav": navigation(request, request.actor),
        "search_url": reverse("search"),
        "search_query": request.GET.get("q", "") if request.path == reverse("search") else "",
    }
    return render(request, template, {**frame, **context}, status=status)
