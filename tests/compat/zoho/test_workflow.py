"""A sales return from its creation to its credit, as a client of that system works it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
import urllib3

from returns.services import credit_return
from rmaproject.access.actors import SYSTEM
from sales.models import SalesOrder
from stock.models import StockItem
from tests.compat.calling import same
from tests.compat.zoho.client import ROOT, Zoho, encoded, item, order_of, sold
from tests.factories import goods, sell
from tests.returns.ruling import publish, rule
from tests.returns.steps import dispose

ENCODINGS = ["json", "form", "multipart"]
LINE = {
    "line_item_id": "<uuid:line>",
    "item_id": "<uuid:part>",
    "name": "TENT",
    "description": "",
    "unit": "pcs",
    "rate": 50,
    "salesorder_item_id": "<uuid:sold>",
    "quantity": 2,
    "non_receive_quantity": 1,
    "location_id": "<uuid:dock>",
    "location_name": "<text:dock_name>",
    "is_combo_product": False,
    "combo_type": "",
    "mapped_items": [],
}
RETURN = {
    "salesreturn_id": "<uuid:return>",
    "salesreturn_number": "RMA-00001",
    "date": "<date:today>",
    "reason": "Sample Note",
    "custom_fields": [],
    "line_items": [LINE],
    "location_id": "<uuid:dock>",
    "location_name": "<text:dock_name>",
    "salesreturn_status": "approved",
    "receive_status": "not_received",
    "refund_status": "",
    "salesorder_id": "<uuid:sale>",
    "salesorder_number": "SO-00032",
    "customer_id": "<uuid:bo>",
    "customer_name": "Bo Jansen",
    "salesreturnreceives": [],
    "creditnotes": [],
    "refunded_amount": 0,
}
CAME = {
    "line_item_id": "<uuid:line>",
    "item_id": "<uuid:part>",
    "name": "TENT",
    "description": "",
    "unit": "pcs",
    "quantity": 2,
    "is_combo_product": False,
    "combo_type": "",
    "mapped_items": [],
    "serial_numbers": [],
    "batches": [],
    "storages": [
        {
            "storage_id": "<uuid:dock>",
            "storage_name": "<text:dock_name>",
            "in_quantity": 2,
            "storage_in_id": "<uuid:came>",
            "serial_numbers": [],
        }
    ],
}
RECEIVE = {
    "receive_id": "<uuid:receive>",
    "receive_number": "RMA-00001-1",
    "date": "<date:today>",
    "notes": "Box was open",
    "line_items": [CAME],
}


def comment(number: int, what: str) -> dict[str, Any]:
    return {
        "comment_id": f"<text:comment{number}>",
        "salesreturn_id": "<uuid:return>",
        "commented_by": "ada",
        "comment_type": "system",
        "date": "<date:today>",
        "date_description": "few seconds ago",
        "time": "<text>",
        "operation_type": what,
        "transaction_id": "<uuid:return>",
        "transaction_type": "salesreturn",
    }


def answer(message: str, **salesreturn: Any) -> dict[str, Any]:
    return {"code": 0, "message": message, "salesreturn": salesreturn}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_return_is_made_received_taken_back_and_deleted(business, ada, sale, encoding):
    """Every answer as a whole; a comment for each of the client's operations."""
    zoho = Zoho(ada, encoding=encoding)

    made = zoho.create(
        sale,
        item(sale, "TENT", 2, non_receive_quantity=1),
        salesreturn_number="RMA-00001",
        reason="Sample Note",
    )
    known = same(
        made, answer("Return created successfully", **RETURN, comments=[comment(1, "Added")])
    )
    assert known["sold"] == str(sold(sale, "TENT").uuid)
    assert sold(sale, "TENT").claimed == 3
    ident, line = known["return"], known["line"]

    received = zoho.receive(ident, {"line_item_id": line, "quantity": 2}, notes="Box was open")
    parent = {"salesreturn_id": "<uuid:return>", "salesreturn_number": "RMA-00001"}
    expected = answer("Sales Return Receive Created Successfully", **RECEIVE, **parent)
    known = same(received, expected, known)

    shown = zoho.retrieve(ident)
    history = [comment(1, "Added"), comment(2, "Received")]
    here = {**RETURN, "receive_status": "received", "salesreturnreceives": [RECEIVE]}
    same(shown, answer("success", **here, comments=history), known)

    gone = zoho.unreceive(known["receive"])
    assert gone == {"code": 0, "message": "Sales Return Receive Deleted Successfully."}
    again = zoho.retrieve(ident)
    history += [comment(3, "Reverse receipt")]
    same(again, answer("success", **RETURN, comments=history), known)
    assert StockItem.objects.get(part__sku="TENT", state="held").quantity == 0

    assert zoho.remove(ident) == {"code": 0, "message": "The Sales Return has been deleted."}
    assert zoho.retrieve(ident, 404)["code"] == 1002
    assert sold(sale, "TENT").claimed == 0


def test_the_list_tells_each_return_in_short(zoho, sale):
    made = zoho.create(sale, item(sale, "TENT", 2, non_receive_quantity=1))

    shown = zoho.list()

    row = {
        "salesreturn_id": str(order_of(made).uuid),
        "salesreturn_number": "RMA-0001",
        "date": "<date>",
        "salesorder_id": str(sale.uuid),
        "salesorder_number": "SO-00032",
        "custom_fields": [],
        "customer_id": str(sale.customer.uuid),
        "customer_name": "Bo Jansen",
        "salesreturn_status": "approved",
        "receive_status": "not_received",
        "refund_status": "",
        "quantity": 3,
        "refunded_amount": 0,
    }
    context = {"page": 1, "per_page": 200, "has_more_page": False}
    expected = {"code": 0, "message": "success", "salesreturns": [row], "page_context": context}
    same(shown, expected)


def test_a_credit_note_that_we_booked_stands_in_the_answer(zoho, sale):
    made = zoho.create(sale, item(sale, "TENT", 2))
    order = order_of(made)
    line = made["salesreturn"]["line_items"][0]["line_item_id"]
    zoho.receive(str(order.uuid), {"line_item_id": line, "quantity": 2})
    dispose(order.lines.get())
    credit_return(order.pk, actor=SYSTEM)

    shown = zoho.retrieve(str(order.uuid))["salesreturn"]

    note = {
        "creditnote_id": "<uuid>",
        "creditnote_number": "<text>",
        "status": "open",
        "date": "<date>",
        "total": 100,
    }
    same(shown["creditnotes"], [note])
    assert shown["refund_status"] == ""


def test_rules_that_credit_what_is_accepted_on_receipt_do_so_for_these_clients_too(zoho, sale):
    flow = {"accept_on_receipt": True, "credit_on_accept": True, "complete_when_done": True}
    publish(sale.business, rule("flow", flow))
    made = zoho.create(sale, item(sale, "TENT", 1))["salesreturn"]
    line = made["line_items"][0]["line_item_id"]

    zoho.receive(made["salesreturn_id"], {"line_item_id": line, "quantity": 1})

    shown = zoho.retrieve(made["salesreturn_id"])["salesreturn"]
    assert [note["total"] for note in shown["creditnotes"]] == [50]
    assert shown["salesreturn_status"] == "closed"
    assert [row["operation_type"] for row in shown["comments"]] == ["Added", "Received"]


def test_a_credit_note_that_was_taken_back_is_void(zoho, sale):
    made = zoho.create(sale, item(sale, "TENT", 1))["salesreturn"]
    line = made["line_items"][0]["line_item_id"]
    came = zoho.receive(made["salesreturn_id"], {"line_item_id": line, "quantity": 1})
    rma_line = sold(sale, "TENT").return_lines.get()
    dispose(rma_line)
    credit_return(rma_line.return_order_id, actor=SYSTEM)

    zoho.unreceive(came["salesreturn"]["receive_id"])

    shown = zoho.retrieve(made["salesreturn_id"])["salesreturn"]
    assert [note["status"] for note in shown["creditnotes"]] == ["void"]
    assert shown["receive_status"] == "not_received"


@pytest.mark.django_db(transaction=True)
def test_a_client_over_the_wire(live_server, business, bo, ada):
    """By a real HTTP connection, in both encodings of a body."""
    sale: SalesOrder = sell(business, bo, goods("TENT", "3", "50.00"))
    token = Zoho(ada).headers["Authorization"]
    pool = urllib3.PoolManager(headers={"Authorization": token}, retries=False)

    def ask(method: str, path: str, body: Any = None, encoding: str = "json", **query: str) -> Any:
        address = f"{live_server.url}{ROOT}{path}?{urlencode({'organization_id': '1000', **query})}"
        kind, raw = encoded(body, encoding) if body is not None else ("", None)
        headers = {"Authorization": token, **({"Content-Type": kind} if kind else {})}
        answer = pool.request(method, address, body=raw, headers=headers)
        return answer.status, json.loads(answer.data)

    lines = {"line_items": [item(sale, "TENT", 2)]}
    status, made = ask("POST", "/salesreturns/", lines, "form", salesorder_id=str(sale.uuid))
    assert (status, made["code"]) == (201, 0)
    ident = made["salesreturn"]["salesreturn_id"]
    line = made["salesreturn"]["line_items"][0]["line_item_id"]
    came = {"line_items": [{"line_item_id": line, "quantity": 1}]}
    assert ask("POST", "/salesreturnreceives", came, salesreturn_id=ident)[0] == 201
    lines["line_items"][0] |= {"line_item_id": line, "quantity": 1}
    status, now = ask("PUT", f"/salesreturns/{ident}", lines, "form")
    assert (status, now["salesreturn"]["receive_status"]) == (200, "received")
    status, refused = ask("DELETE", f"/salesreturns/{ident}/")
    assert (status, refused["error"]) == (409, "goods_received")
    receive = now["salesreturn"]["salesreturnreceives"][0]["receive_id"]
    assert ask("DELETE", f"/salesreturnreceives/{receive}")[0] == 200
    assert ask("DELETE", f"/salesreturns/{ident}")[0] == 200
    assert ask("GET", "/salesreturns")[1]["salesreturns"] == []
