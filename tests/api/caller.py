"""Calling the REST door as a client would: by token, with JSON, and with the record's ETag."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from rmaproject.access.actors import Actor
from rmaproject.access.tokens import create_token

ROOT = "/api/v1"


class Caller:
    """Somebody with a token; paths are below `/api/v1`."""

    def __init__(self, actor: Actor | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers: dict[str, str] = {}
        if actor is not None and actor.user is not None:
            self.headers["Authorization"] = f"Token {create_token(actor.user)}"

    def get(self, path: str, **headers: str) -> Any:
        return self._send("GET", path, None, headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("POST", path, body if body is not None else {}, headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self._send("PATCH", path, body, headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self._send("DELETE", path, None, headers)

    def raw(self, method: str, path: str, body: bytes, kind: str = "application/json") -> Any:
        """A body as it is, for what no JSON library would send."""
        return self.client.generic(
            method, ROOT + path, body, content_type=kind, headers=self.headers
        )

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        path = path.removeprefix("http://testserver").removeprefix(ROOT)
        return self.client.generic(
            method,
            ROOT + path,
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers={**self.headers, **named},
        )


def codes(answer: Any) -> dict[str, str]:
    """The code of each value that a problem names, by its pointer."""
    return {error["pointer"]: error["code"] for error in answer.json()["errors"]}
