"""Which addresses may be called: none inside our network, whatever a name claims to mean."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from rmaproject.shared.errors import RuleViolation

Address = IPv4Address | IPv6Address

#: Beside what Python knows: protocol assignments, relays, and what answers in a cloud only.
MORE_INSIDE: Final = (
    ip_network("192.0.0.0/24"),
    ip_network("192.88.99.0/24"),
    ip_network("168.63.129.16/32"),
    ip_network("64:ff9b:1::/48"),
)
#: IPv4 addresses in the clothes of IPv6: behind these four lies another one.
_NAT64: Final = IPv6Network("64:ff9b::/96")
_COMPATIBLE: Final = IPv6Network("::/96")
#: Below 1024 only the web: a mail server must not take a message of ours for one of its own.
WEB_PORTS: Final = frozenset({80, 443})
FIRST_FREE_PORT: Final = 1024


class ForbiddenAddress(Exception):
    """Says in a sentence why nothing is sent there."""


def require_url(url: str) -> None:
    """Refuse what can be no address of a webhook; names are looked up only when it is called.

    Raises RuleViolation `invalid_url`.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        parse_url(url)  # What will call it has to understand it, too.
    except (ValueError, LocationParseError):
        raise _invalid(_("This is no address.")) from None
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise _invalid(_("Give an address that begins with https://."))
    if parts.scheme == "http" and not settings.WEBHOOK_PLAIN_HTTP:
        raise _invalid(_("Only https is called: anybody on the way could read what is told."))
    if parts.username is not None or parts.fragment or not url.isascii() or not url.isprintable():
        raise _invalid(_("The address has a user name, a fragment, or signs that are not ASCII."))
    try:
        require_port(port or (443 if parts.scheme == "https" else 80))
        require_outside(ip_address(parts.hostname))
    except ForbiddenAddress as reason:
        raise _invalid(str(reason)) from None
    except ValueError:
        return  # A name.


def checked_addresses(host: str, port: int) -> list[str]:
    """The addresses that a name means just now, each of them outside. Raises ForbiddenAddress.

    Whoever calls must connect to one of these, not to the name: it may mean others next time.
    """
    require_port(port)
    found = [str(row[4][0]) for row in resolve(host, port)]
    for text in found:
        require_outside(ip_address(text.partition("%")[0]))
    return found


def resolve(host: str, port: int) -> list[tuple[Any, ...]]:
    """What the resolver says of a name."""
    return [*socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def require_port(port: int) -> None:
    """Refuse ports that belong to other services than the web. Raises ForbiddenAddress."""
    if port < FIRST_FREE_PORT and port not in WEB_PORTS:
        raise ForbiddenAddress(
            _("Port %(port)s is not one of the web: 80, 443, or above 1023.") % {"port": port}
        )


def require_outside(address: Address) -> None:
    """Refuse an address inside a network of ours or nobody's. Raises ForbiddenAddress."""
    if any(address in ip_network(text, strict=False) for text in settings.WEBHOOK_ALLOW):
        return
    for known in _meanings(address):
        if not _outside(known):
            message = _("%(address)s is not an address on the internet.") % {"address": address}
            raise ForbiddenAddress(message)


def _outside(address: Address) -> bool:
    inside = address.is_multicast or address.is_reserved or address.is_unspecified
    local = isinstance(address, IPv6Address) and address.is_site_local
    known = any(address in network for network in MORE_INSIDE)
    return address.is_global and not (inside or local or known)


def _meanings(address: Address) -> list[Address]:
    """The address, and every IPv4 address that it may lead to."""
    found: list[Address] = [address]
    if isinstance(address, IPv4Address):
        return found
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address in _NAT64 or address in _COMPATIBLE:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    found += [known for known in (address.sixtofour, *(address.teredo or ())) if known]
    return found


def _invalid(reason: str) -> RuleViolation:
    return RuleViolation(reason, code="invalid_url", pointer="/url")
