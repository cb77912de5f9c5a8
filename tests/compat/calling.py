"""Calling a foreign door as a client of that system would, and comparing whole bodies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.test import Client

from rmaproject.access.actors import Actor
from rmaproject.access.models import User
from rmaproject.access.tokens import create_token
from tests.changes import picture


class Caller:
    """Somebody with a token, or anybody; paths start at the root.

    `header` and `scheme` say how this system's clients send it: `Authorization: Token T`, or with
    `scheme=""` the bare token in a header of its own.
    """

    def __init__(
        self,
        who: Actor | User | None = None,
        *,
        header: str = "Authorization",
        scheme: str = "Token",
        **more: str,
    ) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers: dict[str, str] = {name.replace("_", "-"): more[name] for name in more}
        user = who.user if isinstance(who, Actor) else who
        if user is not None:
            self.headers[header] = f"{scheme} {create_token(user)}".strip()

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.call("DELETE", path, **headers)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """A request with a JSON body, or with none."""
        raw = b"" if body is None else json.dumps(body, default=str).encode()
        return self.raw(method, path, raw, **headers)

    def raw(
        self, method: str, path: str, body: bytes, kind: str = "application/json", **headers: str
    ) -> Any:
        """A body as it is: another encoding, or what no JSON library would send."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method, path, body, content_type=kind, headers={**self.headers, **named}
        )


def body_of(answer: Any, status: int = 200) -> Any:
    """The JSON body of an answer with this status."""
    body = json.loads(answer.content) if answer.content else None
    assert answer.status_code == status, (answer.status_code, body)
    return body


_STANDS: Final = re.compile(r"<(uuid|date|time|number|text|any)(?::([^>]+))?>")


def same(body: Any, expected: Any, known: dict[str, Any] | None = None) -> dict[str, Any]:
    """Compare a whole body; what placeholders stood for, by their names.

    A placeholder stands for what differs each time: `<uuid>`, `<date>` (a day), `<time>` (ISO
    8601 with offset), `<number>`, `<text>` (not empty), `<any>`. With a name, `<uuid:return>`, it
    stands for the same value wherever the name is used; `known` holds values from before.
    """
    found = dict(known or {})
    _same(body, expected, found, "")
    return found


def _same(value: Any, expected: Any, found: dict[str, Any], at: str) -> None:
    stands = _STANDS.fullmatch(expected) if isinstance(expected, str) else None
    if stands:
        kind, name = stands.groups()
        assert _fits(kind, value), f"{at}: {value!r} is no {kind}"
        if name:
            assert found.setdefault(name, value) == value, f"{at}: {value!r} is not {found[name]!r}"
    elif isinstance(expected, dict):
        assert isinstance(value, dict), f"{at}: {value!r} is no object"
        assert sorted(value) == sorted(expected), f"{at}: other keys"
        for key in expected:
            _same(value[key], expected[key], found, f"{at}/{key}")
    elif isinstance(expected, list):
        assert isinstance(value, list), f"{at}: {value!r} is no list"
        assert len(value) == len(expected), f"{at}: {len(value)} entries, not {len(expected)}"
        for place, (one, other) in enumerate(zip(value, expected, strict=True)):
            _same(one, other, found, f"{at}/{place}")
    else:
        alike = value == expected and isinstance(value, bool) == isinstance(expected, bool)
        assert alike, f"{at}: {value!r} is not {expected!r}"


def _fits(kind: str, value: Any) -> bool:
    if kind == "any":
        return True
    if kind == "number":
        return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if not isinstance(value, str) or not value:
        return False
    try:
        if kind == "uuid":
            UUID(value)
        if kind == "date":
            return date.fromisoformat(value).isoformat() == value
        if kind == "time":
            return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
    return True


@contextmanager
def nothing_changed() -> Iterator[None]:
    """What happens inside must leave every row of ours as it was."""
    before = picture()
    yield
    assert picture() == before
