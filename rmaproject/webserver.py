"""Serve the application with granian and a worker beside it, and end both when we are told to.

A worker that ends by itself, killed or for want of memory, is started again: without one no
webhook is called and no deadline kept, and nobody would see it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from types import FrameType
from typing import Final

from django.conf import settings

PR_SET_PDEATHSIG: Final = 1
#: How long the worker may take to end.
LAST_WORDS: Final = 5.0
#: How often we look whether both still run, and how long a worker that ended stays away.
LOOK: Final = 0.5
BREATH: Final = 5.0
#: Tells the server's workers that they end with it.
END_WITH_PARENT: Final = "RMA_END_WITH_PARENT"


class PortUnavailable(Exception):
    """Says in a sentence why nobody could be served there."""


def require_free_port(host: str, port: int) -> None:
    """Ask before the long steps: at the end of them the refusal would cost minutes."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as problem:
        raise PortUnavailable(_sentence(problem, host, port)) from None


def _sentence(problem: OSError, host: str, port: int) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken. Stop what uses it, or choose another: --port 8001"
    if problem.errno == errno.EACCES:
        return f"Port {port} may not be used by this user. Choose one above 1023: --port 8000"
    return f"{host} port {port} cannot be used: {problem.strerror}."


def serve(host: str, port: int) -> int:
    """Blocks until the server ends or we get SIGINT or SIGTERM; gives the server's exit code."""
    web = start_web(host, port)
    worker, started = start_worker(), time.monotonic()
    told_to_stop = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal told_to_stop
        told_to_stop = True
        for process in (web, worker):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        while (code := web.poll()) is None:
            time.sleep(LOOK)
            if worker.poll() is not None and not told_to_stop and _rested(started):
                worker, started = start_worker(), time.monotonic()
        end(worker)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0 if told_to_stop else code


def start_web(host: str, port: int) -> subprocess.Popen[bytes]:
    """Start the web server; it ends with us."""
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "rmaproject.wsgi:application"),
            *("--interface", "wsgi", "--no-ws", "--log-level", "warning"),
            *("--host", host, "--port", str(port), "--workers", str(settings.WEB_WORKERS)),
            *("--blocking-threads", str(settings.WEB_THREADS), "--respawn-failed-workers"),
            *("--workers-kill-timeout", "5"),
        ],
        cwd=settings.BASE_DIR,
        preexec_fn=end_with_parent,
        env={**os.environ, "RMA_ALLOWED_HOSTS": _hosts(host), END_WITH_PARENT: "1"},
    )


def start_worker() -> subprocess.Popen[bytes]:
    """Start the worker; it ends with us."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "run_worker"],
        stdout=subprocess.DEVNULL,  # only what went wrong is of interest here
        cwd=settings.BASE_DIR,
        preexec_fn=end_with_parent,
    )


def _rested(started: float) -> bool:
    """Whether the worker was started long enough ago to be started again."""
    return time.monotonic() - started > BREATH


def end(worker: subprocess.Popen[bytes]) -> None:
    """What a worker has in hand is done again by the next one, so nobody waits long for it."""
    worker.terminate()
    try:
        worker.wait(LAST_WORDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def end_with_parent(number: int = signal.SIGTERM) -> None:
    """Runs in the new process: after `kill -9` of its parent the port must not stay taken.

    `number` is the signal that ends it; one that nobody is left to see through is SIGKILL.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def _hosts(host: str) -> str:
    """Whoever names an address to serve on wants it answered."""
    return ",".join([*settings.ALLOWED_HOSTS, host])
