"""Applications that get tokens by OAuth2: made by an administrator, revoked at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import AccessToken, RefreshToken

from rmaproject.access.actors import Actor
from rmaproject.access.models import OAuthClient, OAuthCode, User
from rmaproject.access.roles import MANAGE_USERS, SECURITY
from rmaproject.shared import clock
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, Malformed, RuleViolation

#: Where http is no secret given away: the machine of who asks (RFC 8252).
OWN_MACHINE: Final = {"127.0.0.1", "::1", "localhost"}
ROLE: Final = "Integrator"


@dataclass(frozen=True)
class NewClient:
    """An application as it was made; its secret is known only now, "" for a public one."""

    row: OAuthClient
    secret: str = field(repr=False)


@sensitive_variables("secret")
@command
def create_client(
    name: str, *, actor: Actor, redirect_uris: Sequence[str] = (), public: bool = False
) -> NewClient:
    """Make an application; one that keeps a secret gets a user of its own, in role Integrator.

    Raises Malformed `name_required`, `invalid_redirect_uri`; RuleViolation `no_redirect_uri` for
    a public one without any; Conflict `client_exists`, `user_exists`; NotPermitted.
    """
    actor.require(MANAGE_USERS)
    name = name.strip()
    if not name or not slugify(name):
        raise Malformed(_("An application needs a name."), code="name_required", pointer="/name")
    for uri in redirect_uris:
        _check_redirect(uri)
    if public and not redirect_uris:
        message = _("A public application only asks people, so it needs a redirect address.")
        raise RuleViolation(message, code="no_redirect_uri")
    if OAuthClient.objects.filter(name__iexact=name).exists():
        message = _("Another application is called %(name)r; revoked ones keep their names.") % {
            "name": name
        }
        raise Conflict(message, code="client_exists")
    secret = generate_client_secret()
    row = OAuthClient(
        name=name,
        user=None if public else _service_user(name),
        client_type=OAuthClient.CLIENT_PUBLIC if public else OAuthClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=OAuthClient.GRANT_AUTHORIZATION_CODE,
        redirect_uris=" ".join(redirect_uris),
        client_secret=secret,
    )
    row.save(force_insert=True)
    SECURITY.info("Application %s (%s) made by %s", name, row.client_id, _name(actor))
    return NewClient(row, "" if public else secret)


@command
def revoke_client(client_pk: int, *, actor: Actor) -> None:
    """End an application: its tokens, those that people gave it, and its codes. NotPermitted."""
    actor.require(MANAGE_USERS)
    row = OAuthClient.objects.select_for_update(of=("self",)).get(pk=client_pk)
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at", "updated"])
    _end_tokens(row)
    SECURITY.info("Application %s (%s) revoked by %s", row.name, row.client_id, _name(actor))


@command
def withdraw_consent(client_pk: int, *, actor: Actor) -> None:
    """Take back what the actor let an application do: its tokens and codes for them end now."""
    row = OAuthClient.objects.get(pk=client_pk)
    _end_tokens(row, actor.user)
    SECURITY.info("Application %s (%s) sent away by %s", row.name, row.client_id, _name(actor))


def visible_clients(actor: Actor) -> QuerySet[OAuthClient, OAuthClient]:
    """Every application, for who manages users; nobody else sees any."""
    rows = OAuthClient.objects.select_related("user")
    return rows if actor.may(MANAGE_USERS) else rows.none()


def consented_clients(actor: Actor) -> QuerySet[OAuthClient, OAuthClient]:
    """The applications that can act as this person just now, or renew that they can."""
    lasting = AccessToken.objects.filter(user=actor.user, expires__gt=clock.now())
    renewed = RefreshToken.objects.filter(user=actor.user, revoked=None)
    ids = lasting.values("application").union(renewed.values("application"))
    return OAuthClient.objects.filter(pk__in=ids, revoked_at=None)


def _end_tokens(row: OAuthClient, user: User | None = None) -> None:
    whose = {"application": row} | ({"user": user} if user else {})
    RefreshToken.objects.filter(**whose, revoked=None).update(revoked=clock.now())
    AccessToken.objects.filter(**whose).delete()
    OAuthCode.objects.filter(**whose).delete()


def _service_user(name: str) -> User:
    username = f"app-{slugify(name)}"[:150]
    if User.objects.filter(username__iexact=username).exists():
        message = _("There is a user %(username)r already; choose another name.") % {
            "username": username
        }
        raise Conflict(message, code="user_exists")
    user = User.objects.create_user(username)  # without a password it cannot log in
    user.groups.add(Group.objects.get(name=ROLE))
    return user


def _check_redirect(uri: str) -> None:
    """Only https, or http on the machine of who asks; exactly one address, without wildcards."""
    message = _("%(uri)r is no redirect address: give https://..., or http:// on 127.0.0.1.") % {
        "uri": uri
    }
    wrong = Malformed(message, code="invalid_redirect_uri", pointer="/redirect_uris")
    try:
        parts = urlsplit(uri)
        host = parts.hostname or ""
    except ValueError:
        raise wrong from None
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in OWN_MACHINE)
    odd = not uri.isascii() or not uri.isprintable() or any(sign in uri for sign in " #@*\\")
    if not host or not secure or odd:
        raise wrong


def _name(actor: Actor) -> str:
    return actor.user.get_username() if actor.user else "the program"
