"""Parts and customers from a file: new ones are made, those that are there stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower

from customers.models import Company
from customers.services import create_company
from returns.importing.classifying import Refused
from returns.importing.columns import Columns
from returns.importing.countries import country_code
from returns.importing.documents import data_records
from returns.importing.reading import Record, Source
from returns.importing.reporting import Refusals, Tally, Ticking
from returns.importing.run import Attempt, persist
from rmaproject.access.actors import Actor
from rmaproject.shared.db import command
from rmaproject.shared.errors import Busy, DomainError
from rmaproject.shared.references import is_reference
from stock.models import Part
from stock.services import create_part

AT_ONCE: Final = 200
#: How the words for the way a part is counted begin, in the languages that files come in.
TRACKING: Final = {
    "serial": {"is_serialized": True},
    "yes": {"is_serialized": True},
    "true": {"is_serialized": True},
    "batch": {"is_batched": True},
    "": {},
    "no": {},
    "false": {},
}
Values = dict[str, Any]


@dataclass(frozen=True)
class Register:
    """One kind of record: what names it, how a line is read, what is there, how one is made."""

    key: str
    read: Callable[[Sequence[str]], Values]
    known: Callable[[Sequence[str]], set[str]]
    create: Callable[..., Any]


@dataclass
class Catalogue:
    """One run over one file of parts or customers."""

    file: Source
    register: Register
    columns: Columns
    rejected: Refusals
    progress: Ticking
    actor: Actor
    attempt: Attempt
    tally: Tally = field(default_factory=Tally)

    def run(self, lines: int) -> Tally:
        """Make what is not there yet and count where every line ended.

        Raises Busy when the database kept refusing, after which another run goes on.
        """
        self.tally.lines_read = lines
        rows = self._rows()
        while batch := list(islice(rows, AT_ONCE)):
            made = persist(lambda batch=batch: self.attempt(partial(self._make, batch)))  # type: ignore[misc]
            for record, refusal, new in made:
                if refusal is not None:
                    self._reject(record, refusal.code, refusal.message)
                    continue
                self.tally.lines_sold += 1
                self.tally.known += not new
            self.progress.tick(self.tally)
        return self.tally

    def _rows(self) -> Iterator[tuple[Record, Values]]:
        for record in data_records(self.file):
            try:
                if len(record.fields) != self.columns.width:
                    told = f"The line has {len(record.fields)} fields, not {self.columns.width}."
                    raise Refused("wrong_field_count", told)
                picked = [text.strip() for text in self.columns.pick(record.fields)]
                yield record, self.register.read(picked)
            except Refused as refusal:
                self._reject(record, refusal.code, refusal.sentence)

    def _make(self, batch: Sequence[tuple[Record, Values]]) -> list[tuple[Record, Any, bool]]:
        try:
            made = _made(self.register, [values for _, values in batch], self.actor)
            return [(record, None, new) for (record, _), new in zip(batch, made, strict=True)]
        except Busy:
            raise
        except DomainError:
            return [self._one(record, values) for record, values in batch]

    def _one(self, record: Record, values: Values) -> tuple[Record, Any, bool]:
        try:
            return record, None, _made(self.register, [values], self.actor)[0]
        except Busy:
            raise
        except DomainError as refusal:
            return record, refusal, False

    def _reject(self, record: Record, code: str, sentence: str) -> None:
        self.tally.lines_rejected += 1
        reasons = self.tally.rejected_by_reason
        reasons[code] = reasons.get(code, 0) + 1
        self.rejected.add(record.line, code, sentence, *record.fields)


@command
def _made(register: Register, rows: Sequence[Values], actor: Actor) -> list[bool]:
    """Make what is missing; whether each was new."""
    known = register.known([values[register.key].lower() for values in rows])
    found = []
    for values in rows:
        key = values[register.key].lower()
        found.append(key not in known)
        if key not in known:
            register.create(values, actor=actor)
            known.add(key)
    return found


def _part(picked: Sequence[str]) -> Values:
    sku, name, gtin, unit, tracking = picked
    _require_reference("sku", sku)
    _require_text("name", name, 200)
    if len(unit) > 20:
        raise Refused("invalid_unit", f"{unit[:40]!r} is no unit: at most 20 characters.")
    counted = TRACKING.get(tracking.lower())
    if counted is None:
        raise Refused("invalid_tracking", f"{tracking[:40]!r} is none of serial and batch.")
    told = {"sku": sku, "name": name, "gtin": gtin, **counted}
    return {**told, "unit": unit} if unit else told


def _company(picked: Sequence[str]) -> Values:
    reference, name, email, phone, country = picked
    _require_reference("reference", reference)
    _require_text("name", name, 200)
    if len(phone) > 50:
        raise Refused("invalid_phone", f"{phone[:40]!r} is no phone number.")
    _require_mail(email)
    code = country_code(country)
    if country and not code:
        raise Refused("invalid_country", f"{country[:40]!r} is no country; write two letters.")
    told = {"reference": reference, "name": name, "email": email, "phone": phone}
    return {**told, "country": code}


def _require_reference(key: str, text: str) -> None:
    if not is_reference(text):
        sentence = f"{text[:80]!r} is no {key}: 1 to 64 printable characters."
        raise Refused(f"invalid_{key}", sentence)


def _require_text(key: str, text: str, most: int) -> None:
    if not 1 <= len(text) <= most:
        raise Refused(f"invalid_{key}", f"The {key} has 1 to {most} characters.")


def _require_mail(email: str) -> None:
    if not email:
        return
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused("invalid_email", f"{email[:80]!r} is no mail address.") from error


def _skus(keys: Sequence[str]) -> set[str]:
    rows = Part.objects.annotate(key=Lower("sku")).filter(key__in=keys)
    return set(rows.values_list("key", flat=True))


def _references(keys: Sequence[str]) -> set[str]:
    rows = Company.objects.annotate(key=Lower("reference")).filter(key__in=keys)
    return set(rows.values_list("key", flat=True))


REGISTERS: Final = {
    "parts": Register("sku", _part, _skus, create_part),
    "customers": Register("reference", _company, _references, create_company),
}
