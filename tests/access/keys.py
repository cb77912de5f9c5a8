"""Calling doors with keys: tokens with limits, and OAuth2 clients through their whole dance."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from rmaproject.access.actors import SYSTEM
from rmaproject.access.clients import NewClient, create_client

BACK = "https://shop.example/back"
VERIFIER = "a-verifier-that-is-long-enough-for-the-standard-0123456789"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
)


def with_token(token: str, method: str = "GET", path: str = "/businesses/", **more: Any) -> Any:
    """A call of the API with this token."""
    body = more.pop("body", None)
    headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
    return Client(raise_request_exception=False).generic(
        method,
        f"/api/v1{path}",
        b"" if body is None else json.dumps(body).encode(),
        content_type="application/json",
        headers=headers,
        **more,
    )


def shop(**more: Any) -> NewClient:
    """An application that keeps a secret and has one address to send people back to."""
    return create_client("Shop", actor=SYSTEM, **{"redirect_uris": [BACK], **more})


def ask(made: NewClient, **more: str) -> dict[str, str]:
    """What an application sends people to the consent page with."""
    asked = {
        "response_type": "code",
        "client_id": made.row.client_id,
        "redirect_uri": BACK,
        "scope": "read",
        "state": "xyz",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **more,
    }
    return {name: value for name, value in asked.items() if value}


def let_in(browser: Client, made: NewClient, **more: str) -> Any:
    """Somebody logged in opens the page and agrees; the answer sends the browser back."""
    asked = ask(made, **more)
    page = browser.get("/oauth2/authorize/", asked)
    assert page.status_code == 200, page.content
    hidden = {name: field.initial or "" for name, field in page.context["form"].fields.items()}
    given = {name: page.context["form"].initial.get(name) or "" for name in hidden}
    return browser.post("/oauth2/authorize/", {**given, "allow": "on"})


def code_of(answer: Any) -> str:
    """The code that the browser carries back."""
    assert answer.status_code == 302, answer.content
    return parse_qs(urlsplit(answer["Location"]).query)["code"][0]


def token_request(made: NewClient, **form: str) -> Any:
    """A request to the token endpoint with the client's secret in the header."""
    pair = f"{made.row.client_id}:{made.secret}".encode()
    basic = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"} if made.secret else {}
    if not made.secret:
        form = {"client_id": made.row.client_id, **form}
    return Client().post("/oauth2/token/", form, headers=basic)


def exchange(made: NewClient, code: str, /, **more: str) -> Any:
    """The code for tokens."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    return token_request(made, **{**form, **more})


def refresh(made: NewClient, token: str) -> Any:
    """A refresh token for a new pair."""
    return token_request(made, grant_type="refresh_token", refresh_token=token)
