"""A first look at a file that somebody sent: what it is, how it is written, what it begins with."""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import zlib
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from returns.importing.reading import BOMS, CHUNK, GZIP_MAGIC, LedgerFile, Record, Source
from returns.importing.sheets import MAGIC, SheetFile
from rmaproject.shared.errors import Malformed

#: So many columns can be looked through by a person.
MOST_COLUMNS: Final = 200
#: So many characters may a packed file become.
MOST_TEXT: Final = 400_000_000
SAMPLE: Final = 5
GUESSED_BY: Final = 200
LONGEST_CELL: Final = 200
#: Old workbooks (XLS) and other compound files begin so.
OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
ENCODINGS: Final = ("utf-8", "cp1252", "latin-1", "utf-16-le", "utf-16-be")
DELIMITERS: Final = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Reading:
    """How a file is written. `sheet`: a workbook; the rest is said of texts."""

    sheet: bool = False
    encoding: str = "utf-8"
    delimiter: str = ","

    def source(self, path: Path) -> Source:
        """The lines of the file as this reading has them, under names of their own."""
        file: Source = SheetFile(path)
        if not self.sheet:
            file = LedgerFile(path, self.encoding, self.delimiter, MOST_TEXT)
        return NamedColumns(file)


@dataclass(frozen=True)
class NamedColumns:
    """A file each of whose columns has a name that no other has."""

    file: Source

    @property
    def path(self) -> Path:
        return self.file.path

    def records(self) -> Any:
        """Header and lines in order. Raises Malformed as its file, and `too_many_columns`."""
        lines = iter(self.file.records())
        header = next(lines, None)
        if header is None:
            return
        if len(header.fields) > MOST_COLUMNS:
            message = f"The file has {len(header.fields)} columns, more than {MOST_COLUMNS}."
            raise Malformed(message, code="too_many_columns", columns=len(header.fields))
        yield Record(header.line, _names(header.fields))
        yield from lines


@dataclass(frozen=True)
class Looked:
    """What the first look found: names of columns, first lines, and how it was read."""

    reading: Reading
    header: list[str]
    lines: list[list[str]]

    @property
    def sample(self) -> list[list[str]]:
        """The first lines, cut to what a page shows."""
        return [[cell[:LONGEST_CELL] for cell in line] for line in self.lines[:SAMPLE]]

    def under(self, name: str) -> list[str]:
        """What stands in a column of the first lines."""
        if name not in self.header:
            return []
        place = self.header.index(name)
        return [line[place] for line in self.lines if place < len(line)]


def look(path: Path, reading: Reading | None = None) -> Looked:
    """Look at a file, read as told or as it seems to be written.

    Raises Malformed as `Source.records`; `empty_file`, `no_rows`, `old_workbook`.
    """
    told = reading or read_as(path)
    lines = iter(told.source(path).records())
    header = next(lines, None)
    if header is None:
        raise Malformed("The file is empty.", code="empty_file")
    first = [record.fields for record in islice(lines, GUESSED_BY)]
    if not first:
        raise Malformed("The file has a first line and nothing below it.", code="no_rows")
    return Looked(told, header.fields, first)


def read_as(path: Path) -> Reading:
    """How a file is written, by what is in it; its name says nothing."""
    with path.open("rb") as stream:
        start = stream.read(CHUNK)
    if start.startswith(MAGIC):
        return Reading(sheet=True)
    if start.startswith(OLD_WORKBOOK):
        message = "This is a workbook of an old kind; save it as XLSX or CSV."
        raise Malformed(message, code="old_workbook")
    if start.startswith(GZIP_MAGIC):
        start = _unpacked(start)
    encoding = _encoding(path, start)
    text = codecs.getincrementaldecoder(_with_mark(start) or encoding)(errors="replace")
    return Reading(encoding=encoding, delimiter=_delimiter(text.decode(start)))


def digest_and_size(path: Path) -> tuple[str, int]:
    """What tells two files apart."""
    found, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK):
            found.update(piece)
            size += len(piece)
    return found.hexdigest(), size


def reading_of(told: dict[str, Any]) -> Reading:
    """The reading that is kept with a run."""
    return Reading(**{name: told[name] for name in asdict(Reading()) if name in told})


def _unpacked(start: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(start, CHUNK)
    except zlib.error as error:
        raise Malformed(f"The gzip is damaged: {error}", code="not_gzip") from error


def _encoding(path: Path, start: bytes) -> str:
    if _with_mark(start):
        return "utf-8"
    zeros = len(start) // 5
    if zeros and start[1::2].count(0) > zeros:
        return "utf-16-le"
    if zeros and start[0::2].count(0) > zeros:
        return "utf-16-be"
    return next((name for name in ("utf-8", "cp1252") if _decodes(path, name)), "latin-1")


def _with_mark(start: bytes) -> str:
    return next((name for mark, name in BOMS.items() if start.startswith(mark)), "")


def _decodes(path: Path, encoding: str) -> bool:
    decoder, length = codecs.getincrementaldecoder(encoding)(), 0
    with path.open("rb") as raw:
        packed = raw.read(2) == GZIP_MAGIC
        raw.seek(0)
        stream: Any = gzip.open(raw) if packed else raw  # noqa: SIM115 closed with the file
        try:
            while piece := stream.read(CHUNK):
                length += len(decoder.decode(piece))
                if length > MOST_TEXT:
                    return True  # refused when it is read
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise Malformed(f"The gzip is damaged: {error}", code="not_gzip") from error
    return True


def _delimiter(text: str) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "")
    counted = {sign: _columns(line, sign) for sign in DELIMITERS}
    return max(DELIMITERS, key=lambda sign: counted[sign])


def _columns(line: str, sign: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=sign), []))
    except csv.Error:
        return 0


def _names(header: list[str]) -> list[str]:
    """Names of columns, each once: a second `Price` is `Price (2)`, a nameless one its place."""
    found: list[str] = []
    taken: set[str] = set()
    for place, told in enumerate(header, start=1):
        name = told.strip()[:LONGEST_CELL] or f"#{place}"
        count = 2
        unique = name
        while unique.lower() in taken:
            unique, count = f"{name} ({count})", count + 1
        taken.add(unique.lower())
        found.append(unique)
    return found
