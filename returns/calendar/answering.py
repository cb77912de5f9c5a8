"""What all calendars answer in the same way."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from rmaproject.rest.problems import plain_response
from rmaproject.shared.errors import Malformed

CONTENT_TYPE: Final = "text/calendar; charset=utf-8"


def calendar_response(text: str, filename: str) -> HttpResponse:
    """A calendar as a file."""
    response = HttpResponse(text, content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def send_plainly(request: HttpRequest) -> None:
    """Take no notice of compressions that the client offers: Outlook failed on them."""
    request.META.pop("HTTP_ACCEPT_ENCODING", None)


def refuse_parameters(request: HttpRequest, known: Collection[str] = ()) -> None:
    """Raises Malformed `unknown_parameter`."""
    for name in request.GET:
        if name not in known:
            message = _("There is no parameter %(name)s; this address takes none.")
            if known:
                message = _("There is no parameter %(name)s; there is %(known)s.")
            named = {"name": name, "known": ", ".join(known)}
            raise Malformed(message % named, code="unknown_parameter")


def challenged(realm: str, message: str) -> HttpResponse:
    """401: asks for name and password, without a page to log in at."""
    response = plain_response(401, "not_authenticated", message)
    response.headers["WWW-Authenticate"] = f'Basic realm="{realm}", charset="UTF-8"'
    return response
