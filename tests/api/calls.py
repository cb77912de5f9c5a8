"""A caller of the REST door in tests: JSON in, JSON out, the version sent along when asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from rmaproject.access.models import User
from rmaproject.access.tokens import create_token

ROOT = "/api/v1"


@dataclass
class Caller:
    """Somebody with a token; without one, anybody."""

    user: User | None = None

    def __post_init__(self) -> None:
        self.client = Client(raise_request_exception=True)
        self.headers = {}
        if self.user is not None:
            self.headers["Authorization"] = f"Token {create_token(self.user)}"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        data = b"" if body is None else json.dumps(body).encode()
        return self.client.generic(  # type: ignore[return-value]
            method,
            f"{ROOT}{path}",
            data,
            content_type="application/json",
            headers=self.headers | sent,
        )

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.call("DELETE", path, **headers)

    def verb(self, order: Any, name: str, body: Any = None, **headers: str) -> HttpResponse:
        """A verb on a return, based on its present version."""
        order.refresh_from_db()
        sent = {"If_Match": f'"{order.version}"', **headers}
        return self.post(f"/returns/{order.uuid}/{name}/", body, **sent)


def problem(response: HttpResponse, status: int) -> dict[str, Any]:
    """The problem document of a refusal with this status."""
    body = json.loads(response.content)
    assert response.status_code == status, body
    assert response.headers["Content-Type"] == "application/problem+json"
    return body  # type: ignore[no-any-return]


def pointers(body: dict[str, Any]) -> dict[str, str]:
    """What was wrong where: pointer to code."""
    return {error["pointer"]: error["code"] for error in body["errors"]}
