"""The lines that do not come in: a file to mend them in, and the first of them for the page."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import default_storage

from returns.importing.classifying import number
from returns.importing.columns import Columns
from rmaproject.jobs.models import Job
from rmaproject.jobs.services import KEPT
from rmaproject.shared import clock
from rmaproject.shared.spreadsheets import without_formula

#: So many lines are shown on the page.
SHOWN: Final = 200
LONGEST: Final = 120
FILE_NAME: Final = "not-imported.csv"


class RefusedLines:
    """A CSV in a temporary file, with line, reason and sentence before what stood there.

    It can be mended and uploaded again as it is: the three columns of ours are mapped to nothing.
    """

    def __init__(self, columns: Columns) -> None:
        self.shown: list[dict[str, Any]] = []
        self.count = 0
        self._columns = columns
        self._paper = tempfile.TemporaryFile()  # noqa: SIM115 closed by `close`
        self._text = io.TextIOWrapper(self._paper, "utf-8", newline="", write_through=True)
        self._text.write("\ufeff")
        self._rows = csv.writer(self._text)
        self._rows.writerow(["#line", "#reason", "#sentence", *columns.header])

    def add(self, *told: object) -> None:
        """Keep a line: its number, a code, a sentence, and its fields."""
        line, code, sentence, *fields = map(str, told)
        self.count += 1
        self._rows.writerow([line, code, sentence, *map(_harmless, fields)])
        if len(self.shown) < SHOWN:
            self.shown.append(
                {"line": int(line), "code": code, "said": sentence, "cells": self._cells(fields)}
            )

    def keep_with(self, job: Job) -> None:
        """Put the file into the store, as that of the job, for as long as files of jobs are."""
        if not self.count:
            return
        self._text.flush()
        self._paper.seek(0)
        stored = default_storage.save(f"exports/{uuid4().hex}.csv", File(self._paper))
        Job.objects.filter(pk=job.pk).update(
            stored=stored,
            file_name=FILE_NAME,
            content_type="text/csv; charset=utf-8",
            expires_at=clock.now() + KEPT,
        )

    def close(self) -> None:
        self._text.close()

    def _cells(self, fields: Sequence[str]) -> list[str]:
        """What we needed to know of the line, in the order of the plan's columns."""
        if len(fields) != self._columns.width:
            return [field[:LONGEST] for field in fields]
        return [cell[:LONGEST] for cell in self._columns.pick(list(fields))]


class NoRemarks:
    """Where remarks go that the report counts and does not list."""

    def add(self, *told: object) -> None:
        """Nothing is kept."""


def _harmless(text: str) -> str:
    return text if number(text) is not None else without_formula(text)
