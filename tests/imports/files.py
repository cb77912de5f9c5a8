"""Files that somebody brings in, and the way through the pages."""

from __future__ import annotations

import gzip
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from returns.importing.looking import look
from returns.models import ImportRun

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
#: Two invoices and a credit note; every line is sound.
LEDGER = f"""{HEADER}
1001,TENT,Tent for two,2,2026-01-10,119.00,4711,NL
1001,POST,Postage,1,2026-01-10,5.00,4711,NL
1002,LAMP,Lamp,3,2026-01-11,20.00,4712,NL
C2001,TENT,Tent for two,-1,2026-01-20,119.00,4711,NL
"""
#: The same with a line that says no quantity: invoice 1002 is left out whole.
FAULTY = LEDGER + "1002,MAT,Mat,many,2026-01-11,9.00,4712,NL\n"
MAPPED = {
    "invoice": "InvoiceNo",
    "sku": "StockCode",
    "description": "Description",
    "quantity": "Quantity",
    "date": "InvoiceDate",
    "price": "UnitPrice",
    "customer": "CustomerID",
    "country": "Country",
    "decimal": ".",
    "dates": "iso",
    "credit_prefix": "C",
}


def upload(client, content, name="ledger.csv", subject="sales", **more):
    """Send a file; the answer of the page."""
    data = content.encode() if isinstance(content, str) else content
    sent = {"subject": subject, "file": SimpleUploadedFile(name, data), **more}
    return client.post("/imports/new/", sent)


def uploaded(client, content, **more):
    """Send a file; the run that came of it."""
    answer = upload(client, content, **more)
    assert answer.status_code == 302, answer.content.decode()
    return ImportRun.objects.order_by("pk").last()


def checked(client, content, columns=None, **more):
    """Send a file and have it checked with these columns."""
    run = uploaded(client, content, **more)
    answer = client.post(f"/imports/{run.uuid}/columns/", columns or MAPPED)
    assert answer.status_code == 302, answer.content.decode()
    return fresh(run)


def imported(client, content, columns=None, **more):
    """Send a file, have it checked and brought in."""
    run = checked(client, content, columns, **more)
    client.post(f"/imports/{run.uuid}/start/")
    return fresh(run)


def fresh(run):
    return ImportRun.objects.select_related("check_job", "job", "reversal").get(pk=run.pk)


def packed(content):
    return gzip.compress(content.encode())


def workbook(rows):
    """These rows as the bytes of an XLSX file."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    paper = io.BytesIO()
    book.save(paper)
    return paper.getvalue()


def seen_in(tmp_path, content):
    """What a first look at these bytes finds."""
    path = tmp_path / "upload"
    path.write_bytes(content)
    return look(path)
