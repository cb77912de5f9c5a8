"""An HTTP client as those that are written for that system, in its encodings."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

from returns.models import ReturnOrder
from sales.models import OrderLine, SalesOrder
from tests.compat.calling import Caller, body_of
from tests.compat.zoho.contract import require_valid

ROOT = "/inventory/v1"


class Zoho(Caller):
    """Somebody with a token; every answer is held against the contract.

    `encoding` is `json`, `form` or `multipart`.
    """

    def __init__(self, who: Any = None, *, organization: str = "1000", encoding: str = "json"):
        super().__init__(who, scheme="Zoho-oauthtoken")
        self.organization, self.encoding = organization, encoding

    def ask(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """A request to an address below the root; the answer as it came."""
        query = {"organization_id": self.organization, **query}
        headers = {name: query.pop(name) for name in list(query) if name[0].isupper()}
        address = f"{ROOT}{path}?{urlencode(query)}"
        if body is None:
            return self.call(method, address, **headers)
        kind, raw = encoded(body, self.encoding)
        return self.raw(method, address, raw, kind, **headers)

    def create(self, sale: SalesOrder, *items: Any, status: int = 201, **more: Any) -> Any:
        body = {"line_items": list(items), **more}
        answer = self.ask("POST", "/salesreturns", body, salesorder_id=str(sale.uuid))
        return require_valid("create_sales_return", body_of(answer, status))

    def update(self, ident: str, *items: Any, status: int = 200, **more: Any) -> Any:
        answer = self.ask("PUT", f"/salesreturns/{ident}", {"line_items": list(items), **more})
        return require_valid("update_sales_return", body_of(answer, status))

    def retrieve(self, ident: str, status: int = 200) -> Any:
        answer = self.ask("GET", f"/salesreturns/{ident}")
        return require_valid("get_sales_return", body_of(answer, status))

    def list(self, **query: str) -> Any:
        answer = body_of(self.ask("GET", "/salesreturns", **query))
        return require_valid("list_sales_returns", answer)

    def remove(self, ident: str, status: int = 200) -> Any:
        answer = self.ask("DELETE", f"/salesreturns/{ident}")
        return require_valid("delete_sales_return", body_of(answer, status))

    def receive(self, ident: str, *items: Any, status: int = 201, **more: Any) -> Any:
        body = {"line_items": list(items), **more}
        answer = self.ask("POST", "/salesreturnreceives", body, salesreturn_id=ident)
        return require_valid("create_sales_return_receive", body_of(answer, status))

    def unreceive(self, ident: str, status: int = 200) -> Any:
        answer = self.ask("DELETE", f"/salesreturnreceives/{ident}")
        return require_valid("delete_sales_return_receive", body_of(answer, status))


def encoded(body: Any, encoding: str) -> tuple[str, bytes]:
    """A body in one of the encodings, with its content type."""
    text = json.dumps(body)
    if encoding == "form":
        return "application/x-www-form-urlencoded", f"JSONString={quote(text)}".encode()
    if encoding == "multipart":
        head = 'Content-Disposition: form-data; name="JSONString"'
        part = f"--edge\r\n{head}\r\n\r\n{text}\r\n--edge--\r\n"
        return "multipart/form-data; boundary=edge", part.encode()
    return "application/json", text.encode()


def sold(sale: SalesOrder, sku: str) -> OrderLine:
    return OrderLine.objects.select_related("part").get(order=sale, part__sku=sku)


def item(sale: SalesOrder, sku: str, quantity: float = 1, **more: Any) -> dict[str, Any]:
    """An item of a body that names a sold line."""
    line = sold(sale, sku)
    found = {"salesorder_item_id": str(line.uuid), "quantity": quantity}
    return {"item_id": str(line.part.uuid if line.part else ""), **found, **more}


def order_of(answer: Any) -> ReturnOrder:
    return ReturnOrder.objects.get(uuid=answer["salesreturn"]["salesreturn_id"])


def refused(answer: Any, status: int, code: int) -> dict[str, Any]:
    """The body of a refusal with this status and this number."""
    body: dict[str, Any] = body_of(answer, status)
    require_valid("any", body)
    assert body["code"] == code, body
    return body
