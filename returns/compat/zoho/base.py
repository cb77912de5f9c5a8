"""What every address of this door shares: credential, organization, bodies and refusals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request

from returns.compat.door import Door
from returns.compat.zoho import codes
from returns.compat.zoho.bodies import FormParser, MultipartParser
from rmaproject.access.actors import Actor
from rmaproject.access.authentication import actor_of_header
from rmaproject.rest.problems import Refusal
from rmaproject.rest.rendering import JsonParser
from rmaproject.shared.errors import DomainError, NotFound
from sales.models import Business
from sales.selectors import visible_businesses

SCHEMES: Final = ("zoho-oauthtoken", "bearer")


class ZohoDoor(Door):
    """An address below `/inventory/v1`; every call names the organization that it is for."""

    parser_classes = [JsonParser, FormParser, MultipartParser]
    http_method_names = ["get", "head", "post", "put", "delete"]
    challenge = "Zoho-oauthtoken"
    business: Business

    def credential(self, request: HttpRequest) -> Actor | None:
        return actor_of_header(request, door="zoho", schemes=SCHEMES)

    def envelope(self, refusal: Refusal) -> Any:
        return codes.envelope(refusal)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After who is calling and what for, for which of our businesses.

        Raises NotFound `unknown_organization`.
        """
        super().initial(request, *args, **kwargs)
        if str(request.method) not in self.allowed_methods:
            raise MethodNotAllowed(str(request.method))
        self.business = self._organization(request)

    def asked_for(self, name: str) -> str:
        """A query parameter, "" when it is not there."""
        return str(self.request.query_params.get(name, "")).strip()

    def _organization(self, request: Request) -> Business:
        given = self.asked_for("organization_id")
        found = None
        if given and "\x00" not in given:
            rows = visible_businesses(self.actor).select_related("returns_location")
            found = rows.filter(**named(given, by="code")).first()
        if found is None:
            message = "This user belongs to no organization with this organization_id."
            raise NotFound(message, code=codes.UNKNOWN_ORGANIZATION)
        return found


class Nowhere(Door):
    """All other addresses below `/inventory/v1`."""

    permission_classes = []
    challenge = "Zoho-oauthtoken"

    def envelope(self, refusal: Refusal) -> Any:
        return codes.envelope(refusal)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound("There is nothing at this address.", code="unknown_address")


def named(given: str, *, by: str) -> dict[str, Any]:
    """How a record is looked up by its id, or by its number, code or SKU ignoring case."""
    try:
        return {"uuid": UUID(given)}
    except ValueError:
        return {f"{by}__iexact": given}


@contextmanager
def pointing(places: list[str]) -> Iterator[None]:
    """Let refusals of services point into the body that was sent."""
    try:
        yield
    except DomainError as refusal:
        if refusal.pointer:
            refusal.pointer = codes.their_pointer(refusal.pointer, places)
        raise
