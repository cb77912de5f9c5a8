"""Where a request comes from, and whether that is one of the networks that were allowed."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from rmaproject.shared.errors import Malformed

Address = IPv4Address | IPv6Address


def caller_address(request: HttpRequest) -> Address | None:
    """The address that the request came from; None where it is not known, as on a socket.

    Behind a proxy (RMA_BEHIND_PROXY) it is the last one of X-Forwarded-For, which our own proxy
    wrote: whatever stands before it was told by the visitor and may be invented.
    """
    given = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        given = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or given
    try:
        return _plain(ip_address(given))
    except ValueError:
        return None


def read_network(text: str) -> str:
    """A network as it is kept, from an address or `address/bits`. Raises Malformed."""
    try:
        return str(ip_network(text.strip(), strict=False))
    except ValueError:
        message = _("%(text)r is no IPv4 or IPv6 address or network, such as 192.0.2.0/24.") % {
            "text": text
        }
        raise Malformed(message, code="invalid_address") from None


def is_within(address: Address | None, networks: Iterable[str]) -> bool:
    """Whether the address lies in one of the networks; an unknown address lies in none."""
    if address is None:
        return False
    return any(address in ip_network(network) for network in networks)


def networks_within(inner: Iterable[str], outer: Iterable[str]) -> bool:
    """Whether each of these networks lies in one of the others."""
    return all(any(_lies_in(one, other) for other in outer) for one in inner)


def _lies_in(inner: str, outer: str) -> bool:
    first, second = ip_network(inner), ip_network(outer)
    if isinstance(first, IPv6Network):
        return isinstance(second, IPv6Network) and first.subnet_of(second)
    return not isinstance(second, IPv6Network) and first.subnet_of(second)


def _plain(address: Address) -> Address:
    """An IPv4 address that came over an IPv6 socket is an IPv4 address."""
    return getattr(address, "ipv4_mapped", None) or address
