"""Calling the REST door as a client would: by token, with JSON, and with the record's ETag."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from rmaproject.access.actors import Actor
from rmaproject.access.models import ApiToken, User
from rmaproject.access.tokens import create_token
from rmaproject.shared import clock
from tests.api.record_examples import keep

ROOT = "/api/v1"


class Caller:
    """Somebody with a token, or anybody; paths are below `/api/v1`."""

    def __init__(self, who: Actor | User | None = None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers: dict[str, str] = {}
        user = who.user if isinstance(who, Actor) else who
        if user is not None:
            self.headers["Authorization"] = f"Token {create_token(user)}"
            # That a first use is noted is no part of what a call costs.
            ApiToken.objects.filter(user=user).update(last_used_at=clock.now())

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.call("DELETE", path, **headers)

    def verb(self, order: Any, name: str, body: Any = None, **headers: str) -> Any:
        """A verb on a return, based on its present version."""
        order.refresh_from_db()
        sent = {"If_Match": f'"{order.version}"', **headers}
        return self.post(f"/returns/{order.uuid}/{name}/", body, **sent)

    def raw(self, method: str, path: str, body: bytes, kind: str = "application/json") -> Any:
        """A body as it is, for what no JSON library would send."""
        return self.client.generic(
            method, ROOT + path, body, content_type=kind, headers=self.headers
        )

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        path = path.removeprefix("http://testserver").removeprefix(ROOT)
        answer = self.client.generic(
            method,
            ROOT + path,
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers={**self.headers, **named},
        )
        keep(method, ROOT + path, body, answer)
        return answer


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem document of a refusal with this status."""
    body = json.loads(answer.content)
    assert answer.status_code == status, body
    assert answer.headers["Content-Type"] == "application/problem+json"
    return body  # type: ignore[no-any-return]


def pointers(body: dict[str, Any]) -> dict[str, str]:
    """What was wrong where: pointer to code."""
    return {error["pointer"]: error["code"] for error in body["errors"]}


def codes(answer: Any) -> dict[str, str]:
    """The code of each value that an answer names as wrong, by its pointer."""
    return pointers(answer.json())
