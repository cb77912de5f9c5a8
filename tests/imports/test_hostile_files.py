"""Files that nobody should send: each is refused with a sentence, quickly, and leaves nothing."""

from __future__ import annotations

import io
import os
import time
import zipfile

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from returns.importing import looking
from returns.models import ImportRun
from sales.models import OrderLine, SalesOrder
from stock.models import Part
from tests.imports.files import (
    HEADER,
    LEDGER,
    fresh,
    imported,
    packed,
    upload,
    uploaded,
    workbook,
)
from tests.web.browser import text_of


@pytest.fixture
def clerk(client, business, ada, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    client.force_login(ada.user)
    return client


def bomb():
    """A small archive that says it is a workbook of 200 MB."""
    paper = io.BytesIO()
    with zipfile.ZipFile(paper, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(200 << 20))
    return paper.getvalue()


REFUSED = {
    "empty": (lambda: b"", "empty"),
    "blank": (lambda: b"\n\n  \n", "nothing below it"),
    "header only": (lambda: f"{HEADER}\n".encode(), "nothing below it"),
    "columns": (
        lambda: (",".join(f"c{n}" for n in range(10_000)) + "\n1\n").encode(),
        "10000 columns",
    ),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(5000), "no table"),
    "endless line": (lambda: b"x" * (3 << 20), "no table"),
    "open quote": (lambda: f'{HEADER}\n"1001,TENT\n'.encode() * 2, "quotation mark"),
    "old workbook": (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "workbook of an old kind"),
    "no workbook": (lambda: b"PK\x03\x04" + os.urandom(500), "cannot be read"),
    "zip bomb": (bomb, "unpacks to 200 MB"),
    "cut gzip": (lambda: packed(LEDGER * 200)[:-30], "packed file is damaged"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_table_is_refused_beside_the_field(clerk, kind):
    content, said = REFUSED[kind]
    began = time.monotonic()

    answer = upload(clerk, content())

    assert answer.status_code == 422
    assert said in str(answer.context["form"].errors["file"])
    assert not ImportRun.objects.exists()
    assert not default_storage.exists("imports") or not default_storage.listdir("imports")[1]
    assert time.monotonic() - began < 20


def test_a_gzip_that_unpacks_without_end_is_refused(clerk, monkeypatch):
    monkeypatch.setattr(looking, "MOST_TEXT", 100_000)

    answer = upload(clerk, packed(f"{HEADER}\n" + "1," * 4 + "\n" + (LEDGER * 2000)))

    # The first look reads only its beginning; the check reads on, and stops where it is too much.
    assert answer.status_code == 302
    run = ImportRun.objects.get()
    columns = {**run.reading["guess"], "decimal": ".", "dates": "iso", "credit_prefix": "C"}
    clerk.post(f"/imports/{run.uuid}/columns/", columns)
    assert "The file is too large." in text_of(clerk.get(f"/imports/{run.uuid}/"))


def test_fifty_megabytes_are_looked_at_in_little_time_and_more_than_the_most_is_refused(clerk):
    lines = (LEDGER.partition("\n")[2] * ((50 << 20) // len(LEDGER) + 10)).encode()
    content = f"{HEADER}\n".encode() + lines
    assert len(content) > 50_000_000
    began = time.monotonic()

    run = uploaded(clerk, content)

    assert time.monotonic() - began < 20
    assert run.size == len(content)
    assert len(run.sample) == 5
    refused = upload(clerk, bytes(settings.MAX_IMPORT_BYTES + 1))
    assert "larger than 60 MB" in str(refused.context["form"].errors["file"])


def test_formulas_are_texts_here_and_harmless_in_what_is_given_back(clerk):
    formula = "=HYPERLINK(9)"
    text = f"{HEADER}\n1001,SKU-1,{formula},1,2026-01-10,9.00,4711,NL\n"
    text += "1002,SKU-1,+cmd|calc,many,2026-01-10,9.00,4711,NL\n"

    run = imported(clerk, text)

    assert OrderLine.objects.get().name == formula
    answer = clerk.get(f"/imports/{run.uuid}/not-imported.csv")
    assert ",'+cmd|calc," in b"".join(answer.streaming_content).decode()


def test_a_formula_of_a_workbook_is_what_it_last_came_to_and_never_worked_out(clerk):
    rows = [line.split(",") for line in LEDGER.splitlines()]
    rows[1][3] = "=1+1"

    run = imported(clerk, workbook(rows))

    assert [(row["line"], row["code"]) for row in run.problems] == [
        (2, "invalid_quantity"),
        (3, "document_incomplete"),
    ]


def test_script_names_from_right_to_left_and_ten_thousand_letters_stay_texts(clerk):
    evil = "<script>alert(1)</script>"
    text = f'{HEADER}\n1001,{evil},"{evil}",1,2026-01-10,9.00,{evil},NL\n'
    text += f"1002,خيمة,{'long ' * 2000},1,2026-01-10,9.00,4711,NL\n"
    text += f"{evil},🏕,Tent,many,2026-01-10,9.00,4711,NL\n"

    run = imported(clerk, text, name=f"{evil}‮.csv")

    page = text_of(clerk.get(f"/imports/{run.uuid}/")) + text_of(clerk.get("/imports/"))
    assert evil not in page
    assert "&lt;script&gt;" in page
    assert Part.objects.filter(sku="خيمة", name__startswith="long long").exists()
    assert SalesOrder.objects.count() == 2


def test_columns_of_one_name_and_of_none_are_told_apart(clerk):
    run = uploaded(clerk, "Number,SKU,SKU,,\n1,TENT,LAMP,x,y\n")

    assert run.header == ["Number", "SKU", "SKU (2)", "#4", "#5"]


def test_a_file_that_went_missing_is_said_to_be(clerk):
    run = uploaded(clerk, LEDGER)
    default_storage.delete(run.stored)
    columns = {**run.reading["guess"], "decimal": ".", "dates": "iso", "credit_prefix": "C"}

    clerk.post(f"/imports/{run.uuid}/columns/", columns)

    assert fresh(run).check_job.message == "The file is not kept any more. Upload it again."
    assert "not kept any more" in text_of(clerk.get(f"/imports/{run.uuid}/"))
