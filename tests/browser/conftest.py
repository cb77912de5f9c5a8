"""Tests in a real browser against a real server, with the records that the factories make."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.chromium import ABSENT, executable, launch
from tests.browser.desk import Desk, watch

# Playwright keeps an event loop in this thread; the database is used by nobody else in it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# A busy machine may take its time; what never comes fails all the same.
expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is skipped, and says why, where there is no browser."""
    if executable():
        return
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.skip(reason=ABSENT))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Desk]]:
    """Opens a window for somebody: `window(actor)`, with Playwright's options for its size.

    Without an actor nobody is logged in.

    At the end of the test nothing may have gone wrong in any of them.
    """
    opened: list[Desk] = []

    def open_for(actor: Any, **options: Any) -> Desk:
        context = chromium.new_context(
            **{"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", **options}
        )
        if actor:
            context.add_cookies([_logged_in(actor.user, live_server.url)])
        user = actor.user if actor else None
        desk = Desk(context, context.new_page(), live_server.url, user)
        desk.page.set_default_timeout(15_000)
        watch(desk)
        opened.append(desk)
        return desk

    yield open_for
    problems = [line for desk in opened for line in desk.problems]
    try:
        for page in [page for desk in opened for page in desk.context.pages]:
            problems += page.evaluate("window.cspReports ?? []")
    finally:
        for desk in opened:
            desk.context.close()
        _all_answered()
    assert problems == []


def _all_answered() -> None:
    """Wait for requests that are still at work: they would meet an emptied database."""
    until = time.monotonic() + 20
    while any("process_request_thread" in thread.name for thread in threading.enumerate()):
        assert time.monotonic() < until, "A request never came to its end."
        time.sleep(0.02)


@pytest.fixture
def desk(window: Callable[..., Desk], ada: Any, business: Any) -> Desk:
    """Ada at her desk, in a business that takes returns."""
    return window(ada)


def _logged_in(user: Any, url: str) -> dict[str, Any]:
    """The cookie of a new session, without the detour over the login page."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": url}
