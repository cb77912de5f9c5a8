"""Files that no record names are deleted after a day, and no others."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction

from returns.importing.runs import keep_upload
from returns.services import attach_file
from rmaproject.access.actors import SYSTEM
from rmaproject.jobs.models import Job
from rmaproject.shared import clock
from tests.factories import ask_return, goods, sell


@pytest.fixture
def store(settings, tmp_path) -> Path:
    """An empty store of files."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def names(store):
    return {str(path.relative_to(store)) for path in store.rglob("*") if path.is_file()}


def age(store):
    old = (clock.now() - timedelta(hours=25)).timestamp()
    for path in store.rglob("*"):
        os.utime(path, (old, old))


def test_a_file_whose_row_was_rolled_back_is_deleted_after_a_day(store, business, bo):
    rma = ask_return(sell(business, bo, goods("TENT")))
    kept = attach_file(rma.pk, "note.txt", b"mine", actor=SYSTEM)
    with transaction.atomic():
        attach_file(rma.pk, "lost.txt", b"lost", actor=SYSTEM)
        transaction.set_rollback(True)

    call_command("prune_files")
    young = names(store)
    age(store)
    call_command("prune_files")

    assert len(young) == 2
    assert names(store) == {kept.stored}


def test_files_of_jobs_and_imports_stay_and_strange_folders_are_left_alone(store, ada, business):
    run = keep_upload("parts", None, "p.csv", io.BytesIO(b"sku,name\nA,B\n"), actor=ada)
    job = Job.objects.create(
        kind="views.export",
        owner=ada.user,
        stored=default_storage.save("exports/a.csv", ContentFile(b"x")),
        file_name="a.csv",
        expires_at=clock.now(),
    )
    for name in ("exports/b.csv", "imports/b", "elsewhere/b"):
        default_storage.save(name, ContentFile(b"left"))
    age(store)

    call_command("prune_files")
    call_command("prune_files")

    assert names(store) == {run.stored, job.stored, "elsewhere/b"}
