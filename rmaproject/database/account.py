"""PostgreSQL refuses to run as root; then it runs as a system account that exists already."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rmaproject.database.errors import ServerError


@dataclass(frozen=True)
class Account:
    """Who runs the server; `uid` is None when it is simply who runs this program."""

    uid: int | None = None
    gid: int | None = None

    def as_options(self) -> dict[str, Any]:
        """For subprocess: a changed user keeps none of root's groups."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """May it enter the folder (or run the program), through all folders above?"""
        if self.uid is None:
            return os.access(path, os.X_OK)
        test = ["test", "-x", str(path)]
        return subprocess.run(test, cwd="/", check=False, **self.as_options()).returncode == 0

    def make_private(self, path: Path) -> None:
        """A folder that nobody but this account (and root) can enter."""
        path.mkdir(mode=0o700, exist_ok=True)
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)
        status = path.lstat()
        if status.st_uid != (os.geteuid() if self.uid is None else self.uid):
            raise ServerError(f"{path} belongs to another user.")
        path.chmod(0o700)


def server_account() -> Account:
    if os.geteuid() != 0:
        return Account()
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise ServerError(
        "PostgreSQL does not run as root and there is no account 'postgres' or 'nobody' to run it. "
        "Start this program as an ordinary user, or set DATABASE_URL."
    )


def own_name() -> str:
    """What the operating system calls us: the server lets in this name and no other."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise ServerError(
            f"User id {os.geteuid()} has no name on this system, so PostgreSQL cannot run. "
            "Give it one, or set DATABASE_URL."
        ) from None
