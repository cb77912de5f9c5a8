"""A page that holds what was typed into a form, and sends it again when its owner says so."""

from __future__ import annotations

from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from rmaproject.web.keeping import Typed, typed
from rmaproject.web.labels import label_of
from rmaproject.web.once import OtherContent, new_key
from rmaproject.web.pages import page
from rmaproject.web.requests import StaffRequest

#: Fields that carry the form; nobody typed them.
CARRIED: Final = ("version", "preview", "base", "do")


def held(
    request: StaffRequest, path: str, fields: Typed, *, message: str, status: int, **more: Any
) -> HttpResponse:
    """Show the fields, to be sent to `path` with a key of their own."""
    context = {
        "action": path,
        "fields": fields,
        "seen": [(label_of(path, name), value) for name, value in fields if _is_seen(name, value)],
        "message": message,
        "key": new_key(request.user),
        **more,
    }
    return page(request, "held.html", context, status=status)


def expired(request: HttpRequest) -> HttpResponse:
    """The form's token is old, as after a login elsewhere; it came from its own person."""
    message = _("This form was open over a login, so it was not saved. Send it again.")
    staff_request = cast("StaffRequest", request)
    return held(staff_request, request.get_full_path(), typed(request), message=message, status=403)


def sent_before(request: StaffRequest, refusal: OtherContent) -> HttpResponse:
    """Sent before with other content: what came of that, and a button that sends this as well."""
    message = _("This form was sent before, with something else in it. Send this one as well?")
    place = refusal.facts["address"]
    fields = typed(request)
    return held(
        request, request.get_full_path(), fields, message=message, status=409, before_url=place
    )


def _is_seen(name: str, value: str) -> bool:
    return bool(value) and name not in CARRIED
