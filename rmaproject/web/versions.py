"""A change is made to what the caller saw: the version is compared under the record's lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from rmaproject.audit.models import Aggregate, AuditEntry
from rmaproject.shared.db import command
from rmaproject.shared.errors import DomainError, NotFound, StaleVersion, VersionRequired

T = TypeVar("T")


def at_version(request: HttpRequest, root: Aggregate, act: Callable[[], T]) -> T:
    """Carry out `act` if the record still is as the posted `version` says: lock, compare, act.

    All in one transaction. Raises StaleVersion `stale_version` with who changed it,
    VersionRequired `version_required`, NotFound, and whatever `act` raises.
    """
    return _at_version(root, request.POST.get("version", ""), act)


def at_seen(root: Aggregate, version: int, act: Callable[[], T]) -> T:
    """As `at_version`, for a version that was noted earlier. Raises what that raises."""
    return _at_version(root, str(version), act)


@command
def _at_version(root: Aggregate, given: str, act: Callable[[], T]) -> T:
    rows = type(root)._default_manager.select_for_update(of=("self",))
    current = rows.filter(pk=root.pk).values_list("version", flat=True).first()
    if current is None:
        raise NotFound(_("This record is gone."), code="not_found")
    if not given.isascii() or not given.isdigit():
        message = _("The form does not say which state of the record it is about. Open it again.")
        raise VersionRequired(message, code="version_required")
    if int(given) != current:
        raise StaleVersion(_stale(root, current), code="stale_version", version=current)
    return act()


def _stale(root: Aggregate, version: int) -> str:
    entries = AuditEntry.objects.filter(aggregate_id=root.uuid, n=version)
    entry = entries.select_related("actor").first()
    actor = entry.actor if entry else None
    who = (actor.get_full_name() or actor.get_username()) if actor else _("Another program")
    words = _("%(who)s changed this since you opened it. Look at it as it is now, then repeat.")
    return words % {"who": who}


def shown_version(
    request: HttpRequest, root: Aggregate, refusal: DomainError | None = None
) -> str | int:
    """The version that a form shown again carries: the one it had, until staleness was told."""
    told = refusal is not None and refusal.code == "stale_version"
    return root.version if told else request.POST.get("version") or root.version
