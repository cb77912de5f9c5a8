from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rmaproject.database.processes import postmaster_pid
from tests.programs import ROOT, data_folder, environment, manage, processes_mentioning, wait_for

pytestmark = pytest.mark.slow

HOLD = """
import sys
from pathlib import Path
from rmaproject.database.server import Server
import psycopg
server = Server.at(Path(sys.argv[1]), durable=False)
server.use()
with psycopg.connect(host=str(server.socket_dir), user="rma", dbname="rma") as connection:
    started = connection.execute("SELECT pg_postmaster_start_time()::text").fetchone()[0]
    locale = connection.execute("SELECT upper('é') || current_setting('fsync')").fetchone()[0]
print(started, locale, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder():
    with data_folder() as path:
        yield path


@pytest.fixture
def user(folder):
    """Starts a process that uses the server until its input is closed."""
    started = []

    def start(**more: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(folder)],
            cwd=ROOT,
            env=environment(folder, **more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.communicate()


def cluster(folder: Path) -> Path:
    return next(folder.glob("postgres-*"))


def test_processes_that_start_together_share_one_server(user, folder):
    first, second, third = user(), user(), user()

    lines = {process.stdout.readline() for process in (first, second, third)}

    assert len(lines) == 1
    assert "Éoff" in lines.pop()


def test_the_last_user_stops_the_server_and_no_other(user, folder):
    first, second = user(), user()
    first.stdout.readline()
    second.stdout.readline()

    first.communicate()
    still_there = postmaster_pid(cluster(folder))
    second.communicate()

    assert still_there
    assert postmaster_pid(cluster(folder)) is None
    assert processes_mentioning(str(folder)) == []


def test_a_killed_user_does_not_keep_the_server_up(user, folder):
    first, second = user(), user()
    first.stdout.readline()
    second.stdout.readline()

    first.kill()
    first.wait()
    second.communicate()

    assert postmaster_pid(cluster(folder)) is None


def test_a_killed_server_comes_back(user, folder):
    first = user()
    before = first.stdout.readline()
    pid = postmaster_pid(cluster(folder))
    os.kill(pid, signal.SIGKILL)
    assert wait_for(lambda: postmaster_pid(cluster(folder)) is None)

    after = user().stdout.readline()

    assert after.split()[-1] == before.split()[-1]
    assert after != before


def test_a_kept_server_outlives_its_users_until_it_is_stopped(folder):
    started = manage(folder, "database", "start")
    address = manage(folder, "database", "url").stdout.strip()
    kept = postmaster_pid(cluster(folder))
    stopped = manage(folder, "database", "stop")

    assert started.returncode == 0, started.stderr
    assert address.startswith("postgresql://rma@%2F")
    assert kept
    assert stopped.stdout == "stopped\n"
    assert postmaster_pid(cluster(folder)) is None


def test_nobody_else_can_enter_the_cluster(user, folder):
    user().stdout.readline()

    assert cluster(folder).stat().st_mode & 0o077 == 0
    assert next(folder.glob("run-*")).stat().st_mode & 0o077 == 0
    assert "trust" not in (cluster(folder) / "pg_hba.conf").read_text()


def test_a_missing_server_is_said_in_a_sentence(folder):
    answer = manage(folder, "migrate", RMA_PG_BIN="/nowhere")

    assert answer.returncode == 1
    assert answer.stderr == "RMA_PG_BIN=/nowhere holds no PostgreSQL server (postgres, initdb).\n"


def test_programs_of_another_version_do_not_hide_the_data(user, folder):
    user().communicate()
    cluster(folder).rename(folder / "postgres-14")

    answer = manage(folder, "migrate")

    assert answer.returncode == 1
    assert "was made by another version" in answer.stderr


@pytest.mark.skipif(
    not Path("/usr/lib/postgresql/15/bin/postgres").exists(), reason="PostgreSQL 15 is not here"
)
def test_the_oldest_supported_version_serves_too(user, folder):
    line = user(RMA_PG_BIN="/usr/lib/postgresql/15/bin").stdout.readline()

    assert "Éoff" in line
    assert (folder / "postgres-15").is_dir()
