"""The few words that tests of this door need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sales.models import Invoice, InvoiceLine
from tests.compat.calling import Caller, body_of

RMAS = "return-merchandise-authorisations"
ONE = "return_merchandise_authorisation"
MANY = "return_merchandise_authorisations"
RECEIVED = "receive_return_merchandise_authorisation"


@dataclass
class Desk:
    """A caller and the invoice that it returns goods of."""

    caller: Caller
    invoice: Invoice

    def path(self, *steps: str, version: str = "/api/v3") -> str:
        return "/".join([version, "invoices", self.invoice.reference, RMAS, *steps])

    def line(self, sku: str = "TENT") -> InvoiceLine:
        return self.invoice.lines.get(part__sku=sku)

    def asks(self, *wanted: tuple[str, str], **header: Any) -> dict[str, Any]:
        """The body of a new return: SKUs and quantities."""
        lines = [(self.line(sku), quantity) for sku, quantity in wanted or (("TENT", "2"),)]
        returns = [
            {
                "rma_quantity": quantity,
                "item_uuid": str(line.part.uuid),
                "uuid": str(line.uuid),
            }
            for line, quantity in lines
        ]
        return {MANY: {**header, "returns": returns}}

    def ask(self, *wanted: tuple[str, str], **header: Any) -> dict[str, Any]:
        """A new return, as it is answered."""
        answer = self.caller.post(self.path(), self.asks(*wanted, **header))
        shown: dict[str, Any] = body_of(answer, 201)["invoice"][ONE]
        return shown

    def receive(self, rma: dict[str, Any], *came: str, **header: str) -> Any:
        """So much of the lines of a return arrives, in their order."""
        told = [
            {"rma_receive_quantity": quantity, "uuid": line["uuid"]}
            for line, quantity in zip(rma["returns"], came, strict=False)
        ]
        return self.caller.post(self.path(rma["id"], "receive"), arrival(*told), **header)


def arrival(*told: dict[str, Any]) -> dict[str, Any]:
    return {f"{RECEIVED}s": {"receive_returns": list(told)}}


def codes(answer: Any, status: int) -> dict[str | None, str]:
    """What a refusal in this system's envelope says: code by field, each with a message."""
    body = body_of(answer, status)
    assert sorted(body) == ["errors"], body
    assert all(sorted(error) == ["code", "field", "message"] for error in body["errors"])
    assert all(error["message"] for error in body["errors"])
    return {error["field"]: error["code"] for error in body["errors"]}
