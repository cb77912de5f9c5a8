"""Endpoints: made, changed, switched off and on again."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.events.kinds import known_patterns
from rmaproject.shared import clock
from rmaproject.shared.db import after_commit, command
from rmaproject.shared.errors import NotFound, RuleViolation
from rmaproject.shared.vault import seal, unseal
from rmaproject.webhooks.addresses import require_url
from rmaproject.webhooks.formats import FORMATS
from rmaproject.webhooks.models import Delivery, DeliveryState, Endpoint
from rmaproject.webhooks.signing import make_secret

EDITABLE: Final = {"url", "description", "types", "businesses", "format", "active"}
#: How long the secret before still signs: receivers take the new one over in their own time.
OVERLAP: Final = timedelta(hours=24)
BY_HAND: Final = "by_hand"
LOG: Final = logging.getLogger(__name__)


@command
def create_endpoint(values: dict[str, Any], *, actor: Actor) -> tuple[Endpoint, str]:
    """Add a webhook that tells what its maker may see; gives it and its secret, shown only now.

    Raises RuleViolation `invalid_url`, `unknown_type`, `unknown_format`; Conflict `no_field_keys`.
    """
    if actor.user is None:
        raise RuleViolation(_("A webhook belongs to somebody."), code="owner_required")
    values = {"types": ["*"], **values}
    _require_known(values)
    secret = make_secret()
    active = values.pop("active", True)
    endpoint = Endpoint(
        owner=actor.user,
        scopes=_scopes(actor, None),
        secret=seal(secret),
        **values,
        **_switched(active, BY_HAND),
    )
    trail.create(endpoint, actor=actor, owner=actor.user_id, types=endpoint.types)
    return endpoint, secret


@command
def edit_endpoint(endpoint_id: int, values: dict[str, Any], *, actor: Actor) -> Endpoint:
    """Change a webhook; switching it off drops what waits for it.

    Changed by a key with fewer rights it tells no more than that key may read.
    """
    trail.require_editable(values, EDITABLE)
    _require_known(values)
    endpoint = lock_endpoint(endpoint_id)
    facts = trail.changed_fields(endpoint, values, private={"url", "description"})
    if not facts:
        return endpoint
    active = values.get("active", endpoint.active)
    fields = {**values, "scopes": _scopes(actor, endpoint.scopes)}
    if active != endpoint.active:
        fields |= _switched(active, BY_HAND)
    trail.change(endpoint, "edit", actor=actor, fields=fields, **facts)
    if not endpoint.active:
        _drop(endpoint)
    return endpoint


@command
def enable_endpoint(endpoint_id: int, *, actor: Actor) -> Endpoint:
    """Switch a webhook on again. What happened meanwhile comes only by a replay."""
    endpoint = lock_endpoint(endpoint_id)
    if not endpoint.active:
        trail.change(endpoint, "enable", actor=actor, fields=_switched(True))
    return endpoint


@command
def delete_endpoint(endpoint_id: int, *, actor: Actor) -> None:
    """Take a webhook away: nothing is sent there any more; its history stays."""
    endpoint = lock_endpoint(endpoint_id)
    fields = {**_switched(False, "deleted"), "discarded_at": clock.now()}
    trail.change(endpoint, "delete", actor=actor, fields=fields)
    _drop(endpoint)


@command
def rotate_secret(endpoint_id: int, *, actor: Actor) -> tuple[Endpoint, str]:
    """Give a webhook a fresh secret, shown only now; the one before signs too for a day."""
    endpoint = lock_endpoint(endpoint_id)
    secret = make_secret()
    fields = {
        "secret": seal(secret),
        "old_secret": endpoint.secret,
        "old_secret_until": clock.now() + OVERLAP,
    }
    trail.change(endpoint, "rotate_secret", actor=actor, fields=fields)
    return endpoint, secret


@command
def reseal_secrets(*, actor: Actor) -> int:
    """Close every secret with the newest key; gives how many. Raises `wrong_field_keys`."""
    rows = list(Endpoint.objects.select_for_update().order_by("pk"))
    for endpoint in rows:
        old = seal(unseal(endpoint.old_secret)) if endpoint.old_secret else ""
        fields = {"secret": seal(unseal(endpoint.secret)), "old_secret": old}
        trail.change(endpoint, "reseal", actor=actor, fields=fields)
    return len(rows)


def disable(endpoint: Endpoint, reason: str, *, actor: Actor) -> None:
    """Switch a locked webhook off because of what the other side does."""
    if endpoint.active:
        fields = _switched(False, reason)
        trail.change(endpoint, "disable", actor=actor, fields=fields, reason=reason)
        after_commit(LOG.warning, "Webhook %s is switched off: %s", endpoint.uuid, reason)
    _drop(endpoint)


def lock_endpoint(endpoint_id: int) -> Endpoint:
    """The webhook, locked until the transaction ends. Raises NotFound for a deleted one."""
    rows = Endpoint.objects.select_for_update(of=("self",)).filter(discarded_at=None)
    endpoint = rows.filter(pk=endpoint_id).first()
    if endpoint is None:
        raise NotFound(_("There is no such webhook."), code="not_found")
    return endpoint


def secrets_of(endpoint: Endpoint) -> list[str]:
    """The secrets that sign just now, the present one first."""
    until = endpoint.old_secret_until
    old = [endpoint.old_secret] if until and until > clock.now() else []
    return [unseal(sealed) for sealed in [endpoint.secret, *old]]


def _drop(endpoint: Endpoint) -> None:
    waiting = Delivery.objects.filter(endpoint=endpoint, state=DeliveryState.PENDING)
    waiting.update(state=DeliveryState.CANCELLED, finished_at=clock.now(), leased_until=None)


def _switched(on: bool, reason: str = "") -> dict[str, Any]:
    return {
        "active": on,
        "disabled_reason": "" if on else reason,
        "disabled_at": None if on else clock.now(),
        "failures": 0,
        "paused_until": None,
    }


def _scopes(actor: Actor, before: list[str] | None) -> list[str] | None:
    """The rights of the key in hand, never wider than those before."""
    if actor.scopes is None:
        return before
    return sorted(actor.scopes if before is None else actor.scopes & set(before))


def _require_known(values: dict[str, Any]) -> None:
    if "url" in values:
        require_url(values["url"])
    unknown = sorted(set(values.get("types", ["*"])) - set(known_patterns()))
    if unknown or not values.get("types", ["*"]):
        message = (
            _("There are no events %(unknown)s.") % {"unknown": ", ".join(unknown)}
            if unknown
            else _("Name a type, or *.")
        )
        raise RuleViolation(message, code="unknown_type", pointer="/types")
    if values.get("format", "standard") not in FORMATS:
        message = _("There are the formats %(formats)s.") % {"formats": ", ".join(FORMATS)}
        raise RuleViolation(message, code="unknown_format", pointer="/format")
