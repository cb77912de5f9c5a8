"""Make, start and stop the files that PostgreSQL calls a cluster."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from rmaproject.database.account import Account, own_name
from rmaproject.database.errors import ServerError
from rmaproject.database.processes import postmaster_pid, wait_until_nobody_in
from rmaproject.database.programs import Programs

NAME: Final = "rma"
START_SECONDS: Final = 60

SETTINGS: Final = """\
# Written at every start. Put settings of your own into local.conf beside this file.
listen_addresses = ''
unix_socket_directories = '{socket_dir}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
work_mem = 8MB
maintenance_work_mem = 64MB
random_page_cost = 1.1
log_line_prefix = '%m [%p] '
log_lock_waits = on
{speed}include_if_exists = 'local.conf'
"""
SPEED: Final = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
# Nobody but the operating system's own users named in pg_ident.conf gets in, and without a network.
ACCESS: Final = "local all all peer map=rma\nlocal replication all peer map=rma\n"


@dataclass(frozen=True)
class Cluster:
    home: Path
    programs: Programs
    account: Account
    socket_dir: Path
    durable: bool = True

    @property
    def data(self) -> Path:
        return self.home / f"postgres-{self.programs.major}"

    @property
    def log(self) -> Path:
        return self.home / f"run-{self.programs.major}" / "server.log"

    def start(self) -> None:
        """Serve, whatever state an earlier crash left behind; the caller holds the start lock."""
        try:
            self.account.make_private(self.log.parent)
            self.account.make_private(self.socket_dir)
            self._make()
            self._clear_after_crash()
            self._configure()
        except OSError as problem:
            raise ServerError(f"The database cannot be prepared: {problem}.") from None
        done = self._run("pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-l", str(self.log))
        if done.returncode:
            raise ServerError(
                f"The database does not start. Its log {self.log} ends:\n{self._why()}"
            )
        self._make_database()

    def stop(self) -> None:
        if postmaster_pid(self.data) is None:
            return
        if self._run("pg_ctl", "stop", "-w", "-m", "fast").returncode:
            raise ServerError(f"The database in {self.data} does not stop; see {self.log}.")

    def _make(self) -> None:
        """Initialised beside its place and moved there: a killed attempt leaves no half cluster."""
        if (self.data / "PG_VERSION").exists():
            return
        self._refuse_other_version()
        fresh = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        self.account.make_private(fresh)
        locale = ["--locale-provider=builtin"] if self.programs.major >= 17 else []
        done = self._run(
            *("initdb", "--username=postgres", "--auth=peer", "--encoding=UTF8"),
            *(*locale, "--locale=C.UTF-8", "--data-checksums"),
            *([] if self.durable else ["--no-sync"]),
            data=fresh,
        )
        if done.returncode:
            raise ServerError(f"The database cannot be made:\n{done.stdout.strip()}")
        with (fresh / "postgresql.conf").open("a") as settings:
            settings.write("\ninclude = 'rma.conf'\n")
        fresh.rename(self.data)

    def _refuse_other_version(self) -> None:
        others = [path.parent for path in self.home.glob("postgres-*/PG_VERSION")]
        others = [path for path in others if path.suffix != ".new"]
        if others:
            raise ServerError(
                f"{others[0]} was made by another version than PostgreSQL {self.programs.version} "
                f"in {self.programs.folder}. Name the right programs with RMA_PG_BIN, or move the "
                "data with pg_dump (docs/operations.md)."
            )

    def _configure(self) -> None:
        me = own_name().replace('"', '""')
        speed = "" if self.durable else SPEED
        socket_dir = str(self.socket_dir).replace("'", "''")
        files = {
            "rma.conf": SETTINGS.format(socket_dir=socket_dir, speed=speed),
            "pg_hba.conf": ACCESS,
            "pg_ident.conf": f'rma "{me}" postgres\nrma "{me}" {NAME}\n',
        }
        for name, content in files.items():
            path = self.data / name
            path.write_text(content, encoding="utf-8")
            path.chmod(0o644)  # the folder is private; the server's account must read this

    def _clear_after_crash(self) -> None:
        """After kill -9 in a container the dead server stays a zombie and blocks the next start."""
        if postmaster_pid(self.data) is not None:
            return
        wait_until_nobody_in(self.data, seconds=10)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for stale in self.socket_dir.glob(".s.PGSQL.*"):
            stale.unlink(missing_ok=True)

    def _make_database(self) -> None:
        """The application's own role is no superuser; it owns its database and nothing else."""
        with psycopg.connect(
            host=str(self.socket_dir), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            name = sql.Identifier(NAME)
            roles = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME])
            if not roles.fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(name))
            bases = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if not bases.fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(name))

    def _run(self, program: str, *options: str, data: Path | None = None) -> Any:
        # Output goes to a file: the server inherits it, and a pipe would never end.
        output = self.home / f"{program}.out"
        with output.open("w+", encoding="utf-8", errors="replace") as file:
            done = subprocess.run(
                [self.programs.path(program), "-D", str(data or self.data), *options],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd="/",
                start_new_session=True,
                check=False,
                **self.account.as_options(),
            )
            file.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, file.read())

    def _why(self) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])
        except OSError:
            return (self.home / "pg_ctl.out").read_text(errors="replace").strip()
