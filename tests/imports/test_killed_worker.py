"""A worker killed in the middle of an import: another one goes on, and nothing is there twice."""

from __future__ import annotations

import os
import signal
from datetime import timedelta

import pytest
from django.db import connection

from returns.importing import run as running
from returns.importing.web import steps
from returns.models import ReturnOrder
from rmaproject.jobs.models import Job, State
from rmaproject.jobs.running import run as carry_out
from rmaproject.jobs.services import LOST_AFTER, tidy
from sales.models import SalesOrder
from tests.imports.files import LEDGER, checked, fresh
from tests.web.browser import text_of


@pytest.fixture
def client(transactional_db, client):
    return client


def killed_after(job_id, documents):
    """Run the job in a process that is killed by SIGKILL once so many documents are in."""
    connection.close()
    child = os.fork()
    if child:
        return os.WTERMSIG(os.waitpid(child, 0)[1])
    persist, seen = running.persist, []

    def killing(*args, **options):
        if len(seen) == documents:
            os.kill(os.getpid(), signal.SIGKILL)
        seen.append(args)
        return persist(*args, **options)

    running.persist = killing
    carry_out(job_id)
    os._exit(0)


@pytest.mark.parametrize("documents", [1, 2])
def test_a_killed_import_goes_on_where_it_was(client, business, ada, monkeypatch, documents):
    client.force_login(ada.user)
    monkeypatch.setattr(steps, "LINES_AT_ONCE", 0)
    monkeypatch.setattr(running, "ORDERS_AT_ONCE", 1)
    run = checked(client, LEDGER)
    client.post(f"/imports/{run.uuid}/start/")
    job = fresh(run).job

    assert killed_after(job.pk, documents) == signal.SIGKILL

    assert SalesOrder.objects.count() == documents
    assert "The file is being imported." in text_of(client.get(f"/imports/{run.uuid}/"))
    carry_out(job.pk)  # a second worker leaves it alone while the first may still live
    assert SalesOrder.objects.count() == documents
    lost = Job.objects.get(pk=job.pk).seen_at - LOST_AFTER - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(seen_at=lost)
    tidy()
    carry_out(job.pk)

    ended = fresh(run)
    assert (ended.job.state, ended.job.done, ended.job.failed) == (State.DONE, 4, 0)
    assert ended.result["made"]["sales.salesorder"] == 2
    assert (SalesOrder.objects.count(), ReturnOrder.objects.count()) == (2, 1)
