"""What every address of this system shares: its credentials, its bodies and its refusals."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.http import HttpRequest
from rest_framework.parsers import FormParser, MultiPartParser

from returns.compat.door import Door
from returns.compat.inventree.envelope import body_of
from rmaproject.access.actors import Actor
from rmaproject.access.authentication import TOKEN_SCHEMES, actor_of_header
from rmaproject.rest.problems import Refusal
from rmaproject.rest.rendering import JsonParser

#: The door's name in the audit trail.
DOOR: Final = "inventree"


class InventreeDoor(Door):
    """An address below `/api/`: account password by Basic, or `Token T`; JSON or a form.

    Its clients send a JSON body with every GET, OPTIONS and DELETE, which is never read there.
    """

    challenge = 'Basic realm="api"'
    parser_classes = [JsonParser, MultiPartParser, FormParser]
    #: Our names of values in refusals, and theirs, where they differ.
    words: ClassVar[dict[str, str]] = {}

    def credential(self, request: HttpRequest) -> Actor | None:
        return actor_of_header(request, door=DOOR, schemes=TOKEN_SCHEMES, basic=True)

    def envelope(self, refusal: Refusal) -> Any:
        return body_of(refusal, self.words)
