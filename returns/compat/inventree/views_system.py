"""What a client asks before it asks for anything: whose server this is, and what it speaks."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from returns.compat.inventree.base import InventreeDoor
from returns.compat.inventree.lists import require_known
from returns.switch import returns_are_on
from rmaproject.access.actors import Actor
from rmaproject.shared.errors import NotFound
from sales.models import Document
from sales.selectors import visible_businesses
from sales.services.numbering import pattern_for

#: New enough for every class of the client that we serve (allocations ask for 267), older than
#: what we do not have: parameters (429), metadata apart from its record (436), the audit log (565).
API_VERSION: Final = 400
SERVER: Final = "InvenTree"
INSTANCE: Final = settings.SPECTACULAR_SETTINGS["TITLE"]
VERSION: Final = settings.SPECTACULAR_SETTINGS["VERSION"]


PATTERNS: Final = {
    "RETURNORDER_REFERENCE_PATTERN": Document.RETURN_ORDER,
    "SALESORDER_REFERENCE_PATTERN": Document.SALES_ORDER,
}


def in_their_words(pattern: str) -> str:
    """A pattern of ours as one of theirs, which write a date by its format."""
    return pattern.replace("{year}", "{date:%Y}").replace("{month}", "{date:%m}")


class Root(InventreeDoor):
    """Open to everybody: the server's name and the version that decides what a client dares."""

    permission_classes = []

    def get_authenticators(self) -> list[BaseAuthentication]:
        return []

    def get(self, request: Request) -> Response:
        require_known(request, ())
        return Response(
            {
                "server": SERVER,
                "version": VERSION,
                "instance": INSTANCE,
                "apiVersion": API_VERSION,
                "worker_running": True,
                "plugins_enabled": False,
            }
        )


class ApiVersion(InventreeDoor):
    """The versions of the server, for who is logged in."""

    def get(self, request: Request) -> Response:
        require_known(request, ())
        return Response({"version": {"server": VERSION, "api": API_VERSION}})


class GlobalSetting(InventreeDoor):
    """Settings of theirs that have a meaning here, to be read; they are changed in our own."""

    def get(self, request: Request, name: str) -> Response:
        require_known(request, ())
        known = _settings(self.actor)
        if name.upper() not in known:
            raise NotFound("Not found.", code="not_found")
        value = known[name.upper()]
        kind = "boolean" if isinstance(value, bool) else "string"
        return Response({"key": name.upper(), "value": str(value), "type": kind, "read_only": True})


def _settings(actor: Actor) -> dict[str, Any]:
    """Patterns are those of the first business in sight."""
    known: dict[str, Any] = {
        "RETURNORDER_ENABLED": returns_are_on(),
        "RETURNORDER_EDIT_COMPLETED_ORDERS": False,
        "SALESORDER_EDIT_COMPLETED_ORDERS": False,
    }
    business = visible_businesses(actor).order_by("pk").first()
    if business is not None:
        for name, document in PATTERNS.items():
            known[name] = in_their_words(pattern_for(business, document))
        known["INVENTREE_DEFAULT_CURRENCY"] = business.currency
    return known
