"""What the pages know of a request beside what Django says."""

from __future__ import annotations

import re
from typing import Final

from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

from rmaproject.access.actors import Actor
from rmaproject.access.authentication import session_user
from rmaproject.access.models import User

#: Set on forms that a script sends; such answers say in headers what a browser does by itself.
SENT_BY: Final = "X-Sent-By"
GO_TO: Final = "X-Go-To"
LOGIN: Final = "X-Login"


class StaffRequest(HttpRequest):
    """A request by somebody who is logged in; `actor` is who acts."""

    actor: Actor
    user: User
    htmx: HtmxDetails


#: NUL, which no database keeps in a text, and halves of characters.
UNREADABLE: Final = "\N{REPLACEMENT CHARACTER}"
_NO_TEXT: Final = re.compile(r"[\x00\ud800-\udfff]")


def make_legible(request: HttpRequest) -> None:
    """Show what is part of no text as the sign for that; the database would refuse it."""
    for name in ("GET", "POST"):
        told: QueryDict = getattr(request, name)
        if any(_NO_TEXT.search(text) for key, texts in told.lists() for text in (key, *texts)):
            setattr(request, name, _legible(told))


def _legible(told: QueryDict) -> QueryDict:
    clean = QueryDict(mutable=True, encoding=told.encoding)
    for key, texts in told.lists():
        clean.setlist(_readable(key), [_readable(text) for text in texts])
    clean._mutable = False
    return clean


def _readable(text: str) -> str:
    return _NO_TEXT.sub(UNREADABLE, text)


def by_script(request: HttpRequest) -> bool:
    """Whether a script of ours sent this form and reads the answer."""
    return request.headers.get(SENT_BY) == "script"


def logged_in(request: HttpRequest) -> bool:
    """Whether a person is there for whom a whole page can be shown; gives the request its actor."""
    user = session_user(request)
    if user is None:
        return False
    if not hasattr(request, "actor"):
        request.actor = Actor(user, door="web")  # type: ignore[attr-defined]
    return True
