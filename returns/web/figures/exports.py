"""Tables as files that a spreadsheet opens without running anything in them."""

from __future__ import annotations

import csv
import io
from typing import Any, Final

from django.http import HttpResponse

from returns.web.figures.tables import AMOUNT, TEXT, Cell, Table
from rmaproject.shared import money
from rmaproject.shared.spreadsheets import cell_text, without_formula

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(table: Table, name: str) -> HttpResponse:
    """A table as CSV in UTF-8 with its mark, numbers with a point."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)
    return _file("\ufeff" + out.getvalue(), name, "text/csv; charset=utf-8")


def as_xlsx(table: Table, name: str) -> HttpResponse:
    """A table as a workbook of one sheet; texts are texts, never formulas."""
    from openpyxl import Workbook  # costs half a second, and few processes write workbooks

    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.key)
    sheet.append([_written(sheet, column, bold=True) for column in table.columns])
    for row in table.rows:
        sheet.append([_number(sheet, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return _file(out.getvalue(), name, XLSX)


def _plain(cell: Cell) -> str:
    if cell.value is None:
        return ""
    if cell.kind == TEXT:
        return without_formula(str(cell.value))
    if cell.kind == AMOUNT:
        return money.amount(cell.value, cell.currency)
    return money.plain(cell.value) if hasattr(cell.value, "as_tuple") else str(cell.value)


def _number(sheet: Any, cell: Cell) -> Any:
    if cell.kind == TEXT:
        return _written(sheet, without_formula(str(cell.value)))
    return cell.value


def _written(sheet: Any, text: str, *, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    written = WriteOnlyCell(sheet, value=cell_text(str(text)))
    written.data_type = "s"
    if bold:
        written.font = Font(bold=True)
    return written


def _file(content: Any, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
