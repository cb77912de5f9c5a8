"""A shop's ledger as a file, what its import says, and what is in the books then."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command

from rmaproject.audit.models import Aggregate
from sales.models import CreditNote, Invoice

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
LEDGER = """\
1001,85123A,WHITE HEART HOLDER,10,2010-12-01T08:26,2.55,17850,United Kingdom
1001,71053,WHITE LANTERN,6,2010-12-01T08:26,3.39,17850,United Kingdom
1001,71053,WHITE LANTERN,2,2010-12-01T08:26,3.39,17850,United Kingdom
1001,POST,POSTAGE,1,2010-12-01T08:26,18.00,17850,United Kingdom
1002,85123a,CREAM HEART HOLDER,4,2010-12-02T09:00,2.95,17850,United Kingdom
1002,22139,,3,2010-12-02T09:00,0.0,17850,United Kingdom
1003,71053,WHITE LANTERN,5,2010-12-02T10:00,4.25,,United Kingdom
1003,DOT,DOTCOM POSTAGE,1,2010-12-02T10:00,7.50,,United Kingdom
1004,22139,,-3,2010-12-03T10:00,0.0,,United Kingdom
1005,22139,RETROSPOT TEA SET,1,2010-12-03T11:00,5.00,13047,EIRE
1005,D,Discount,1,2010-12-03T11:00,-1.00,13047,EIRE
1006,22139,RETROSPOT TEA SET,many,2010-12-03T12:00,5.00,13047,EIRE
1006,22139,RETROSPOT TEA SET,1,2010-13-03T12:00,5.00,13047,EIRE
1006,22139,RETROSPOT TEA SET,1,2010-12-03T12:00,five,13047,EIRE
1006,22139,RETROSPOT TEA SET,1,2010-12-03T12:00,-5.00,13047,EIRE
1006,22139,RETROSPOT TEA SET,1,2010-12-03T12:00
C2001,85123A,WHITE HEART HOLDER,-12,2010-12-05T09:00,2.55,17850,United Kingdom
C2002,71053,WHITE LANTERN,-9,2010-12-06T09:00,3.39,17850,United Kingdom
C2003,99999,NEVER SOLD HERE,-2,2010-12-06T09:30,1.25,17850,United Kingdom
C2004,71053,WHITE LANTERN,-1,2010-12-06T10:00,4.25,,United Kingdom
C2005,22139,RETROSPOT TEA SET,-1,2010-12-06T11:00,6.50,13047,EIRE
C2005,POST,POSTAGE,-1,2010-12-06T11:00,3.00,13047,EIRE
C2006,AMAZONFEE,AMAZON FEE,-1,2010-12-07T09:00,100.00,,United Kingdom
C2007,22139,RETROSPOT TEA SET,1,2010-12-07T09:00,5.00,13047,EIRE
"""
SOLD, RETURNED, REJECTED = 10, 7, 7


def load(path: Path, **options: Any) -> dict[str, Any]:
    """Run the command and give its summary."""
    summary = path.with_name("summary.json")
    call_command("import_sales", path, summary=summary, stdout=StringIO(), **options)
    return dict(json.loads(summary.read_text()))


def rejected(path: Path) -> list[tuple[str, str]]:
    with Path(f"{path.name}.rejected.csv").open(newline="") as stream:
        return [(row["line"], row["reason"]) for row in csv.DictReader(stream)]


def rows_of_all_tables() -> dict[str, Any]:
    """Each table's count, and the versions of all that has one."""
    ours = [model for model in apps.get_models() if not model._meta.app_label.startswith("auth")]
    counts = {model._meta.label: model._default_manager.count() for model in ours}
    versions = {
        model._meta.label: sorted(model._default_manager.values_list("pk", "version"))
        for model in ours
        if issubclass(model, Aggregate)
    }
    return {"counts": counts, "versions": versions}


def booked() -> Decimal:
    """Money in the books: what was invoiced without what was credited."""
    invoiced = sum(Invoice.objects.values_list("gross", flat=True), Decimal(0))
    return invoiced - sum(CreditNote.objects.values_list("gross", flat=True), Decimal(0))
