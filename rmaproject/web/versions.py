"""A change is made to what the caller saw: the version is compared under the record's lock."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from rmaproject.audit.models import Aggregate, AuditEntry
from rmaproject.shared.db import command
from rmaproject.shared.errors import DomainError, NotFound, StaleVersion, VersionRequired
from rmaproject.web.once import FRAME

T = TypeVar("T")

#: What the form of a button may hold: nobody loses anything when its repeat is passed over.
OF_A_BUTTON: Final = {*FRAME, "version", "reason", "reason_code"}


#: A form says a version in so many digits; more are no version of anything.
_VERSION: Final = re.compile(r"[0-9]{1,9}")


class DoneBefore(Exception):
    """The same person has taken the same step a moment ago: nothing is left to do."""


def at_version(request: HttpRequest, root: Aggregate, act: Callable[[], T]) -> T:
    """Carry out `act` if the record still is as the posted `version` says: lock, compare, act.

    All in one transaction. Raises StaleVersion `stale_version` with who changed it,
    VersionRequired `version_required`, NotFound, and whatever `act` raises. DoneBefore where the
    only change since is this very step by the same person: a double click, a lost answer.
    """
    given = request.POST.get("version", "")
    return _at_version(root, given, act, lambda entries: _is_repeat(request, entries))


def at_seen(root: Aggregate, version: int, act: Callable[[], T]) -> T:
    """As `at_version`, for a version that was noted earlier. Raises what that raises."""
    return _at_version(root, str(version), act, lambda entries: False)


@command
def _at_version(
    root: Aggregate, given: str, act: Callable[[], T], is_repeat: Callable[[list[AuditEntry]], bool]
) -> T:
    rows = type(root)._default_manager.select_for_update(of=("self",))
    current = rows.filter(pk=root.pk).values_list("version", flat=True).first()
    if current is None:
        raise NotFound(_("This record is gone."), code="not_found")
    if not _VERSION.fullmatch(given):
        message = _("The form does not say which state of the record it is about. Open it again.")
        raise VersionRequired(message, code="version_required")
    if int(given) != current:
        entries = _since(root, int(given))
        if is_repeat(entries):
            raise DoneBefore
        raise _stale(entries, current)
    return act()


def _since(root: Aggregate, version: int) -> list[AuditEntry]:
    """What happened to the record after this version, in its order."""
    entries = AuditEntry.objects.filter(aggregate_id=root.uuid, n__gt=version)
    return list(entries.select_related("actor").order_by("n")[:50])


def _is_repeat(request: HttpRequest, entries: list[AuditEntry]) -> bool:
    """Whether one request of this person took the step that the address names, and no more."""
    if not entries or not set(request.POST) <= OF_A_BUTTON:
        return False
    verb = request.path.rstrip("/").rpartition("/")[2].replace("-", "_")
    told = {(entry.actor_id, entry.request_id) for entry in entries}
    mine = {actor for actor, _request in told} == {request.user.pk}
    return mine and len(told) == 1 and verb in {entry.verb for entry in entries}


def _stale(entries: list[AuditEntry], version: int) -> StaleVersion:
    last = entries[-1] if entries else None
    actor = last.actor if last else None
    who = (actor.get_full_name() or actor.get_username()) if actor else _("Another program")
    words = _("%(who)s changed this since you opened it. Look at it as it is now, then repeat.")
    facts: dict[str, Any] = {"version": version, "who": who, "at": last.at if last else None}
    return StaleVersion(words % {"who": who}, code="stale_version", **facts)


def shown_version(
    request: HttpRequest, root: Aggregate, refusal: DomainError | None = None
) -> str | int:
    """The version that a form shown again carries: the one it had, until staleness was told."""
    told = refusal is not None and refusal.code == "stale_version"
    return root.version if told else request.POST.get("version") or root.version
