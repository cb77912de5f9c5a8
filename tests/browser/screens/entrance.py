"""The way in, and what stands where a page cannot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from unittest import mock
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib.auth.tokens import default_token_generator
from django.test import RequestFactory
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from playwright.sync_api import Page

from returns.models import ReturnOrder
from returns.services import turn_returns
from rmaproject.access.actors import SYSTEM
from rmaproject.access.clients import create_client
from rmaproject.access.models import OAuthClient, User
from rmaproject.shared.errors import Busy
from rmaproject.web.keeping import keep
from rmaproject.web.once import Key
from tests.browser.screens import VISITOR, Screen

#: Where an application's people are sent back to, and the digest of what it will prove itself by.
BACK: Final = "https://shop.example/back"
DIGEST: Final = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
BUSY: Final = Busy("The record is in use just now; try again.", code="busy")


def _invitation() -> str:
    user = User.objects.get(username="brandt")
    key = urlsafe_base64_encode(force_bytes(user.pk))
    return f"/password/{key}/{default_token_generator.make_token(user)}/"


def _kept() -> str:
    """What somebody typed when their session had ended."""
    user = User.objects.get(username="petrovic")
    typed = {"reference": "C-3000", "name": "Moorland Tours", "email": "office@moorland.example"}
    asked = RequestFactory().post("/customers/new/", typed)
    return keep(asked, Key(user.pk, f"{user.pk}:{uuid4()}"))


def _consent() -> str:
    """An application of somebody asks to act in their name."""
    application = OAuthClient.objects.filter(name="Parcel app").first()
    if application is None:
        application = create_client(
            "Parcel app", redirect_uris=[BACK], public=True, actor=SYSTEM
        ).row
    asked = {
        "response_type": "code",
        "client_id": application.client_id,
        "redirect_uri": BACK,
        "scope": "returns.view_return returns.receive_return",
        "code_challenge": DIGEST,
        "code_challenge_method": "S256",
    }
    return f"/oauth2/authorize/?{urlencode(asked)}"


def _mistyped(page: Page) -> None:
    page.get_by_label("User name").fill("brandt")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("alert").wait_for()


@contextmanager
def _switched_off() -> Iterator[None]:
    turn_returns(on=False, actor=SYSTEM)
    yield
    turn_returns(on=True, actor=SYSTEM)


def _failing(error: Exception) -> Any:
    return lambda: mock.patch("rmaproject.web.search.searched", side_effect=error)


def _foreign() -> str:
    """A return as somebody looks for it who may not see returns."""
    return f"/returns/{ReturnOrder.objects.all()[0].uuid}/edit/"


SCREENS = [
    Screen("login", "/login/", role=VISITOR),
    Screen("login-refused", "/login/", _mistyped, role=VISITOR),
    Screen("login-first", "/login/?next=/returns/", role=VISITOR),
    Screen("invitation", _invitation, role=VISITOR),
    Screen("invitation-old", "/password/MQ/set-password/", role=VISITOR),
    Screen("kept", _kept),
    Screen("consent", _consent),
    Screen("consent-wrong", "/oauth2/authorize/?client_id=nobody", status=400),
    Screen("error-no-right", _foreign, role="Finance", status=403),
    Screen("error-broken", "/search/?q=a", given=_failing(RuntimeError("broken")), status=500),
    Screen("error-busy", "/search/?q=a", given=_failing(BUSY), status=503),
    Screen("error-off", "/returns/", given=_switched_off, status=403),
    Screen("error-off-clerk", "/returns/", role="Warehouse", given=_switched_off, status=403),
]
