"""Workbooks (XLSX) as records, row by row; what unpacks to too much is refused unopened."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from returns.importing.reading import Record
from rmaproject.shared.errors import Malformed

#: A workbook is a ZIP archive.
MAGIC: Final = b"PK\x03\x04"
#: So many bytes may all its parts have when they are unpacked.
MOST_UNPACKED: Final = 64 << 20
_BROKEN: Final = (
    KeyError,
    ParseError,
    ValueError,
    OSError,
    zipfile.BadZipFile,
)


@dataclass(frozen=True)
class SheetFile:
    """The first sheet of a workbook: values as texts, formulas as what they last came to."""

    path: Path

    def records(self) -> Iterator[Record]:
        """Header and rows in order, each as wide as the header; blank rows are left out.

        Raises Malformed `no_workbook`, `workbook_too_large`.
        """
        from openpyxl import load_workbook  # costs half a second, and few files are workbooks

        _require_small(self.path)
        try:
            # Opened by us: by a path openpyxl goes by what the file is called.
            with self.path.open("rb") as stream:
                book = load_workbook(stream, read_only=True, data_only=True)
                yield from _records(book.worksheets[0])
        except (*_BROKEN, IndexError) as error:
            message = f"{self.path.name} is no workbook that can be read."
            raise Malformed(message, code="no_workbook") from error


def _require_small(path: Path) -> None:
    """The archive says how large its parts are, and nothing beyond that is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        message = f"{path.name} is no workbook that can be read."
        raise Malformed(message, code="no_workbook") from error
    if unpacked > MOST_UNPACKED:
        message = f"{path.name} unpacks to {unpacked >> 20} MB; save it as CSV."
        raise Malformed(message, code="workbook_too_large", megabytes=unpacked >> 20)


def _records(sheet: Any) -> Iterator[Record]:
    width = 0
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        fields = [_text(cell) for cell in cells]
        if not any(fields):
            continue
        width = width or _last_filled(fields)
        yield Record(number, [*fields[:width], *[""] * (width - len(fields))])


def _last_filled(fields: list[str]) -> int:
    return max(place for place, field in enumerate(fields, start=1) if field)


def _text(cell: Any) -> str:
    """A cell as it would stand in a CSV file: plain decimals, ISO days."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == time() else cell).isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, int | float):
        return f"{Decimal(str(cell)).normalize():f}"
    return str(cell).replace("\0", "")
