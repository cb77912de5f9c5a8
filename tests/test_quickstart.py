from __future__ import annotations

import os
import signal
import socket
import sys
import urllib.request
from pathlib import Path

import pytest

from rmaproject.database.processes import postmaster_pid
from tests.programs import (
    data_folder,
    free_port,
    manage,
    processes_mentioning,
    running,
    wait_for,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ready_folder():
    with data_folder() as folder:
        first = manage(folder, "quickstart", "--no-serve", "--no-demo", seconds=120)
        assert first.returncode == 0, first.stderr
        folder.with_name("first.txt").write_text(first.stdout)
        yield folder


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_the_made_password_is_printed_once(ready_folder):
    first = ready_folder.with_name("first.txt").read_text()

    second = manage(ready_folder, "quickstart", "--no-serve", "--no-demo")

    assert "administrator 'admin', password " in first
    assert second.returncode == 0
    assert "password" not in second.stdout
    assert "Tables: up to date" in second.stdout
    assert "Static files: up to date" in second.stdout


def test_a_taken_port_is_said_before_anything_is_made():
    with data_folder() as folder, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        answer = manage(folder, "quickstart", "--port", str(port))

        assert answer.returncode == 1
        assert answer.stderr.startswith(f"Port {port} on 127.0.0.1 is taken.")
        assert not list(folder.glob("postgres-*"))


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()

    answer = manage(Path("unused"), "quickstart", "--no-serve", f"--data-dir={tmp_path}/file/data")

    assert answer.returncode == 1
    assert (
        answer.stderr == f"The data folder {tmp_path}/file/data cannot be made: Not a directory.\n"
    )


def test_a_database_that_does_not_start_is_said(ready_folder):
    broken = next(ready_folder.glob("postgres-*")) / "local.conf"
    broken.write_text("no_such_setting = 1\n")
    broken.chmod(0o644)

    answer = manage(ready_folder, "quickstart", "--no-serve")
    broken.unlink()

    assert answer.returncode == 1
    assert answer.stderr.startswith("The database does not start. Its log ")
    assert "no_such_setting" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_killed_database_comes_back_under_the_web_server(ready_folder):
    port = free_port()
    with running(ready_folder, "quickstart", "--no-demo", "--port", str(port)):
        assert wait_for(lambda: answers(port))
        cluster = next(ready_folder.glob("postgres-*"))
        killed = postmaster_pid(cluster)
        os.kill(killed, signal.SIGKILL)

        assert wait_for(lambda: answers(port) and postmaster_pid(cluster) not in {None, killed})


def test_a_killed_quickstart_frees_the_port(ready_folder):
    port = free_port()
    with running(ready_folder, "quickstart", "--no-demo", "--port", str(port)) as program:
        assert wait_for(lambda: answers(port))
        program.kill()

        assert wait_for(lambda: not answers(port))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of a death")
def test_a_killed_web_server_frees_the_port(ready_folder):
    port = free_port()
    with running(ready_folder, "quickstart", "--no-demo", "--port", str(port)) as program:
        assert wait_for(lambda: answers(port))
        os.kill(int(_child(program, b"granian")), signal.SIGKILL)

        assert wait_for(lambda: not answers(port))
        assert program.wait(timeout=30) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of a death")
def test_a_killed_worker_is_started_again(ready_folder):
    port = free_port()
    with running(ready_folder, "quickstart", "--no-demo", "--port", str(port)) as program:
        assert wait_for(lambda: answers(port))
        killed = _child(program, b"run_worker")
        os.kill(int(killed), signal.SIGKILL)

        assert wait_for(lambda: _child(program, b"run_worker") not in {None, killed})


def _child(program, word):
    children = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()
    return next((pid for pid in children if word in _command_line(pid)), None)


def _command_line(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has ended just now
        return b""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_that_was_started(ready_folder, number):
    port = free_port()
    with running(ready_folder, "quickstart", "--no-demo", "--port", str(port)) as program:
        assert wait_for(lambda: answers(port))
        os.kill(program.pid, number)
        output, _ = program.communicate(timeout=30)

    assert program.returncode == 0
    assert f"Ready: http://127.0.0.1:{port}/" in output
    assert output.endswith("Stopped.\n")
    assert processes_mentioning(str(ready_folder)) == []
    assert not answers(port)
