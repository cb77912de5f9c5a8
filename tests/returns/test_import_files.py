"""The files that sales are imported from: how they may be written, and what is refused."""

from __future__ import annotations

import gzip

import pytest
from django.core.management import CommandError

from sales.models import SalesOrder
from stock.models import Part
from tests.returns.ledgers import HEADER, LEDGER, SOLD, load, rows_of_all_tables

pytestmark = pytest.mark.usefixtures("own_folder")


def test_lines_of_one_invoice_may_stand_apart_and_in_gzip(tmp_path, business):
    lines = [line for line in LEDGER.splitlines() if line.startswith("100")]
    apart = "\r\n".join([HEADER, *lines[1:], lines[0], ""])
    path = tmp_path / "ledger.bin"
    path.write_bytes(gzip.compress(apart.encode("utf-16")))

    summary = load(path)

    assert summary["lines_sold"] == SOLD
    assert SalesOrder.objects.get(reference="1001").lines.count() == 4


def test_columns_can_have_other_names_and_separators(tmp_path, business):
    path = tmp_path / "ledger.csv"
    path.write_text("nr;item;n;day;each\nF1;TENT;2;2011-01-01;9.95\n", encoding="latin-1")
    columns = "invoice=nr,sku=item,quantity=n,date=day,price=each,customer=,description="

    summary = load(path, columns=columns, delimiter=";", encoding="latin-1")

    assert (summary["lines_sold"], summary["amount_imported"]) == (1, "19.90")
    assert Part.objects.get(sku="TENT").name == "TENT"


ROW = "1,TENT,Tent,1,2011-01-01,1.00,BO,NL\n"
RUBBISH = {
    "wrong_encoding": (f"{HEADER}\n{ROW}2,TENT,Z\xfcrich,1".encode("latin-1"), "Line 3, column 9"),
    "binary_file": (f"{HEADER}\n{ROW}".encode() + b"2,\0", "line 3, column 3"),
    "endless_line": (b"x" * 2_000_000, "line 1, column 1"),
    "missing_column": (HEADER.replace("UnitPrice", "Cost").encode(), "Line 1 has no column UnitPr"),
    "doubled_column": (f"{HEADER},Quantity\n".encode(), "Line 1 has the column Quantity 2 times"),
    "invalid_csv": (f'{HEADER}\n{ROW}2,"TENT\n'.encode(), "Line 3 is no CSV"),
    "empty_file": (b"", "is empty"),
    "not_gzip": (gzip.compress(f"{HEADER}\n{ROW * 900}".encode())[:-30], "unfinished gzip"),
}


@pytest.mark.parametrize("kind", RUBBISH)
def test_rubbish_is_refused_with_its_place_and_nothing_is_imported(tmp_path, business, kind):
    content, place = RUBBISH[kind]
    path = tmp_path / "ledger.csv"
    path.write_bytes(content)
    before = rows_of_all_tables()

    with pytest.raises(CommandError, match=place):
        load(path, business="NEW", currency="GBP")

    assert rows_of_all_tables() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["ledger.csv"]


def test_a_file_that_is_only_named_gzip_is_refused(tmp_path, business):
    path = tmp_path / "ledger.csv.gz"
    path.write_text(f"{HEADER}\n{ROW}")

    with pytest.raises(CommandError, match="no gzip"):
        load(path)
