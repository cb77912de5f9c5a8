"""References by pattern: drawn last in a transaction, so that a series has no gaps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Model, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from rmaproject.shared import references
from rmaproject.shared.errors import RuleViolation
from sales.models import Business, Counter, ReferencePattern
from sales.models.business import DEFAULT_PATTERNS

_DRAW = """
    INSERT INTO {table} (business_id, series, period, last) VALUES (%s, %s, %s, 1)
    ON CONFLICT (business_id, series, period) DO UPDATE SET last = {table}.last + 1
    RETURNING last
"""


@dataclass(frozen=True)
class Drawn:
    """A reference with its place in the series."""

    reference: str
    number: int
    period: str


def draw(business: Business, document: str, on: date, model: type[Model]) -> Drawn:
    """The next free reference of this series; holds the counter until the transaction ends.

    A number that somebody gave by hand before is passed over.
    """
    pattern = pattern_for(business, document)
    period = references.period_of(pattern, on)
    while True:
        number = _next(business.pk, document, period)
        reference = references.render(pattern, ref=number, on=on)
        named = model._default_manager.alias(folded=Lower("reference")).filter(business=business)
        taken = named.filter(folded=Lower(Value(reference)))
        if not taken.exists():
            return Drawn(reference, number, period)


def pattern_for(business: Business, document: str) -> str:
    """The pattern a business set for this document, else the default."""
    own = ReferencePattern.objects.filter(business=business, document=document).first()
    return own.pattern if own else DEFAULT_PATTERNS[document]  # type: ignore[index]


def require_reference(text: str) -> str:
    """A given reference, kept as given. Raises RuleViolation `invalid_reference`."""
    if not references.is_reference(text):
        message = _("A reference has 1 to 64 printable characters, no blank at either end.")
        raise RuleViolation(message, code="invalid_reference", pointer="/reference")
    return text


def _next(business_id: int, series: str, period: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_DRAW.format(table=Counter._meta.db_table), [business_id, series, period])
        return int(cursor.fetchone()[0])
