"""Forms in the body, read no further than other bodies."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from rest_framework.parsers import FormParser

from rmaproject.rest.refusals import TooLarge
from rmaproject.rest.rendering import MAX_BYTES, read_off


def read_form(stream: Any, most: int = MAX_BYTES) -> bytes:
    """The bytes of a form. Raises TooLarge when there are more than `most`."""
    raw: bytes = stream.read(most + 1)
    if len(raw) > most:
        read_off(stream)
        raise TooLarge(f"The body has more than {most} bytes.")
    return raw


class SmallFormParser(FormParser):
    """A form of fields alone, of no more bytes than a JSON body has."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return super().parse(BytesIO(read_form(stream)), media_type, parser_context)
