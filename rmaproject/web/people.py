"""People to name in a note: found while their name is typed."""

from __future__ import annotations

from typing import Final

from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from rmaproject.access.models import User
from rmaproject.web.lists import searched
from rmaproject.web.staff import StaffRequest, staff

#: How many people are suggested.
MOST: Final = 8


@staff
@require_safe
def people(request: StaffRequest) -> HttpResponse:
    """Those who work here and whose name begins with the typed text, by user name."""
    text = searched(request)
    rows = User.objects.filter(is_active=True)
    if text:
        begins = Q(username__istartswith=text) | Q(first_name__istartswith=text)
        rows = rows.filter(begins | Q(last_name__istartswith=text))
    found = rows.order_by("username")[:MOST]
    shown = [{"username": row.username, "name": row.get_full_name()} for row in found]
    return JsonResponse({"people": shown})
