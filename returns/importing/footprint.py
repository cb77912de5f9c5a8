"""What an import left: the rows it made, and what was built on them since.

Whatever is not known to be made by imports counts as somebody's later work, so a table that is
added one day stands in the way of taking an import back until somebody thought about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any, Final

from django.apps import apps
from django.db.models import ForeignKey, Model, UUIDField

from customers.models import Company
from returns.models import (
    ExtraLine,
    ImportRun,
    Inspection,
    LineCredit,
    Receipt,
    ReceiptLine,
    ReturnLine,
    ReturnOrder,
)
from rmaproject.audit.models import Aggregate, AuditEntry
from sales.models import (
    Account,
    Allocation,
    CreditLine,
    CreditNote,
    DiscountWeight,
    Invoice,
    InvoiceLine,
    LedgerEntry,
    LedgerLine,
    OrderLine,
    SalesOrder,
    Settlement,
    Shipment,
)
from stock.models import Part

DOOR: Final = "import"
#: What imports write. Each row hangs on an aggregate that has the run's key in its trail.
MADE: Final = (
    Company,
    Part,
    Account,
    SalesOrder,
    OrderLine,
    DiscountWeight,
    Shipment,
    Allocation,
    Invoice,
    InvoiceLine,
    ReturnOrder,
    ReturnLine,
    ExtraLine,
    Receipt,
    ReceiptLine,
    Inspection,
    CreditNote,
    CreditLine,
    LineCredit,
    Settlement,
    LedgerEntry,
    LedgerLine,
)
#: What a credit note of the import may be built on, whoever sold it: it is counted anew.
RESTORED: Final = (OrderLine, InvoiceLine, Invoice, SalesOrder)
CREDITING: Final = (ReturnLine, ExtraLine, CreditNote, CreditLine, Settlement)
#: What is used by many: that a row of the import names one that stays harms nobody.
SHARED: Final = (Company, Part, Account)
#: Where business records live; other tables hang on them by their UUIDs.
DOMAIN: Final = ("customers", "stock", "sales", "returns")
#: Tables that keep what was, whatever becomes of the record.
KEEPING: Final = ("jobs", "events", "webhooks")
AT_ONCE: Final = 10_000
MOST_NAMED: Final = 20

Rows = dict[type[Model], set[Any]]


class Footprint:
    """The rows of one import, and by name what stands against taking them back."""

    def __init__(self, run: ImportRun) -> None:
        self.key = run.key
        self.rows: Rows = defaultdict(set)
        #: Sales from before the import that its credit notes took back.
        self.kept: Rows = defaultdict(set)
        self._against: dict[str, None] = {}
        self._roots = self._made()
        for model, keys in self._roots.items():
            self._take(model, set(keys))
        self._find_kept()
        self._take_empty_accounts()
        self._take_by_id()

    @property
    def against(self) -> list[str]:
        """What was done since, by what people call it; empty when all can be taken back."""
        return list(islice(self._against, MOST_NAMED))

    def _made(self) -> Rows:
        entries = AuditEntry.objects.filter(request_id=self.key, door=DOOR)
        named: dict[str, set[Any]] = defaultdict(set)
        for aggregate, ident in entries.filter(n=1).values_list("aggregate", "aggregate_id"):
            named[aggregate].add(ident)
        roots: Rows = {}
        for label, idents in named.items():
            model = apps.get_model(label)
            roots[model] = {pk for pk, _ in _found(model, "uuid", idents)}
            self._name_touched(model, idents)
        self._name_changed(entries.filter(n__gt=1), named)
        return roots

    def _name_touched(self, model: type[Model], idents: set[Any]) -> None:
        """Records of the run that somebody changed since."""
        for some in _pieces(idents):
            later = AuditEntry.objects.filter(aggregate_id__in=some, n__gt=1)
            keys = later.exclude(request_id=self.key, door=DOOR).values("aggregate_id")
            self._name(model, model._base_manager.filter(uuid__in=keys)[:MOST_NAMED])

    def _name_changed(self, entries: Any, named: dict[str, set[Any]]) -> None:
        """Records from before the run that it changed: invoices can be counted anew."""
        for label, ident in entries.values_list("aggregate", "aggregate_id").distinct():
            model = apps.get_model(label)
            rows = model._base_manager.filter(uuid=ident)
            if ident not in named[label] and model is Invoice:
                self.kept[Invoice] |= set(rows.values_list("pk", flat=True))
            elif ident not in named[label]:
                self._name(model, rows)

    def _take(self, model: type[Model], keys: set[Any]) -> None:
        fresh = keys - self.rows[model]
        if not fresh:
            return
        self.rows[model] |= fresh
        for other, field in _pointing_to(model):
            found = {pk for pk, _ in _found(other, field, fresh)}
            if other in MADE:
                self._take_made(other, found)
            elif found:
                self._name(other, other._base_manager.filter(pk__in=list(found)[:MOST_NAMED]))

    def _take_made(self, model: type[Model], found: set[Any]) -> None:
        """Take rows that hang on the import; an aggregate among them that is not its own stays."""
        if issubclass(model, Aggregate):
            later = found - self._roots.get(model, set())
            self._name(model, model._base_manager.filter(pk__in=list(later)[:MOST_NAMED]))
            found -= later
        self._take(model, found)

    def _find_kept(self) -> None:
        """Rows that are a part of something that stays: a line of another order, a settlement."""
        for model, keys in list(self.rows.items()):
            for field in _parents(model):
                target = field.related_model
                for pk, parent in list(_found(model, "pk", keys, field.attname)):
                    if parent is None or parent in self.rows[target]:
                        continue
                    if model in CREDITING and target in RESTORED:
                        self.kept[target].add(parent)
                        continue
                    self._name(target, target._base_manager.filter(pk=parent))
                    self.rows[model].discard(pk)

    def _take_empty_accounts(self) -> None:
        """Accounts on which nothing but this import was ever booked."""
        entries = self.rows[LedgerEntry]
        keys = {account for _, account in _found(LedgerEntry, "pk", entries, "account")}
        fresh = keys - self.rows[Account]
        others = {account for pk, account in _booked_on(fresh) if pk not in entries}
        self.rows[Account] |= fresh - others

    def _take_by_id(self) -> None:
        """Trails, notices, files: rows that name a record by its UUID."""
        idents: set[Any] = set()
        for model, keys in list(self.rows.items()):
            if any(field.name == "uuid" for field in model._meta.concrete_fields):
                idents |= {ident for _, ident in _found(model, "pk", keys, "uuid")}
        for model, field in _naming():
            self.rows[model] |= {pk for pk, _ in _found(model, field, idents)}

    def _name(self, model: type[Model], rows: Iterable[Any]) -> None:
        if len(self._against) < MOST_NAMED:
            self._against |= {_called(model, row): None for row in rows}


def _found(
    model: type[Model], field: str, keys: Collection[Any], second: str = "pk"
) -> Iterator[tuple[Any, Any]]:
    """Key and a second value of the rows that have one of these values in a column."""
    for some in _pieces(keys):
        yield from model._base_manager.filter(**{f"{field}__in": some}).values_list("pk", second)


def _booked_on(accounts: Collection[Any]) -> Iterator[tuple[Any, Any]]:
    for some in _pieces(accounts):
        rows = LedgerEntry.objects.filter(account__in=some)
        yield from rows.values_list("pk", "account").iterator(chunk_size=AT_ONCE)


def _pieces(keys: Collection[Any]) -> Iterator[list[Any]]:
    rest = iter(list(keys))
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _foreign_keys(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]


def _parents(model: type[Model]) -> list[Any]:
    """What rows of this model are parts of, or built on."""
    targets = set(MADE) - set(SHARED)
    return [field for field in _foreign_keys(model) if field.related_model in targets]


@cache
def _pointing_to(model: type[Model]) -> list[tuple[type[Model], str]]:
    return [
        (other, field.name)
        for other in apps.get_models(include_auto_created=True)
        for field in _foreign_keys(other)
        if field.related_model is model and other._meta.managed
    ]


@cache
def _naming() -> list[tuple[type[Model], str]]:
    """Columns that hold the UUID of a record of another table, and go with it."""
    return [
        (model, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, UUIDField) and field.name != "uuid" and not field.primary_key
        if model._meta.managed and model._meta.app_label not in (*DOMAIN, *KEEPING)
    ]


def _called(model: type[Model], row: Any) -> str:
    """What people call a record: its own number or name, else that of what it is in."""
    for name in ("reference", "sku", "code"):
        if text := getattr(row, name, ""):
            return f"{model._meta.verbose_name} {text}"
    for field in _foreign_keys(model):
        target = field.related_model
        if target._meta.app_label in DOMAIN and (parent := getattr(row, field.name)):
            return _called(target, parent)
    return f"{model._meta.verbose_name} {row}"
