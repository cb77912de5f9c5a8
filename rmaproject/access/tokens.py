"""Tokens for other systems: made once, shown once, kept as a keyed digest, revoked at once."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from rmaproject.access.actors import SEE_ALL, SYSTEM, Actor
from rmaproject.access.models import ApiToken, User
from rmaproject.access.roles import MANAGE_USERS, SECURITY
from rmaproject.access.scopes import expand, permissions
from rmaproject.shared import clock
from rmaproject.shared.addresses import Address, networks_within, read_network
from rmaproject.shared.db import command
from rmaproject.shared.errors import Malformed, NotPermitted, RuleViolation

LOG: Final = logging.getLogger(__name__)
PREFIX: Final = "rma_"
#: How much of a token stays visible, to recognise it by.
SHOWN: Final = len(PREFIX) + 6
#: The last use is written no more often than this.
USE_KEPT_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class NewToken:
    """A token as it was made; `text` is known only now."""

    row: ApiToken
    text: str = field(repr=False)


@sensitive_variables("token")
def create_token(
    user: User,
    *,
    name: str = "",
    scopes: Collection[str] | None = None,
    expires_at: datetime | None = None,
    addresses: Collection[str] = (),
    actor: Actor = SYSTEM,
) -> str:
    """Make a token that acts as this user; the text is shown now and never again.

    Raises what `make_token` raises.
    """
    made = make_token(
        user, name=name, scopes=scopes, expires_at=expires_at, addresses=addresses, actor=actor
    )
    return made.text


@sensitive_variables("text")
@command
def make_token(
    user: User,
    *,
    actor: Actor,
    name: str = "",
    scopes: Collection[str] | None = None,
    expires_at: datetime | None = None,
    addresses: Collection[str] = (),
) -> NewToken:
    """Make a token for oneself, or for a service user; `scopes` None opens all that the user holds.

    Raises Malformed `unknown_scope`, `no_scopes`, `invalid_address`; RuleViolation `already_over`,
    `not_a_service_user`; NotPermitted `not_permitted`, `insufficient_scope`, or
    `exceeds_own_rights` for a token that would open more, last longer or be taken from more
    places than what its maker came with.
    """
    text = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        user=user,
        name=name,
        prefix=text[:SHOWN],
        digest=_digests(text)[0],
        scopes=_known(scopes),
        expires_at=expires_at,
        allowed_addresses=[read_network(address) for address in addresses],
        created_by_id=actor.user_id,
        made_with_id=actor.key.token_id if actor.key else None,
    )
    if expires_at is not None and expires_at <= clock.now():
        message = _("A token ends in the future.")
        raise RuleViolation(message, code="already_over", pointer="/expires_at")
    _require_own_or_service_user(user, actor)
    _require_within(row, actor)
    row.save(force_insert=True)
    SECURITY.info("Token %s of %s made by %s", row.prefix, user.get_username(), _name(actor))
    return NewToken(row, text)


@command
def revoke_token(token_id: int, *, actor: Actor) -> None:
    """Make a token open nothing from now on, and those that were made with it.

    A token may always revoke itself. Raises NotPermitted `not_permitted`, `insufficient_scope`.
    """
    row = ApiToken.objects.select_for_update().get(pk=token_id)
    itself = actor.key is not None and actor.key.token_id == row.pk
    if row.user_id != actor.user_id or (actor.scopes is not None and not itself):
        actor.require(MANAGE_USERS)
    todo = [row]
    while todo:
        one = todo.pop()
        todo.extend(one.made.select_for_update().order_by("pk"))
        if one.revoked_at is None:
            one.revoked_at = clock.now()
            one.save(update_fields=["revoked_at"])
            SECURITY.info("Token %s revoked by %s", one.prefix or one.uuid, _name(actor))


def visible_tokens(actor: Actor) -> QuerySet[ApiToken, ApiToken]:
    """One's own tokens; those of everybody for who manages users."""
    rows = ApiToken.objects.all()
    return rows if actor.may(MANAGE_USERS) else rows.filter(user=actor.user_id)


@sensitive_variables()
def find_token(token: str) -> ApiToken | None:
    """The token with this text whose user is active and that was neither revoked nor is over."""
    keyed = Q(algorithm=ApiToken.HMAC, digest__in=_digests(token))
    plain = Q(algorithm=ApiToken.SHA256, digest=hashlib.sha256(token.encode()).hexdigest())
    rows = ApiToken.objects.select_related("user").filter(
        keyed | plain, revoked_at=None, user__is_active=True
    )
    return rows.exclude(expires_at__lte=clock.now()).first()


@sensitive_variables("token", "digest")
def keep_use(row: ApiToken, token: str, address: Address | None) -> None:
    """Write when and from where a token was used, at most once a minute; never fails a request.

    A token that was kept by an older digest is kept by the newest from now on.
    """
    now, digest = clock.now(), _digests(token)[0]
    since = now - USE_KEPT_EVERY
    if row.last_used_at is not None and row.last_used_at > since:
        return
    fresh = {} if row.digest == digest else {"digest": digest, "algorithm": ApiToken.HMAC}
    told = str(address) if address else None
    due = Q(last_used_at=None) | Q(last_used_at__lte=since)
    try:
        ApiToken.objects.filter(due, pk=row.pk).update(
            last_used_at=now, last_used_address=told, **fresh
        )
    except DatabaseError:
        LOG.warning("The use of token %s could not be noted.", row.prefix, exc_info=True)
        return
    if row.last_used_address and row.last_used_address != told:
        SECURITY.info("Token %s used from another address", row.prefix)


def _known(scopes: Collection[str] | None) -> list[str] | None:
    if scopes is None:
        return None
    if not scopes:
        message = _("A token with scopes names at least one.")
        raise Malformed(message, code="no_scopes", pointer="/scopes")
    expand(scopes)
    return sorted(set(scopes))


def _require_own_or_service_user(user: User, actor: Actor) -> None:
    """Tokens of other people are their own affair; a key with scopes makes none but as manager."""
    if actor.user is None:
        return
    own = user.pk == actor.user_id
    if not own or actor.scopes is not None:
        actor.require(MANAGE_USERS)
    if not own and user.has_usable_password():
        message = _("%(get_username)s logs in with a password and makes tokens alone.") % {
            "get_username": user.get_username()
        }
        raise RuleViolation(message, code="not_a_service_user", pointer="/user")


def _require_within(row: ApiToken, actor: Actor) -> None:
    """Refuse a token that would be more than its maker."""
    if actor.user is None:
        return
    held = row.user.get_all_permissions()
    opened = permissions().keys() if row.scopes is None else expand(row.scopes)
    beyond = sorted(name for name in (held & opened) - {SEE_ALL} if not actor.may(name))
    if SEE_ALL in held and not actor.scope.everything:
        beyond.append(SEE_ALL)
    if beyond:
        message = _("The token would open what you may not do here: %(beyond)s.") % {
            "beyond": ", ".join(beyond)
        }
        raise _too_much(message)
    key = actor.key
    if key is None:
        return
    if key.expires_at and (row.expires_at is None or row.expires_at > key.expires_at):
        raise _too_much(_("The token would outlive the one that you use."))
    given = row.allowed_addresses
    if key.addresses and not (given and networks_within(given, key.addresses)):
        raise _too_much(_("The token could be used from where yours cannot."))


def _too_much(message: str) -> NotPermitted:
    return NotPermitted(message, code="exceeds_own_rights")


@sensitive_variables()
def digest_of(token: str) -> str:
    """What of a token is kept: its digest under the newest pepper."""
    return _digests(token)[0]


@sensitive_variables()
def _digests(token: str) -> list[str]:
    """The digests under each pepper, the newest first."""
    peppers = [pepper.encode() for pepper in settings.TOKEN_PEPPERS]
    text = b"rma-token:" + token.encode()
    return [hmac.new(pepper, text, hashlib.sha256).hexdigest() for pepper in peppers]


def _name(actor: Actor) -> str:
    return actor.user.get_username() if actor.user else "the program"
