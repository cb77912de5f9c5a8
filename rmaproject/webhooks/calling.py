"""One call of another system, in bounded time, to an address that was checked, without detours."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, Final

from django.conf import settings
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import parse_url
from urllib3.util.connection import create_connection

from rmaproject.webhooks.addresses import ForbiddenAddress, checked_addresses

#: How much of an answer is read and kept.
KEPT_BODY: Final = 2048
KEPT_HEADERS: Final = 30
KEPT_VALUE: Final = 200
#: How many addresses of a name are tried.
TRIED: Final = 2

#: How a call fails.
BROKEN: Final = (HTTPError, HTTPException, OSError)


@dataclass
class Answer:
    """What came back; without a status nothing did, and `error` says why."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    error: str = ""
    milliseconds: int = 0

    @property
    def arrived(self) -> bool:
        """Whether the other system has taken it. A redirect is none: nobody was told to follow."""
        return self.status is not None and 200 <= self.status < 300


class _Outwards:
    """Looks its name up once, checks what it means, and connects to just that."""

    host: str
    port: int
    timeout: Any
    socket_options: Any
    #: A second handle of the connection: it stays when TLS takes the first one over.
    twin: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        last = OSError("The name has no address.")
        for address in checked_addresses(self.host, self.port)[:TRIED]:
            try:
                made = create_connection(
                    (address, self.port), self.timeout, socket_options=self.socket_options
                )
            except OSError as problem:
                last = problem
                continue
            self.twin = made.dup()
            return made
        raise last

    def hang_up(self) -> None:
        """End the connection, whatever waits for it."""
        if self.twin is not None:
            with suppress(OSError):
                self.twin.shutdown(socket.SHUT_RDWR)


class OutwardHTTPConnection(_Outwards, HTTPConnection):
    """Plain HTTP."""


class OutwardHTTPSConnection(_Outwards, HTTPSConnection):
    """HTTPS: the certificate must be the name's, whatever address it means."""


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = OutwardHTTPConnection


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = OutwardHTTPSConnection


def call(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """POST a body and tell what came of it; never raises for what the other side does.

    No proxy of the environment is asked, no redirect followed, no more than a little read.
    """
    started = time.monotonic()
    answer = Answer()
    try:
        answer = _exchange(url, body, headers)
    except ForbiddenAddress as reason:
        answer.error = str(reason)
    except (*BROKEN, ValueError) as problem:
        answer.error = _sentence(problem)
    answer.milliseconds = round((time.monotonic() - started) * 1000)
    return answer


def _exchange(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    parts = parse_url(url)
    seconds = settings.WEBHOOK_TIMEOUT
    kind: Any = _HTTPSPool if parts.scheme == "https" else _HTTPPool
    host = (parts.host or "").strip("[]")
    with kind(host, parts.port, timeout=Timeout(connect=seconds, read=seconds)) as pool:
        connection = pool._get_conn()
        try:
            with _deadline(connection, seconds):
                connection.request(
                    "POST",
                    parts.request_uri,
                    body=body,
                    headers=dict(headers),
                    preload_content=False,
                    decode_content=False,
                )
                response = connection.getresponse()
                text = _beginning(response)
        finally:
            connection.close()
            if connection.twin is not None:
                connection.twin.close()
    shown = {
        name[:KEPT_VALUE]: value[:KEPT_VALUE]
        for name, value in list(response.headers.items())[:KEPT_HEADERS]
    }
    return Answer(status=response.status, headers=shown, body=text)


def _beginning(response: Any) -> str:
    """The first of what was answered. The status is known, so nothing in here is a failure."""
    try:
        found: bytes = response.read(KEPT_BODY)
    except (*BROKEN, ValueError):
        found = b""
    return found.decode(errors="replace").replace("\x00", "")


@contextmanager
def _deadline(connection: Any, seconds: float) -> Iterator[None]:
    """End a call that drips: each byte may come in time, and the whole never."""
    over = threading.Event()

    def end() -> None:
        over.set()
        connection.hang_up()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (*BROKEN, ValueError):
        if over.is_set():
            raise TimeoutError(f"No answer within {seconds} seconds.") from None
        raise
    finally:
        timer.cancel()


def _sentence(problem: Exception) -> str:
    text = " ".join(str(problem).split()) or type(problem).__name__
    return "".join(sign for sign in text if sign.isprintable())[:300]
