"""Run the program as a user does: in a process of its own, on a data folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rmaproject.database.processes import PROC
from tests.throwaway import remove_with_server

ROOT = Path(__file__).resolve().parent.parent
OURS = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "RMA_DATA_DIR", "RMA_TEST_FOLDER")


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return {**kept, "RMA_DATA_DIR": str(data_dir), **more}


def manage(
    data_dir: Path, *arguments: str, seconds: int = 60, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(data_dir, **more),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


@contextmanager
def data_folder() -> Iterator[Path]:
    """Not pytest's tmp_path: its folders are closed to the account that runs root's server."""
    folder = Path(tempfile.mkdtemp(prefix="rd-"))
    folder.chmod(0o711)
    try:
        yield folder / "data"
    finally:
        remove_with_server(folder / "data")
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processes_mentioning(text: str) -> list[str]:
    """Command lines of live processes, and working folders: PostgreSQL renames itself."""
    found = []
    for entry in PROC.iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                line += f" in {(entry / 'cwd').readlink()}"
            except OSError:
                continue
            if text in line:
                found.append(line)
    return found


def wait_for(condition: object, *, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


@contextmanager
def running(data_dir: Path, *arguments: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    # One worker: the one that answered has started in full, and stops at once.
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(data_dir, RMA_WEB_WORKERS="1", **more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
