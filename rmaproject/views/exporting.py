"""All matching rows as a file, CSV or XLSX: the columns shown, formula-safe, in little memory."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Final
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rmaproject.access.actors import Actor
from rmaproject.jobs.kinds import Kind
from rmaproject.jobs.models import Job
from rmaproject.jobs.services import KEPT
from rmaproject.shared import clock
from rmaproject.shared.spreadsheets import cell_text, without_formula
from rmaproject.views.looking import Look, kept_look
from rmaproject.views.registry import registered
from rmaproject.web.lists import Column

#: More rows than this are written by the worker.
AT_ONCE: Final = 5000
PIECE: Final = 500
EXPORT: Final = "views.export"
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def harmless(value: Any) -> Any:
    """A value that no spreadsheet runs."""
    return without_formula(value) if isinstance(value, str) else value


def head_of(columns: Sequence[Column]) -> list[str]:
    """The names of the file's columns; an amount has its currency beside it."""
    names = []
    for column in columns:
        names.append(str(column.label))
        if column.is_amount:
            names.append(_("%(name)s, currency") % {"name": column.label})
    return [harmless(name) for name in names]


def lines_of(seen: Look) -> Iterator[list[Any]]:
    """The values of all rows of a list in its order, read piece by piece."""
    columns, wanted = seen.columns, frozenset(column.key for column in seen.columns)
    for rows in _pieces(seen):
        for row in seen.listing.present(seen.actor, rows, wanted):
            yield [value for column in columns for value in _values(column, row)]


def _pieces(seen: Look) -> Iterator[list[Any]]:
    """The rows by key, so that the file takes as little memory at its end as at its start."""
    found, sort = seen.listing.loaded(seen.found), seen.sort
    rows = list(found.order_by(*sort.order())[:PIECE])
    while rows:
        yield rows
        last = rows[-1]
        after = sort.beyond(sort.value(last), last.pk, down=sort.down)
        rows = list(found.filter(after).order_by(*sort.order())[:PIECE])


def _values(column: Column, row: dict[str, Any]) -> list[Any]:
    value = row.get(column.key)
    if column.is_amount:
        return [value, row.get("currency", "") if value is not None else ""]
    if isinstance(value, Promise):
        value = str(value)
    return [harmless("" if value is None else value)]


def as_csv(seen: Look) -> Iterator[bytes]:
    """The file in pieces, with a mark that lets spreadsheets read it as UTF-8."""
    yield b"\xef\xbb\xbf"
    for some in _written([head_of(seen.columns)], lines_of(seen)):
        yield some.encode()


def _written(*parts: Iterable[list[Any]]) -> Iterator[str]:
    paper = io.StringIO()
    writer = csv.writer(paper)
    for part in parts:
        for line in part:
            writer.writerow([_plain(value) for value in line])
            if paper.tell() > 16_000:
                yield paper.getvalue()
                paper.seek(0)
                paper.truncate()
    yield paper.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def write_xlsx(seen: Look, file: IO[bytes]) -> None:
    """The workbook, written row by row: numbers stay numbers, days are ISO texts."""
    from openpyxl import Workbook  # costs half a second, and few processes write workbooks

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(str(seen.listing.title)))
    sheet.append([_cell(sheet, name) for name in head_of(seen.columns)])
    for line in lines_of(seen):
        sheet.append([_cell(sheet, value) for value in line])
    book.save(file)


def _sheet_name(title: str) -> str:
    return "".join(letter for letter in title if letter not in r"[]:*?/\'")[:31]


def _cell(sheet: Any, value: Any) -> Any:
    """Texts are marked as texts, whatever they look like."""
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        return value
    if value is None:
        return None
    told = str(_plain(value))
    cell = WriteOnlyCell(sheet, value=cell_text(told))
    cell.data_type = "s"
    return cell


def file_name(seen: Look, ending: str) -> str:
    """What the file is called where it is downloaded."""
    return f"{seen.listing.key}-{clock.now():%Y-%m-%d}.{ending}"


def write_file(job: Job, actor: Actor) -> None:
    """The worker's part: the file goes into the store, for its owner, and is kept a week."""
    key, ending = job.values["list"], job.values["format"]
    seen = kept_look(registered(key).listing, actor, job.values["state"])
    with tempfile.TemporaryFile() as paper:
        if ending == "xlsx":
            write_xlsx(seen, paper)
        else:
            _write_csv(seen, paper)
        paper.seek(0)
        path = f"exports/{uuid4().hex}.{ending}"
        stored = default_storage.save(path, File(paper))
    Job.objects.filter(pk=job.pk).update(
        stored=stored,
        file_name=file_name(seen, ending),
        content_type=TYPES[ending],
        expires_at=clock.now() + KEPT,
        done=F("total"),
    )


def _write_csv(seen: Look, paper: IO[bytes]) -> None:
    for piece in as_csv(seen):
        paper.write(piece)


KIND: Final = Kind(
    EXPORT,
    gettext_lazy("Export"),
    said=gettext_lazy("The file is ready."),
    whole=write_file,
)
