"""Tables as CSV files that open in any spreadsheet and carry nothing that it would carry out."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from rmaproject.shared.spreadsheets import without_formula


class _Echo:
    def write(self, text: str) -> str:
        return text


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a file; the first says in which order bytes come, for spreadsheets."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(head)
    for row in rows:
        yield writer.writerow([_harmless(cell) for cell in row])


def _harmless(cell: str) -> str:
    return cell if _is_number(cell) else without_formula(cell)


def _is_number(cell: str) -> bool:
    return cell.lstrip("-").replace(".", "", 1).isdigit()
