"""One record of every kind, so that every address can be called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group

from customers.models import Company
from customers.services import save_address, save_contact
from returns.models import Disposition, Reason
from returns.services import (
    ArrivalInput,
    ReceiveInput,
    add_comment,
    add_extra_line,
    add_parcel,
    credit_return,
    receive_return,
)
from returns.services.policies import create_policy
from rmaproject.access.actors import SYSTEM
from sales.models import Allocation, Business, CreditNote, Invoice, Payment, Shipment
from stock.models import Location, Movement, Part, StockItem
from tests.factories import ask_return, goods, sell


@dataclass(frozen=True)
class World:
    """Records by the word before them in an address; `above/below` where the word is not enough.

    Pages and API name some of them by different words.
    """

    records: dict[str, Any]

    def address(self, template: str) -> str:
        """The template with the ids of real records."""
        path, above, before = "", "", ""
        for step in re.findall(r"[^/]*/?", template.replace("{anything}", "nowhere")):
            word = step.rstrip("/")
            if word.startswith("{"):
                record = self.records.get(f"{above}/{before}") or self.records[before]
                path += step.replace(word, str(getattr(record, "uuid", record.pk)))
                above = before
            else:
                path += step
                before = word or before
        return path


def make_world(business: Business, customer: Company) -> World:
    """A sale, its return in the middle of its life, and all that belongs to them."""
    order = sell(business, customer, goods("UNIT", "1", serials=("S-1",)))
    rma = ask_return(order, issued=True)
    line = rma.lines.get()
    extra = {"kind": "fee", "name": "Restocking", "gross_unit_price": -1, "quantity": 1}
    add_extra_line(rma.pk, {**extra}, actor=SYSTEM)
    parcel = add_parcel(rma.pk, {}, actor=SYSTEM)
    comment = add_comment(rma.pk, "Hello", actor=SYSTEM)
    restock = Disposition.objects.get(code="restock")
    arrival = ArrivalInput(line, serial="S-1", disposition=restock)
    receipt = receive_return(rma.pk, ReceiveInput(lines=[arrival]), actor=SYSTEM)
    credit_return(rma.pk, actor=SYSTEM)
    add_extra_line(rma.pk, {**extra, "name": "Postage", "gross_unit_price": 1}, actor=SYSTEM)
    return World(
        {
            "companies": customer,
            "customers": customer,
            "contacts": save_contact(customer.pk, {"name": "Bo"}, actor=SYSTEM),
            "addresses": save_address(customer.pk, {"line1": "Oude Delft 1"}, actor=SYSTEM),
            "parts": Part.objects.get(),
            "locations": Location.objects.first(),
            "stock-items": StockItem.objects.get(),
            "items": StockItem.objects.get(),
            "stock-movements": Movement.objects.first(),
            "businesses": business,
            "sales-orders": order,
            "sales-orders/lines": order.lines.get(),
            "sales": order,
            "sales/lines": order.lines.get(),
            "shipments": Shipment.objects.get(),
            "allocations": Allocation.objects.get(),
            "invoices": Invoice.objects.get(),
            "payments": Payment.objects.get(),
            "credit-notes": CreditNote.objects.get(),
            "returns": rma,
            "returns/lines": line,
            "extra-lines": rma.extra_lines.last(),
            "extra": rma.extra_lines.last(),
            "parcels": parcel,
            "comments": comment,
            "receipts": receipt,
            "policies": create_policy(business, actor=SYSTEM),
            "reasons": Reason.objects.first(),
            "dispositions": restock,
            "roles": Group.objects.create(name="Helpers"),
        }
    )
