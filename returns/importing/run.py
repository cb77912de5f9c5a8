"""A whole ledger into the books: first its sales, then its returns, each batch for itself.

Sales come first, so that a credit note finds what was sold on its own day too. A run that was
killed is finished by the same command: what is there already is recognised by its content.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, Final, TypeVar

from customers.models import Company
from returns.importing.classifying import Classifier
from returns.importing.documents import SourceDocument, Survey, documents
from returns.importing.ground import anonymous_customer
from returns.importing.reading import Record, Source
from returns.importing.reporting import Refusals, Tally, Ticking
from returns.importing.returning import (
    EXCEEDS_KNOWN_SALES,
    OVERTAKEN,
    exceeding_known_sales,
    known_returns,
    require_same,
    take_back,
    without_known_sale,
)
from returns.importing.selling import Sold, sell_all
from returns.models import ReturnOrder
from returns.switch import require_returns_on
from rmaproject.access.actors import Actor
from rmaproject.shared.errors import Busy, DomainError
from rmaproject.shared.requestid import known_as
from sales.models import Business

IMPORT: Final = Actor(None, door="import")
ORDERS_AT_ONCE, LINES_AT_ONCE, RETURNS_AT_ONCE = 200, 5_000, 200
TRIES: Final = 5

T = TypeVar("T")
#: Carries out one transaction of an import: for good, or only to see what would come of it.
Attempt = Callable[[Callable[[], Any]], Any]


def done_for_good(act: Callable[[], Any]) -> Any:
    """The ordinary way: what is done stays."""
    return act()


@dataclass
class Import:
    """One run over one file for one business.

    `whole`: a document with a refused line is left out. `attempt` carries out each transaction.
    """

    file: Source
    business: Business
    classifier: Classifier
    rejected: Refusals
    remarks: Refusals
    progress: Ticking
    actor: Actor = IMPORT
    whole: bool = False
    attempt: Attempt = done_for_good
    tally: Tally = field(default_factory=Tally)
    anonymous: Company | None = None
    _nameless: bool = False

    def run(self, found: Survey) -> Tally:
        """Import what is not there yet of a surveyed file and count where every line ended.

        Raises NotPermitted `returns_disabled`; Busy when the database kept refusing, after which
        another run goes on.
        """
        if found.credits:
            require_returns_on()
        self.tally.lines_read = found.lines
        self._nameless = found.anonymous
        credit_notes = self._sell(found)
        credit_notes.sort(key=lambda document: (document.day, document.lines[0].record.line))
        for batch in _chunks(credit_notes, RETURNS_AT_ONCE):
            self._take_back(batch)
        return self.tally

    def _sell(self, found: Survey) -> list[SourceDocument]:
        """Record the invoices in batches; the credit notes are given back for later."""
        batch: list[SourceDocument] = []
        credit_notes: list[SourceDocument] = []
        for document in self._documents(found):
            if self.classifier.shape.is_credit(document.reference):
                credit_notes.append(document)
                continue
            batch.append(document)
            if len(batch) >= ORDERS_AT_ONCE or sum(len(d.lines) for d in batch) >= LINES_AT_ONCE:
                self._sell_batch(batch)
                batch = []
        self._sell_batch(batch)
        return credit_notes

    def _sell_batch(self, batch: Sequence[SourceDocument]) -> None:
        if not batch:
            return
        ended = persist(lambda: self.attempt(partial(self._record, batch)))
        for document, refusal, new in ended:
            if refusal is not None:
                self._reject_document(document, refusal)
                continue
            self.tally.orders += 1
            self.tally.known += not new
            self.tally.lines_sold += len(document.lines)
            self.tally.amount_sold += document.amount
        self.progress.tick(self.tally)

    def _documents(self, found: Survey) -> Iterator[SourceDocument]:
        return documents(self.file, self.classifier, found, self._reject, whole=self.whole)

    def _meet_anonymous(self) -> None:
        """Know the anonymous customer where the file has lines of nobody; he is no run's own."""
        if self._nameless:
            with known_as(""):
                self.anonymous = anonymous_customer(self.business, actor=self.actor)

    def _record(self, batch: Sequence[SourceDocument]) -> list[Sold]:
        self._meet_anonymous()
        return sell_all(self.business, self.anonymous, batch, actor=self.actor)

    def _take_back(self, batch: Sequence[SourceDocument]) -> None:
        known = known_returns(self.business, [document.reference for document in batch])
        keys = []
        for document in batch:
            try:
                order = self._returned(document, known.get(document.reference.lower()))
            except Busy:
                raise
            except DomainError as refusal:
                self._reject_document(document, refusal)
            else:
                keys.append(order.pk)
                self.tally.returns += 1
                self.tally.lines_returned += len(document.lines)
                self.tally.amount_returned += document.amount
            self.progress.tick(self.tally)
        self.tally.blind_returns += without_known_sale(keys)
        for row in exceeding_known_sales(keys):
            self.tally.lines_exceeding_known_sales += 1
            self.remarks.add(EXCEEDS_KNOWN_SALES, *row)

    def _returned(self, document: SourceDocument, known: ReturnOrder | None) -> ReturnOrder:
        """The return of a credit note; one that is there keeps the matching it was made with."""
        if known is not None:
            require_same(known, document)
            self.tally.known += 1
            return known
        return persist(lambda: self.attempt(partial(self._give_back, document)), also=OVERTAKEN)

    def _give_back(self, document: SourceDocument) -> ReturnOrder:
        self._meet_anonymous()
        return take_back(self.business, self.anonymous, document, actor=self.actor)

    def _reject(self, record: Record, code: str, sentence: str) -> None:
        self.tally.lines_rejected += 1
        self.tally.amount_rejected += self.classifier.amount_of(record)
        reasons = self.tally.rejected_by_reason
        reasons[code] = reasons.get(code, 0) + 1
        self.rejected.add(record.line, code, sentence, *record.fields)

    def _reject_document(self, document: SourceDocument, refusal: DomainError) -> None:
        """A document that the books refuse is refused with all its lines."""
        for line in document.lines:
            self._reject(line.record, refusal.code, refusal.message)


def persist(attempt: Callable[[], T], *, also: Sequence[str] = ()) -> T:
    """Try again what another's lock, or one of the named refusals, stood in the way of."""
    for turn in range(1, TRIES):
        try:
            return attempt()
        except DomainError as refusal:
            if not isinstance(refusal, Busy) and refusal.code not in also:
                raise
        time.sleep(0.2 * turn)
    return attempt()


def _chunks(rows: Sequence[T], size: int) -> Iterator[list[T]]:
    source = iter(rows)
    while chunk := list(islice(source, size)):
        yield chunk
