from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import money, references
from rmaproject.shared.db import command
from rmaproject.shared.errors import RuleViolation
from sales.models import Business, ReferencePattern


@command
def create_business(values: dict[str, Any], *, actor: Actor) -> Business:
    """Add a legal entity. Raises RuleViolation `invalid_currency`, `invalid_time_zone`."""
    _require_known(values)
    business = Business(**values)
    trail.create(business, actor=actor, code=business.code)
    return business


@command
def edit_business(business_id: int, values: dict[str, Any], *, actor: Actor) -> Business:
    """Change a business; its currency is the default of new orders only."""
    _require_known(values)
    business = lock_business(business_id)
    facts = trail.changed_fields(business, values, private=set())
    if facts:
        trail.change(business, "edit", actor=actor, fields=values, **facts)
    return business


@command
def set_pattern(business_id: int, document: str, pattern: str, *, actor: Actor) -> None:
    """Number this kind of document by this pattern from now on.

    Raises RuleViolation `invalid_pattern`.
    """
    references.check_pattern(pattern)
    business = lock_business(business_id)
    ReferencePattern.objects.update_or_create(
        business=business, document=document, defaults={"pattern": pattern}
    )
    trail.change(business, "set_pattern", actor=actor, document=document, pattern=pattern)


def lock_business(business_id: int) -> Business:
    """The business, locked until the transaction ends."""
    return Business.objects.select_for_update().get(pk=business_id)


def _require_known(values: dict[str, Any]) -> None:
    if "currency" in values and values["currency"] not in money.CURRENCIES:
        message = _("%(currency)s is no ISO 4217 currency.") % {"currency": values["currency"]}
        raise RuleViolation(message, code="invalid_currency", pointer="/currency")
    if "time_zone" in values and values["time_zone"] not in available_timezones():
        message = _("%(time_zone)s is no IANA time zone.") % {"time_zone": values["time_zone"]}
        raise RuleViolation(message, code="invalid_time_zone", pointer="/time_zone")
