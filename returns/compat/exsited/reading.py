"""What clients of this system send, as our services take it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from rest_framework import serializers
from rest_framework.request import Request

from returns.models import ReturnLine, ReturnOrder
from returns.services import ArrivalInput, LineInput, ReceiveInput, each_unit
from rmaproject.rest.inputs import Input, QuantityInput, TextInput, read
from rmaproject.shared.canonical import digest
from rmaproject.shared.errors import NotFound, RuleViolation, below
from sales.models import Invoice, InvoiceLine

WHOLE: Final = "return_merchandise_authorisations"
RECEIVED: Final = "receive_return_merchandise_authorisations"
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class DayInput(serializers.DateField):
    """A day as YYYY-MM-DD, and nothing else that ISO 8601 would take for one."""

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class WantedForm(Input):
    """So much of an invoice line; what is said of the item must fit it, its name is passed over."""

    rma_quantity = QuantityInput()
    uuid = serializers.UUIDField()
    item_uuid = serializers.UUIDField(required=False, allow_null=True)
    item_id = TextInput(max_length=64, allow_null=True)
    item_name = TextInput(allow_null=True)


class ReturnForm(Input):
    id = TextInput(max_length=64, allow_null=True)
    date = DayInput(required=False, allow_null=True)
    note = TextInput(max_length=10_000, allow_null=True)
    returns = WantedForm(many=True, allow_empty=False)


class CreateForm(Input):
    return_merchandise_authorisations = ReturnForm()


class CameForm(Input):
    """So much of a return line; `serial` is ours, for units that cannot be told apart else."""

    rma_receive_quantity = QuantityInput()
    uuid = serializers.UUIDField()
    serial = TextInput(max_length=64, allow_null=True)
    item_uuid = serializers.UUIDField(required=False, allow_null=True)
    item_id = TextInput(max_length=64, allow_null=True)
    item_name = TextInput(allow_null=True)


class CameForms(Input):
    receive_returns = CameForm(many=True, allow_empty=False)


class ReceiveForm(Input):
    receive_return_merchandise_authorisations = CameForms()


@dataclass(frozen=True)
class Asked:
    """A return as it was asked for."""

    reference: str
    dated_on: date | None
    note: str
    lines: list[LineInput]
    digest: str


def asked(request: Request, invoice: Invoice) -> Asked:
    """The return that a client asks for from an invoice.

    Raises a validation error; NotFound for a line that is not on the invoice; RuleViolation
    `wrong_part` where the item is another one than the line's.
    """
    given: dict[str, Any] = read(CreateForm, request)[WHOLE]
    told = {key: value for key, value in given.items() if value not in (None, "")}
    return Asked(
        reference=told.get("id", ""),
        dated_on=told.get("date"),
        note=told.get("note", ""),
        lines=_lines(given["returns"], invoice),
        digest=digest(["exsited", invoice.uuid, _content(told)]),
    )


def _content(told: dict[str, Any]) -> dict[str, Any]:
    """What makes two requests the same: not how an item is called beside its line."""
    lines = [[line["uuid"], line["rma_quantity"]] for line in told["returns"]]
    return {**told, "id": told.get("id", "").lower(), "returns": lines}


def _lines(wanted: list[dict[str, Any]], invoice: Invoice) -> list[LineInput]:
    rows = invoice.lines.select_related("part", "order_line__order", "invoice")
    known = {row.uuid: row for row in rows}
    made = []
    for place, entry in enumerate(wanted):
        with below(f"/{WHOLE}/returns/{place}"):
            row = known.get(entry["uuid"])
            if row is None:
                message = f"{invoice.reference} has no such line."
                raise NotFound(message, code="not_found", pointer="/uuid")
            _require_item(row, entry)
        made.append(LineInput(quantity=entry["rma_quantity"], invoice_line=row))
    return made


def _require_item(row: InvoiceLine, entry: dict[str, Any]) -> None:
    """Refuse a line with another item than the client means: one of both is a mistake."""
    said = [
        ("item_uuid", entry.get("item_uuid"), row.part.uuid if row.part else None),
        ("item_id", (entry.get("item_id") or "").lower(), row.part.sku.lower() if row.part else ""),
    ]
    for name, given, own in said:
        if given and given != own:
            message = "The line of the invoice is another item."
            raise RuleViolation(message, code="wrong_part", pointer=f"/{name}")


def came(request: Request, order: ReturnOrder) -> ReceiveInput:
    """What a client says has arrived of a return.

    Raises a validation error; NotFound for a line of another return.
    """
    given = read(ReceiveForm, request)[RECEIVED]["receive_returns"]
    rows = order.lines.filter(void=False).select_related("part")
    known = {row.uuid: row for row in rows}
    arrivals: list[ArrivalInput] = []
    for place, entry in enumerate(given):
        arrivals += each_unit(_arrival(known.get(entry["uuid"]), entry, place))
    return ReceiveInput(lines=arrivals)


def _arrival(line: ReturnLine | None, entry: dict[str, Any], place: int) -> ArrivalInput:
    if line is None:
        message = "The return has no such line."
        pointer = f"/{RECEIVED}/receive_returns/{place}/uuid"
        raise NotFound(message, code="not_found", pointer=pointer)
    quantity: Decimal = entry["rma_receive_quantity"]
    return ArrivalInput(line, quantity=quantity, serial=entry.get("serial") or "")
