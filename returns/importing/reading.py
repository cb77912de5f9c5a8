"""A ledger file as records: unpacked, decoded, split into fields; what is rubbish is refused.

A file is refused as a whole where its structure is broken, before anything is written. Each
refusal names the line and the column at which a person would look.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Protocol

from rmaproject.shared.errors import Malformed

CHUNK: Final = 1 << 16
LONGEST_LINE: Final = 1 << 20
GZIP_MAGIC: Final = b"\x1f\x8b"
BOMS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


@dataclass(frozen=True)
class Record:
    """One line of the ledger: its place in the file and its fields, as they stand there."""

    line: int
    fields: list[str]


class Source(Protocol):
    """A file whose lines can be read as often as need be."""

    @property
    def path(self) -> Path: ...

    def records(self) -> Iterator[Record]:
        """Header and lines in order; blank lines are left out."""


@dataclass(frozen=True)
class LedgerFile:
    """Where a ledger is and how its text is written; a byte order mark tells the encoding too.

    `most` limits the characters that are read, for files of which nobody knows what they unpack to.
    """

    path: Path
    encoding: str = "utf-8"
    delimiter: str = ","
    most: int | None = None

    def records(self) -> Iterator[Record]:
        """Header and lines in order; blank lines are left out.

        Raises Malformed `unreadable_file`, `not_gzip`, `wrong_encoding`, `binary_file`,
        `invalid_csv`, `file_too_large`.
        """
        lines = _Numbered(_lines(self))
        rows = csv.reader(lines, delimiter=self.delimiter, strict=True)
        start = 1
        while True:
            try:
                fields = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                message = f"Line {start} is no CSV: {error}."
                raise Malformed(message, code="invalid_csv", line=start) from error
            if fields:
                yield Record(start, fields)
            start = lines.number + 1


class _Numbered:
    """Lines of text that count themselves, because a quoted field may span several."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.number = 0

    def __iter__(self) -> _Numbered:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        return line


def _lines(file: LedgerFile) -> Iterator[str]:
    rest, number = "", 1
    for text in _texts(file):
        *whole, rest = (rest + text).split("\n")
        for line in whole:
            _require_text(line, number)
            yield line + "\n"
            number += 1
        if len(rest) > LONGEST_LINE:
            raise _binary(number, 1, "the line does not end")
    if rest:
        _require_text(rest, number)
        yield rest


def _require_text(line: str, number: int) -> None:
    place = line.find("\0")
    if place >= 0:
        raise _binary(number, place + 1, "there is a zero byte")


def _binary(line: int, column: int, why: str) -> Malformed:
    message = f"This is no text: at line {line}, column {column} {why}."
    return Malformed(message, code="binary_file", line=line, column=column)


def _texts(file: LedgerFile) -> Iterator[str]:
    """Decoded pieces of the file, of any length."""
    with _opened(file.path) as stream:
        piece = stream.read(CHUNK)
        encoding = next((name for bom, name in BOMS.items() if piece.startswith(bom)), "")
        decoder = codecs.getincrementaldecoder(encoding or file.encoding)()
        place, length = _Place(), 0
        while True:
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                raise _undecodable(error, place) from error
            place.pass_over(text)
            length += len(text)
            if file.most is not None and length > file.most:
                message = f"{file.path.name} unpacks to more than {file.most} characters."
                raise Malformed(message, code="file_too_large")
            yield text
            if not piece:
                return
            piece = stream.read(CHUNK)


class _Place:
    """The line and column that reading has come to."""

    def __init__(self) -> None:
        self.line = self.column = 1

    def pass_over(self, text: str) -> None:
        breaks = text.count("\n")
        self.line += breaks
        self.column = len(text) - text.rfind("\n") if breaks else self.column + len(text)


def _undecodable(error: UnicodeDecodeError, place: _Place) -> Malformed:
    before = error.object[: error.start]
    place.pass_over(before.decode(error.encoding, errors="replace"))
    message = (
        f"Line {place.line}, column {place.column} is not {error.encoding}: byte "
        f"0x{error.object[error.start]:02x} ({error.reason}). Name the encoding, for example "
        "--encoding latin-1."
    )
    return Malformed(message, code="wrong_encoding", line=place.line, column=place.column)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of the file, unpacked where it is gzip, whatever its name says."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == GZIP_MAGIC
            raw.seek(0)
            if not packed and path.suffix == ".gz":
                raise Malformed(f"{path.name} is named .gz and is no gzip.", code="not_gzip")
            with gzip.open(raw) if packed else raw as stream:
                yield stream  # type: ignore[misc]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        message = f"{path.name} is a damaged or unfinished gzip: {error}"
        raise Malformed(message, code="not_gzip") from error
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}."
        raise Malformed(message, code="unreadable_file") from error
