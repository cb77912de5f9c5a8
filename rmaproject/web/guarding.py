"""Passwords are not to be guessed: after several wrong ones a name, and an address, has to wait."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from rmaproject.shared import tally
from rmaproject.shared.addresses import caller_address

LOG: Final = logging.getLogger(__name__)


def seconds_to_wait(request: HttpRequest, name: str) -> int:
    """How long this name or this address has to wait; 0 when it may try.

    Where counting fails nobody waits: a broken file must not lock everybody out.
    """
    if not settings.LOGIN_TRIES:
        return 0
    try:
        tried = [
            (tally.counted(settings.RATE_FILE, who, _period(), tally.LOGINS), most)
            for who, most in _who(request, name)
        ]
    except tally.FAILURES:
        LOG.exception("Wrong passwords cannot be counted in %s.", settings.RATE_FILE)
        return 0
    return _left() if any(count >= most for count, most in tried) else 0


def wrong(request: HttpRequest, name: str) -> None:
    """Count a wrong password for the name and for the address."""
    if not settings.LOGIN_TRIES:
        return
    try:
        for who, _most in _who(request, name):
            tally.count(settings.RATE_FILE, who, _period(), tally.LOGINS)
    except tally.FAILURES:
        LOG.exception("Wrong passwords cannot be counted in %s.", settings.RATE_FILE)


def right(request: HttpRequest, name: str) -> None:
    """The right password clears the name; the address keeps its count, or one key opens all."""
    try:
        tally.forget(settings.RATE_FILE, _named(request, name), tally.LOGINS)
    except tally.FAILURES:
        LOG.exception("Wrong passwords cannot be counted in %s.", settings.RATE_FILE)


def _who(request: HttpRequest, name: str) -> Iterator[tuple[str, int]]:
    """By what is counted, and how many wrong ones each may have in a period."""
    yield _named(request, name), settings.LOGIN_TRIES
    yield f"address:{caller_address(request)}", settings.LOGIN_TRIES * 5


def _named(request: HttpRequest, name: str) -> str:
    """The name and where it is tried from: a stranger must not keep somebody out."""
    told = f"{name.strip().casefold()} {caller_address(request)}"
    return f"name:{sha256(told.encode()).hexdigest()[:32]}"


def _period() -> int:
    return int(time.time() // settings.LOGIN_PERIOD)


def _left() -> int:
    return int((_period() + 1) * settings.LOGIN_PERIOD - time.time()) + 1
