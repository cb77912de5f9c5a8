"""JSON in and out: orjson for answers, a strict reader for requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import orjson
from django.utils.translation import gettext
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from rmaproject.rest.refusals import TooLarge
from rmaproject.shared.errors import Malformed
from rmaproject.shared.money import plain

MAX_BYTES: Final = 1_048_576
MAX_DEPTH: Final = 32
#: Entries of one list in a body.
MAX_ENTRIES: Final = 1_000
#: How many times MAX_BYTES are read off a refused body before its connection is given up.
MAX_READ_OFF: Final = 32


class JsonRenderer(BaseRenderer):
    """Answers as UTF-8 JSON; decimals are strings, so that no client rounds money."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else dumps(data)


def dumps(data: Any) -> bytes:
    """The bytes that an answer is sent as."""
    return orjson.dumps(data, default=_other, option=orjson.OPT_NON_STR_KEYS)


def _other(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    return str(value)


class JsonParser(BaseParser):
    """Reads a JSON object; refuses doubled keys, numbers that are none, and depth bombs."""

    media_type = "application/json"

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            read_off(stream)
            raise TooLarge(f"The body has more than {MAX_BYTES} bytes.")
        if not raw.strip():
            return {}
        return loads(raw)


def read_off(stream: Any) -> None:
    """Read the rest of a refused body, else the caller's next request on this connection dies."""
    for _ in range(MAX_READ_OFF):
        if not stream.read(MAX_BYTES):
            return


def loads(raw: bytes) -> Any:
    """The value of a JSON text, floats as decimals. Raises ParseError with the place."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=Decimal,
            parse_constant=_constant,
        )
    except UnicodeDecodeError as error:
        raise ParseError("The body is not UTF-8.") from error
    except RecursionError as error:
        raise ParseError("The body is nested too deeply.") from error
    except ValueError as error:
        raise ParseError(f"The body is not JSON: {error}") from error
    try:
        _check(value, 0)
    except UnicodeEncodeError as error:
        raise ParseError("The body holds half a surrogate pair, which is no text.") from error
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        names = [name for name, _ in pairs]
        doubled = sorted({name for name in names if names.count(name) > 1})
        raise ParseError(f"The body names {', '.join(doubled)} twice.")
    return value


def _constant(name: str) -> Any:
    raise ParseError(f"{name} is no JSON number.")


def _check(value: Any, depth: int) -> None:
    """Refuse depth bombs, endless lists, and texts that escapes made and no encoding knows."""
    if depth > MAX_DEPTH:
        raise ParseError(f"The body is nested deeper than {MAX_DEPTH}.")
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, dict):
        for name, item in value.items():
            name.encode()
            _check(item, depth + 1)
    elif isinstance(value, list):
        if len(value) > MAX_ENTRIES:
            message = gettext(
                "A list has more than %(max_entries)s entries; send several requests."
            ) % {"max_entries": MAX_ENTRIES}
            raise Malformed(message, code="too_many_entries")
        for item in value:
            _check(item, depth + 1)
