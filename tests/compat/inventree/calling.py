"""Calling this door as its clients do: with a JSON body on every request, by token or password."""

from __future__ import annotations

import base64
import json
from typing import Any

from django.test import Client

from rmaproject.access.actors import Actor
from rmaproject.access.models import User
from rmaproject.access.tokens import create_token

ROOT = "/api/"
PASSWORD = "a long pass phrase"


class Caller:
    """Somebody with a token, or anybody; paths are below `/api/`."""

    def __init__(self, who: Actor | User | None = None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers: dict[str, str] = {}
        user = who.user if isinstance(who, Actor) else who
        if user is not None:
            self.headers["Authorization"] = f"Token {create_token(user)}"

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, {}, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body or {}, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("PATCH", path, body or {}, **headers)

    def delete(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("DELETE", path, body or {}, **headers)

    def options(self, path: str) -> Any:
        return self.call("OPTIONS", path, {})

    def call(self, method: str, path: str, body: Any, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method,
            ROOT + path,
            json.dumps(body).encode(),
            content_type="application/json",
            headers={**self.headers, **named},
        )


def basic(name: str, password: str = PASSWORD) -> dict[str, str]:
    """The header of a name and password."""
    text = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {text}"}


def body(answer: Any, status: int = 200) -> Any:
    """The JSON of an answer with this status, sent exactly as JSON."""
    told = json.loads(answer.content) if answer.content else None
    assert answer.status_code == status, told
    if told is not None:
        assert answer.headers["Content-Type"] == "application/json"
    return told
