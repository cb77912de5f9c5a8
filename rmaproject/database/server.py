"""One server for each data folder, shared by all processes that use it; the last one stops it.

Whoever uses the server holds a shared lock on `users.lock`. The kernel drops it even after
`kill -9`, so a crashed process never keeps a server alive against the others. `database start`
leaves the file `keep`, and then nobody but `database stop` ends the server.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import functools
import hashlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from psycopg import pq

from rmaproject.database.account import Account, server_account
from rmaproject.database.cluster import Cluster
from rmaproject.database.errors import ServerError
from rmaproject.database.programs import Programs, find_programs, within_reach
from rmaproject.environment import make_folder

LONGEST_SOCKET = 107 - len("/.s.PGSQL.5432") - 1


@dataclass
class Server:
    data_dir: Path
    durable: bool = True
    _users: IO[str] | None = None
    _pid: int = 0
    _used: bool = False
    _thread_lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def at(cls, data_dir: Path, *, durable: bool = True) -> Server:
        """The one object of this process for that folder, so that it holds one lock."""
        return _server_at(data_dir.absolute(), durable)

    @functools.cached_property
    def account(self) -> Account:
        return server_account()

    @functools.cached_property
    def found(self) -> Programs:
        return find_programs()

    @functools.cached_property
    def home(self) -> Path:
        """Where the cluster lies: the data folder, unless root's server could not enter it."""
        make_data_dir(self.data_dir)
        if self.account.reaches(self.data_dir):
            return self.data_dir
        home = Path("/var/lib/returns-desk") / _short_hash(self.data_dir)
        try:
            home.mkdir(mode=0o711, parents=True, exist_ok=True)
        except OSError as problem:
            raise ServerError(
                f"The database cannot be kept in {home}: {problem.strerror}."
            ) from None
        return home

    @property
    def socket_dir(self) -> Path:
        folder = self.home / f"run-{self.found.major}"
        if len(os.fsencode(folder)) <= LONGEST_SOCKET:
            return folder
        return Path("/tmp") / f"returns-desk-{_short_hash(folder)}"  # noqa: S108 - made private

    def cluster(self) -> Cluster:
        programs = within_reach(self.found, self.account, self.home)
        return Cluster(self.home, programs, self.account, self.socket_dir, durable=self.durable)

    def use(self) -> None:
        """Start the server unless it runs, and keep it for the life of this process."""
        with self._thread_lock:
            if not self._held():
                self._hold()
            if not answers(self.socket_dir):
                with self._locked("start.lock"):
                    if not answers(self.socket_dir):
                        self.cluster().start()
            self._used = True

    def release(self) -> None:
        """Let go; the last user stops the server, unless somebody asked to keep it."""
        if self._users is None or self._pid != os.getpid():
            return
        users, self._users = self._users, None
        with users:
            try:
                # Others may come and go, but nobody can start while the last one stops.
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if self._used and not (self.data_dir / "keep").exists():
                self.cluster().stop()

    def running(self) -> bool:
        return self.data_dir.is_dir() and answers(self.socket_dir)

    def keep(self) -> None:
        (self.data_dir / "keep").touch()

    def stop(self) -> None:
        """Stop it now, even under the feet of others."""
        (self.data_dir / "keep").unlink(missing_ok=True)
        with self._locked("start.lock"):
            self.cluster().stop()

    def _held(self) -> bool:
        return self._users is not None and self._pid == os.getpid()

    def _hold(self) -> None:
        users = self._open("users.lock")
        fcntl.flock(users, fcntl.LOCK_SH)
        if self._pid != os.getpid():
            atexit.register(self.release)
        self._users, self._pid = users, os.getpid()

    @contextlib.contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        with self._open(name) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _open(self, name: str) -> IO[str]:
        make_data_dir(self.data_dir)
        path = self.data_dir / name
        path.touch(mode=0o600)
        return path.open("a")


@functools.cache
def _server_at(data_dir: Path, durable: bool) -> Server:
    return Server(data_dir, durable)


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def answers(socket_dir: Path) -> bool:
    """Asks the server itself: a pid file proves nothing after a crash."""
    told = pq.PGconn.ping(f"host='{socket_dir}' user=postgres dbname=postgres".encode())
    return pq.Ping(told) == pq.Ping.OK


def make_data_dir(path: Path) -> None:
    """Refuse with a sentence where nothing can be kept."""
    try:
        make_folder(path)
        if not os.access(path, os.W_OK | os.X_OK):
            raise ServerError(f"The data folder {path} is not writable.")
    except OSError as problem:
        raise ServerError(f"The data folder {path} cannot be made: {problem.strerror}.") from None
