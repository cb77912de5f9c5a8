"""The encodings that clients send a body in: JSON, or a form with JSON in its field JSONString."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser

from returns.compat.forms import read_form
from rmaproject.rest.refusals import TooLarge
from rmaproject.rest.rendering import MAX_BYTES, loads, read_off

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
        raw = read_form(stream, MOST)
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
        headers = parser_context["request"].headers if parser_context else {}
        size = int(headers.get("Content-Length") or 0)  # none where it comes in chunks
        if size > MOST:  # files among its parts would be written to disk first
            read_off(stream)
            raise _too_large()
        try:
            parsed: Any = MultiPartParser().parse(stream, media_type, parser_context)
        except RequestDataTooBig as error:
            raise _too_large() from error
        except SuspiciousOperation as error:  # more fields than Django reads
            raise ParseError("The form has too many fields.") from error
        return _body(parsed.data.getlist(FIELD))


def _body(texts: list[str]) -> Any:
    if len(texts) > 1:
        raise ParseError(f"The form names {FIELD} twice.")
    raw = texts[0].encode("utf-8", "surrogatepass") if texts else b""
    if len(raw) > MAX_BYTES:
        raise _too_large()
    return loads(raw) if raw.strip() else {}


def _too_large() -> TooLarge:
    return TooLarge(f"The body has more than {MAX_BYTES} bytes.")
