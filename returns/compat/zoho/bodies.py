"""The encodings that clients send a body in: JSON, or a form with JSON in its field JSONString."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from django.core.exceptions import SuspiciousOperation
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser

from rmaproject.rest.rendering import MAX_BYTES, MAX_READ_OFF, loads

FIELD: Final = "JSONString"
#: A form writes each byte of its field as up to three.
MOST: Final = 3 * MAX_BYTES
MOST_FIELDS: Final = 20


class FormParser(BaseParser):
    """A form whose field `JSONString` holds the body; its other fields say nothing."""

    media_type = "application/x-www-form-urlencoded"

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        raw = stream.read(MOST + 1)
        if len(raw) > MOST:
            _read_off(stream)
            raise _too_large()
        try:
            text = raw.decode("ascii")
            pairs = parse_qsl(
                text,
                keep_blank_values=True,
                encoding="utf-8",
                errors="strict",
                max_num_fields=MOST_FIELDS,
            )
        except ValueError as error:
            raise ParseError("The form cannot be read.") from error
        return _body([value for name, value in pairs if name == FIELD])


class MultipartParser(BaseParser):
    """The same as form data of several parts; files among them say nothing."""

    media_type = "multipart/form-data"

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            parsed: Any = MultiPartParser().parse(stream, media_type, parser_context)
        except SuspiciousOperation as error:  # more fields or bytes than Django reads
            raise ParseError("The form has too many or too large fields.") from error
        return _body(parsed.data.getlist(FIELD))


def _body(texts: list[str]) -> Any:
    if len(texts) > 1:
        raise ParseError(f"The form names {FIELD} twice.")
    raw = texts[0].encode("utf-8", "surrogatepass") if texts else b""
    if len(raw) > MAX_BYTES:
        raise _too_large()
    return loads(raw) if raw.strip() else {}


def _too_large() -> ParseError:
    return ParseError(f"The body has more than {MAX_BYTES} bytes.")


def _read_off(stream: Any) -> None:
    """Read the rest of a refused body, else the caller's next request on this connection dies."""
    for _ in range(MAX_READ_OFF):
        if not stream.read(MAX_BYTES):
            return
