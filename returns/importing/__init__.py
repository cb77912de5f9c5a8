"""Sales ledgers of other systems, read from CSV into customers, parts, sales and returns."""

from __future__ import annotations

from returns.importing.classifying import Classifier, Shape
from returns.importing.columns import Columns, parse_mapping
from returns.importing.documents import header_of, survey
from returns.importing.reading import LedgerFile
from returns.importing.reporting import Progress, ReportFile, Tally, write_summary
from returns.importing.run import IMPORT, Import

__all__ = [
    "IMPORT",
    "Classifier",
    "Columns",
    "Import",
    "LedgerFile",
    "Progress",
    "ReportFile",
    "Shape",
    "Tally",
    "header_of",
    "parse_mapping",
    "survey",
    "write_summary",
]
