"""The bodies of the documentation, and the few words that tests of this door need."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from returns.models import ReturnOrder
from sales.models import CreditNote, Refund, SalesOrder
from tests.api.caller import problem
from tests.compat.calling import Caller, body_of, same

PEG = {
    "grossUnitPrice": 5.00,
    "orderItemReference": 2,
    "quantity": 1.0,
    "vatAmount": 0.87,
    "vatPercent": 21,
    "vatType": "NORMAL",
}
TENT = {**PEG, "grossUnitPrice": 74.80, "orderItemReference": 1, "vatAmount": 12.98}
#: What of the set's discount no longer holds.
LOST = {**PEG, "grossUnitPrice": -2.00, "orderItemReference": 3, "vatAmount": -0.42}
BANK = {"accountOwner": "John Doe", "iban": "DE436345345344742", "bic": "BOFIIE2DXXX"}


@dataclass
class Shop:
    """A caller and the order that comes back."""

    caller: Caller
    order: SalesOrder

    @property
    def path(self) -> str:
        order = self.order
        parties = f"businesses/{order.business.code}/customers/{order.customer.reference}"
        return f"/accounting/v1/{parties}/orders/{order.reference}/returns"

    def body(self, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A return as the documentation tells it; without items the whole order."""
        told = {
            "invoiceReference": self.order.invoices.get().reference,
            "returnDate": "2024-08-28",
            "returnReason": "CUSTOMER_RETURN",
            "returnReference": "RETNL-440025011",
            **more,
        }
        return {**told, "items": list(items)} if items else told

    def book(self, *items: dict[str, Any], **more: Any) -> ReturnOrder:
        """A return as it was booked; the answer is the one that the documentation shows."""
        answer = body_of(self.caller.post(self.path, self.body(*items, **more)))
        known = same(answer, {"internalRequestId": "<uuid:id>"})
        return ReturnOrder.objects.get(uuid=known["id"])

    def code(self, body: Any, status: int, **headers: str) -> tuple[str, dict[str, str]]:
        """The code of a refusal, and the codes of its fields."""
        refusal = problem(self.caller.post(self.path, body, **headers), status)
        errors = {error["pointer"]: error["code"] for error in refusal.get("errors", ())}
        return refusal["code"], errors


def noted() -> list[tuple[str, Decimal, Decimal, Decimal]]:
    """The lines of the one credit note."""
    lines = CreditNote.objects.get().lines.order_by("number")
    return list(lines.values_list("kind", "net", "tax", "gross"))


def refunds() -> list[tuple[Any, ...]]:
    """What goes back, and to which account by its last four signs."""
    rows = Refund.objects.order_by("pk")
    return list(rows.values_list("state", "via", "amount", "bank_details__last4"))
