"""Records that a body may name: sales orders, locations, batches, custom fields."""

from __future__ import annotations

from typing import Any, Final

from returns.compat.zoho.base import named
from returns.compat.zoho.values import Values, invalid, missing
from returns.models import CustomField, FieldKind, Reason, Target
from rmaproject.access.actors import Actor
from rmaproject.shared.errors import Malformed, NotFound
from sales.models import Business, SalesOrder
from sales.selectors import visible_orders
from stock.models import Batch, Location, Part
from stock.selectors import visible_locations

_TRUTHS: Final = {"true": True, "false": False}


def sales_order(actor: Actor, business: Business, given: str) -> SalesOrder:
    """The sales order of this organization with this id or number.

    Raises Malformed without one, NotFound.
    """
    if not given:
        raise missing("/salesorder_id")
    rows = visible_orders(actor).filter(business=business).select_related("customer", "business")
    found = None if "\x00" in given else rows.filter(**named(given, by="reference")).first()
    if found is None:
        message = "The organization has no such sales order."
        raise NotFound(message, code="not_found", pointer="/salesorder_id")
    return found


def location(actor: Actor, item: Values, name: str = "location_id") -> Location | None:
    """The location in use that an object names by its id or code; None for none.

    Raises NotFound.
    """
    given = item.ident(name)
    if not given:
        return None
    rows = visible_locations(actor).filter(active=True)
    found = rows.filter(**named(given, by="code")).first()
    if found is None:
        message = "There is no such location in use."
        raise NotFound(message, code="not_found", pointer=item.place(name))
    return found


def batch_number(part: Part | None, item: Values) -> str:
    """The number of the batch that an object names: a known one by id, any by its number.

    Raises Malformed without either, NotFound.
    """
    given = item.ident("batch_id")
    if not given:
        number = item.text("batch_number", most=64)
        if not number:
            raise missing(item.place("batch_number"))
        return number
    found = Batch.objects.filter(part=part, **named(given, by="number")).first()
    if found is None:
        message = "The item has no such batch."
        raise NotFound(message, code="not_found", pointer=item.place("batch_id"))
    return str(found.number)


def reason(text: str) -> Reason | None:
    """The reason that a text is the code or the name of; None when it is words of its own."""
    rows = Reason.objects.filter(active=True)
    return rows.filter(code__iexact=text).first() or rows.filter(name__iexact=text).first()


def custom_values(body: Values) -> dict[str, Any]:
    """The values of custom fields by our code; each field is named by id, label or code.

    Raises Malformed for an unknown or a doubled field.
    """
    entries = body.each("custom_fields")
    if not entries:
        return {}
    fields = list(CustomField.objects.filter(target=Target.RETURN, active=True))
    found: dict[str, Any] = {}
    for entry in entries:
        field = _field(fields, entry)
        if field.code in found:
            raise invalid("each custom field once", entry.at)
        found[field.code] = _value(field, entry)
    return found


def _field(fields: list[CustomField], entry: Values) -> CustomField:
    keys = {
        "customfield_id": lambda field: (str(field.uuid),),
        "api_name": lambda field: (field.code,),
        "label": lambda field: (field.name, field.code),
    }
    for name, words in keys.items():
        given = entry.text(name, most=200).casefold()
        if not given:
            continue
        for field in fields:
            if given in {word.casefold() for word in words(field)}:
                return field
        message = "There is no such custom field in use."
        raise Malformed(message, code="invalid", pointer=entry.place(name))
    raise missing(entry.place("label"))


def _value(field: CustomField, entry: Values) -> Any:
    value = entry.value.get("value")
    if isinstance(value, dict | list):
        raise invalid("a text", entry.place("value"))
    if field.kind == FieldKind.BOOLEAN and isinstance(value, str):
        return _TRUTHS.get(value.lower(), value)
    return value


def unknown(message: str) -> NotFound:
    """The refusal of a record that is not there, or not for this caller."""
    return NotFound(message, code="not_found")
