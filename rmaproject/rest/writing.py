"""The one way to change something over REST, in one transaction from precondition to answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from django.db.models import Model
from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from rmaproject.access.models import IdempotencyRecord
from rmaproject.rest.rendering import dumps
from rmaproject.shared.canonical import canonical
from rmaproject.shared.db import command, try_lock
from rmaproject.shared.errors import (
    Conflict,
    Malformed,
    NotFound,
    RuleViolation,
    StaleVersion,
    VersionRequired,
)

MAX_KEY: Final = 255


@dataclass(frozen=True)
class Repeat:
    """By what a repeat of a request is known; "" for not at all.

    Without `same_body` the key alone decides and another body gets the first answer too.
    """

    key: str
    same_body: bool = True

    @classmethod
    def of(cls, request: Request) -> Repeat:
        """By the header `Idempotency-Key`. Raises Malformed `invalid_idempotency_key`.

        One that is sent and empty protects nobody, so it is refused.
        """
        key = request.headers.get("Idempotency-Key")
        if key is not None and not (key and key.isascii()):
            raise _invalid_key()
        return cls(key or "")

    def check(self) -> None:
        """Raises Malformed `invalid_idempotency_key`."""
        if len(self.key) > MAX_KEY or (self.key and not self.key.isprintable()):
            raise _invalid_key()


@dataclass
class Answer:
    """What a change answers: a JSON value, its status and headers."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    #: What only the first answer shows, as a fresh secret: it is not kept for repeats.
    once: dict[str, Any] = field(default_factory=dict)

    def reveal(self, name: str, secret: str) -> None:
        """Show a secret in the first answer only; in what is kept for repeats it is null."""
        self.body = {**self.body, name: None}
        self.once[name] = secret


def _invalid_key() -> Malformed:
    message = _("An Idempotency-Key has 1 to %(max_key)s printable ASCII characters.") % {
        "max_key": MAX_KEY
    }
    return Malformed(message, code="invalid_idempotency_key")


def etag(version: int) -> str:
    """The entity tag of a version."""
    return f'"{version}"'


def change(
    request: Request,
    action: Callable[[], Answer],
    *,
    root: Model | None = None,
    optional: bool = False,
    repeat: Repeat | None = None,
) -> Response | HttpResponse:
    """Run a change in one transaction and answer it; a repeat by key gets the first answer.

    With `root`, the aggregate is locked first and If-Match compared to its version; `optional`
    lets a caller leave If-Match out (a create below an aggregate needs none). `repeat` says by
    what a repeat is known, where that is not the header `Idempotency-Key`.
    Raises VersionRequired, StaleVersion, RuleViolation `idempotency_key_reused`,
    Conflict `request_in_progress`.
    """
    known_by = repeat or Repeat.of(request)
    known_by.check()
    return _run(request, action, root, optional, known_by)


@command
def _run(
    request: Request,
    action: Callable[[], Answer],
    root: Model | None,
    optional: bool,
    repeat: Repeat,
) -> Response | HttpResponse:
    if repeat.key:
        replayed = _replay(request, repeat)
        if replayed is not None:
            return replayed
    if root is not None:
        require_version(root, request.headers.get("If-Match"), optional=optional)
    answer = action()
    if repeat.key:
        _keep(request, repeat.key, answer)
    body = {**answer.body, **answer.once} if answer.once else answer.body
    return Response(body, status=answer.status, headers=answer.headers)


def require_version(root: Model, if_match: str | None, *, optional: bool = False) -> None:
    """Lock an aggregate and refuse a caller whose picture of it is old.

    Raises VersionRequired without If-Match (unless optional), StaleVersion with the current tag.
    """
    rows = type(root)._default_manager.filter(pk=root.pk).select_for_update()
    version = rows.values_list("version", flat=True).first()
    if root.pk is None:
        version = 0  # A record that its first change makes.
    if version is None:
        raise NotFound(_("There is no such record."), code="not_found")
    if if_match is None:
        if optional:
            return
        message = _("Send the record's ETag as If-Match, so that nobody's change is overwritten.")
        raise VersionRequired(message, code="version_required", etag=etag(version))
    tags = [tag.strip().removeprefix("W/") for tag in if_match.split(",")]
    if "*" not in tags and etag(version) not in tags:
        message = _("Somebody changed the record since you read it; read it again.")
        raise StaleVersion(message, code="stale_version", etag=etag(version), version=version)


def _replay(request: Request, repeat: Repeat) -> HttpResponse | None:
    """The first answer to this key, or None when this is the first request with it."""
    if not try_lock(f"idempotency:{request.user.pk}:{repeat.key}"):
        message = _("The first request with this Idempotency-Key is still running.")
        raise Conflict(message, code="request_in_progress")
    kept = IdempotencyRecord.objects.filter(user=_user_id(request), key=repeat.key).first()
    if kept is None:
        return None
    if repeat.same_body and kept.request_digest != _digest(request):
        message = _("This Idempotency-Key was used for another request.")
        raise RuleViolation(message, code="idempotency_key_reused")
    response = HttpResponse(bytes(kept.body), status=kept.status, content_type="application/json")
    for name, value in kept.headers.items():
        response.headers[name] = value
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _keep(request: Request, key: str, answer: Answer) -> None:
    IdempotencyRecord.objects.create(
        user_id=_user_id(request),
        key=key,
        request_digest=_digest(request),
        status=answer.status,
        headers=answer.headers,
        body=dumps(answer.body) if answer.body is not None else b"",
    )


def _user_id(request: Request) -> int:
    return int(request.user.pk or 0)


def _digest(request: Request) -> str:
    """Keyed, because a request may hold what nobody shall find out by trying."""
    content = canonical([request.method, request.get_full_path(), _told(request)])
    return salted_hmac("idempotency", content, algorithm="sha256").hexdigest()


def _told(request: Request) -> Any:
    """What the body says; of files their content, whatever they are called."""
    if not request.FILES:
        return request.data
    body: Any = request.data
    told: dict[str, Any] = {name: str(value) for name, value in body.items()}
    for name, file in request.FILES.items():
        file.seek(0)
        told[name] = sha256(file.read()).hexdigest()
        file.seek(0)
    return told
