"""Nothing is done twice: a form carries a key, and what its first sending led to is kept with it.

The key names the person it was given to and is signed, so it also says whose form this is when
nobody is logged in any more.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from rmaproject.access.models import IdempotencyRecord, User
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict

FIELD: Final = "once"
#: What a form sends beside what somebody typed.
FRAME: Final = ("csrfmiddlewaretoken", FIELD)
_SIGNER: Final = Signer(salt="form")


@dataclass(frozen=True)
class Key:
    """The key of one form as it was shown to one person."""

    user_id: int
    text: str

    @classmethod
    def of(cls, request: HttpRequest) -> Key | None:
        """The key that a form came with; None without one, or with one that we never gave."""
        try:
            text = _SIGNER.unsign(request.POST.get(FIELD, ""))
        except BadSignature:
            return None
        return cls(int(text.partition(":")[0]), text)

    def kept_as(self, path: str) -> str:
        """By what the answer is kept: two forms of one page may share a key, never an address."""
        return f"form:{self.text}:{sha256(path.encode()).hexdigest()[:16]}"


class OtherContent(Conflict):
    """A form that was sent before comes again with something else in it."""


def new_key(user: User) -> str:
    """A key for a form that is shown to somebody."""
    return _SIGNER.sign(f"{user.pk}:{uuid.uuid4().hex}")


def shown_key(request: HttpRequest) -> str:
    """The key for a form on this page; a form that is shown again keeps its own."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return ""
    sent = Key.of(request) if request.method == "POST" else None
    return request.POST[FIELD] if sent and sent.user_id == user.pk else new_key(user)


def done(request: HttpRequest, address: str) -> None:
    """Say that a page shown right after a POST did something, and where a repeat shall lead."""
    request.once_address = address  # type: ignore[attr-defined]


def answer(request: HttpRequest, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Answer a POST once: a repeat by the same person leads to what came of the first.

    What the first led to is kept in the transaction of what it did. Raises Conflict
    `other_persons_form`, OtherContent `sent_before`, and Busy while the first still runs.
    """
    key = Key.of(request) if request.method == "POST" else None
    if key is None:
        return view()
    if key.user_id != request.user.pk:
        message = _("This form was opened by somebody else. Open the page again as yourself.")
        raise Conflict(message, code="other_persons_form")
    return _answered(request, key, view)


@command
def _answered(
    request: HttpRequest, key: Key, view: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    name = key.kept_as(request.path)
    _wait_for(name)
    kept = IdempotencyRecord.objects.filter(user_id=key.user_id, key=name).first()
    if kept is not None:
        return _repeated(request, kept)
    shown = view()
    address = getattr(request, "once_address", shown.headers.get("Location", ""))
    if address and shown.status_code < 400:
        IdempotencyRecord.objects.create(
            user_id=key.user_id,
            key=name,
            request_digest=_digest(request),
            status=303,
            headers={"Location": address},
            body=b"",
        )
    return shown


def _repeated(request: HttpRequest, kept: IdempotencyRecord) -> HttpResponse:
    address = kept.headers["Location"]
    if kept.request_digest != _digest(request):
        message = _("This form was sent before, with something else in it.")
        raise OtherContent(message, code="sent_before", address=address)
    messages.info(request, _("This was saved before; nothing was done twice."))
    return redirect(address)


def _wait_for(name: str) -> None:
    """Let the same form's first sending finish; as long as a lock may be waited for, not longer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _digest(request: HttpRequest) -> str:
    """Keyed, because a form may hold what nobody shall find out by trying."""
    typed = sorted((name, values) for name, values in _lists(request) if name not in FRAME)
    files = sorted((name, file.name, file.size) for name, file in _files(request))
    content = json.dumps([typed, files])
    return salted_hmac("form", content, algorithm="sha256").hexdigest()


def _lists(request: HttpRequest) -> Iterator[tuple[str, list[str]]]:
    yield from ((name, list(values)) for name, values in request.POST.lists())


def _files(request: HttpRequest) -> Iterator[tuple[str, Any]]:
    for name, files in request.FILES.lists():
        yield from ((name, file) for file in files)
