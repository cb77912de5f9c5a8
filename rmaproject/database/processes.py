"""Which processes really serve a cluster: pid files lie after a crash, /proc does not."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")


def postmaster_pid(data: Path) -> int | None:
    """The live server of this folder; a zombie, or a stranger with the same number, is none."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pid if _alive(pid) and _works_in(pid, data) else None


def wait_until_nobody_in(data: Path, *, seconds: float) -> None:
    """Orphaned backends end by themselves, and a new server must not start before they have."""
    deadline = time.monotonic() + seconds
    while any(_processes_in(data)) and time.monotonic() < deadline:
        time.sleep(0.05)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return not PROC.is_dir()


def _works_in(pid: int, data: Path) -> bool:
    """A PostgreSQL process always has its cluster as its working folder."""
    if not PROC.is_dir():
        return True
    try:
        return (PROC / str(pid) / "cwd").readlink() == data.resolve()
    except OSError:
        return False


def _processes_in(data: Path) -> Iterator[int]:
    if PROC.is_dir():
        for entry in PROC.iterdir():
            if entry.name.isdecimal() and _works_in(int(entry.name), data):
                yield int(entry.name)
