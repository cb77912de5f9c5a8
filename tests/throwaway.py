"""Folders for databases that end with the tests, also when an earlier run was killed."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from rmaproject.database.errors import ServerError
from rmaproject.database.server import Server

PREFIX = "returns-desk-test-"
LOCK = "pytest.lock"


def make_test_folder() -> str:
    """A folder of this run, locked for as long as the run lives."""
    for old in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if _is_ours(old) and not _in_use(old):
            remove_with_server(old)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    if os.geteuid() == 0:
        folder.chmod(0o711)
    lock = (folder / LOCK).open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    _open_locks.append(lock)
    return str(folder)


_open_locks: list[object] = []


def _is_ours(folder: Path) -> bool:
    try:
        return folder.stat().st_uid == os.geteuid()
    except FileNotFoundError:
        return False  # another run has just removed its own


def _in_use(folder: Path) -> bool:
    try:
        with (folder / LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return True  # just being made
    return False


def remove_with_server(folder: Path) -> None:
    server = Server.at(folder)
    try:
        if server.running():
            server.stop()
    except ServerError as problem:
        print(f"{folder}: {problem}")  # noqa: T201
    shutil.rmtree(folder, ignore_errors=True)
