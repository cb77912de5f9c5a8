"""Lines gathered into the documents they belong to, with little of the file in memory at a time.

A first reading finds where each document ends, and refuses a file that is rubbish before
anything is written; a second one hands each document over at its last line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from returns.importing.classifying import Classifier, Refused, Shape, SourceLine
from returns.importing.reading import Record, Source
from rmaproject.shared import money
from rmaproject.shared.errors import Malformed

#: Why a sound line is left out: its document has a line that is not.
DOCUMENT_INCOMPLETE: Final = "document_incomplete"
#: Told of each line that is refused: the line, the code and the sentence.
Reject = Callable[[Record, str, str], None]


@dataclass
class SourceDocument:
    """An invoice or a credit note of the ledger; the first line speaks for it."""

    reference: str
    lines: list[SourceLine] = field(default_factory=list)

    @property
    def day(self) -> date:
        return self.lines[0].day

    @property
    def customer(self) -> str:
        """The one customer of the document; "" when no line names one."""
        return next((line.customer for line in self.lines if line.customer), "")

    @property
    def country(self) -> str:
        return self.lines[0].country

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), money.ZERO)


@dataclass
class Survey:
    """What the first reading found."""

    lines: int = 0
    credits: bool = False
    anonymous: bool = False
    last_line: dict[str, int] = field(default_factory=dict)


def data_records(file: Source) -> Iterator[Record]:
    """The lines below the header."""
    records = file.records()
    next(records, None)
    return records


def header_of(file: Source) -> Record:
    """The line that names the columns. Raises Malformed `empty_file`."""
    header = next(file.records(), None)
    if header is None:
        raise Malformed(f"{file.path.name} is empty.", code="empty_file")
    return header


def survey(file: Source, shape: Shape) -> Survey:
    """Read the whole file once. Raises Malformed as `LedgerFile.records`."""
    found = Survey()
    for record in data_records(file):
        found.lines += 1
        invoice = shape.invoice_of(record)
        found.last_line[invoice.lower()] = record.line
        found.credits = found.credits or shape.is_credit(invoice)
        if not found.anonymous and invoice:
            found.anonymous = not shape.columns.pick(record.fields)[6].strip()
    return found


def documents(
    file: Source, classifier: Classifier, found: Survey, reject: Reject, *, whole: bool = False
) -> Iterator[SourceDocument]:
    """Each document once, at its last line; lines that are refused by themselves are left out.

    With `whole` a document is left out as soon as one of its lines is, so that it can come in
    later without a fault.
    """
    open_documents: dict[str, SourceDocument] = {}
    faulty: set[str] = set()
    for record in data_records(file):
        invoice = classifier.shape.invoice_of(record)
        key = invoice.lower()
        try:
            line = classifier.read(record)
        except Refused as refusal:
            reject(record, refusal.code, refusal.sentence)
            faulty.add(key)
        else:
            open_documents.setdefault(key, SourceDocument(invoice)).lines.append(line)
        if record.line >= found.last_line[key] and key in open_documents:
            told = open_documents.pop(key)
            kept = _of_one_customer(told, reject)
            if whole and (key in faulty or len(kept.lines) < len(told.lines)):
                _leave_out(kept, reject)
            elif kept.lines:
                yield kept


def _leave_out(document: SourceDocument, reject: Reject) -> None:
    sentence = f"Another line of {document.reference} is refused, so all of it is left out."
    for line in document.lines:
        reject(line.record, DOCUMENT_INCOMPLETE, sentence)


def _of_one_customer(document: SourceDocument, reject: Reject) -> SourceDocument:
    """A document has one customer: the first that is named; lines of another are refused."""
    owner = document.customer.lower()
    strange = [line for line in document.lines if line.customer.lower() not in ("", owner)]
    for line in strange:
        sentence = f"The document belongs to customer {document.customer}, not {line.customer}."
        reject(line.record, "mixed_customers", sentence)
    kept = [line for line in document.lines if line not in strange] if strange else document.lines
    return SourceDocument(document.reference, kept)
