"""What every address of this system shares: its credentials, its bodies and its refusals."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.conf import settings
from django.http import HttpRequest
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from returns.compat.door import Door
from returns.compat.forms import SmallFormParser
from returns.compat.inventree.envelope import body_of
from rmaproject.access.actors import Actor
from rmaproject.access.authentication import TOKEN_SCHEMES, actor_of_header
from rmaproject.rest.problems import Refusal
from rmaproject.rest.rendering import JsonParser
from rmaproject.shared.errors import RuleViolation

#: The door's name in the audit trail.
DOOR: Final = "inventree"
#: What a form has beside its file.
FORM_BYTES: Final = 64 * 1024


class InventreeDoor(Door):
    """An address below `/api/`: account password by Basic, or `Token T`; JSON or a form.

    Its clients send a JSON body with every GET, OPTIONS and DELETE, which is never read there.
    """

    challenge = 'Basic realm="api"'
    parser_classes = [JsonParser, MultiPartParser, SmallFormParser]
    #: Our names of values in refusals, and theirs, where they differ.
    words: ClassVar[dict[str, str]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a form that is too large before it is read. Raises RuleViolation."""
        super().initial(request, *args, **kwargs)
        most = settings.MAX_FILE_BYTES
        size = int(request.headers.get("Content-Length") or 0)
        if size > most + FORM_BYTES:
            message = f"A file has at most {most // (1024 * 1024)} MB."
            facts = {"size": size, "most": most}
            raise RuleViolation(message, code="file_too_large", pointer="/attachment", **facts)

    def credential(self, request: HttpRequest) -> Actor | None:
        return actor_of_header(request, door=DOOR, schemes=TOKEN_SCHEMES, basic=True)

    def envelope(self, refusal: Refusal) -> Any:
        return body_of(refusal, self.words)
