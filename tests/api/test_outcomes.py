"""Every outcome over REST, from the request to a complete return; books and stock to the cent."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from returns.models import ReturnOrder
from sales.models import Account, CreditNote, Invoice, LedgerLine, OrderLine, SalesOrder
from stock.models import Movement, StockItem
from tests.api.caller import Caller, problem
from tests.factories import PartFactory, goods, sell
from tests.returns.outcomes import ship_all


class Desk:
    """A return over REST, step by step; each answer is the return as it then stands."""

    def __init__(self, api: Caller, sale: SalesOrder, *lines: dict[str, Any]) -> None:
        self.api = api
        body = {
            "business": sale.business.code,
            "customer": sale.customer.reference,
            "lines": list(lines),
        }
        made = api.post("/returns/", body)
        assert made.status_code == 201, made.content
        self.order = ReturnOrder.objects.get(uuid=made.json()["id"])
        self.do("issue")

    def do(self, verb: str, body: Any = None) -> dict[str, Any]:
        answer = self.api.verb(self.order, verb, body)
        assert answer.status_code == 200, answer.content
        return dict(answer.json())

    def line(self, number: int = 1) -> dict[str, Any]:
        shown = self.api.get(f"/returns/{self.order.uuid}/").json()
        return dict(shown["lines"][number - 1])

    def receive(self, quantity: str = "1", *, line: int = 1, **more: Any) -> None:
        self.do("receive", {"lines": [{"line": line, "quantity": quantity, **more}]})

    def finish(self) -> dict[str, Any]:
        """Complete it; the books must be sound."""
        done = self.do("complete")
        assert done["status"] == "complete"
        sound()
        return done


def sound() -> None:
    out = StringIO()
    call_command("verify", stdout=out)
    assert out.getvalue().endswith("All well.\n"), out.getvalue()


def sold(order: SalesOrder, quantity: str = "1", number: int = 1, **more: Any) -> dict[str, Any]:
    return {"order_line": str(order.lines.get(number=number).uuid), "quantity": quantity, **more}


def stock() -> dict[tuple[str, str], str]:
    rows = StockItem.objects.filter(serial=None, quantity__gt=0).select_related("part")
    return {(row.part.sku, row.state): f"{row.quantity:.0f}" for row in rows}


def ledger() -> dict[str, str]:
    sums: dict[str, Any] = {}
    for row in LedgerLine.objects.all():
        sums[row.ledger] = sums.get(row.ledger, 0) + row.amount
    return {name: f"{total:.2f}" for name, total in sorted(sums.items()) if total}


@pytest.fixture
def tents(business: Any, bo: Any) -> SalesOrder:
    return sell(business, bo, goods("TENT", "3", "50.00"))


def test_a_refund(api, tents):
    desk = Desk(api, tents, sold(tents))
    assert desk.line()["outcome"] == "refund"
    desk.receive(disposition="restock")

    desk.do("credit")

    done = desk.finish()
    assert (done["goods"], done["outbound"]) == ("received", [])
    assert done["lines"][0]["credited"] == "1"
    assert CreditNote.objects.get().gross == 50
    assert stock() == {("TENT", "available"): "1"}
    assert ledger() == {
        "cash": "150.00",
        "receivable": "-50.00",
        "revenue": "-82.65",
        "tax": "-17.35",
    }


def test_store_credit_is_credited_too(api, tents):
    desk = Desk(api, tents, sold(tents, outcome="store_credit"))
    desk.receive(disposition="restock")

    desk.do("credit")

    done = desk.finish()
    assert done["lines"][0]["outcome"] == "store_credit"
    assert CreditNote.objects.get().gross == 50
    assert Account.objects.get().balance == -50


def test_a_replacement_after_receipt(api, tents):
    desk = Desk(api, tents, sold(tents, outcome="replacement"))
    desk.receive(disposition="quarantine")
    assert not desk.order.credit_owed

    shown = desk.do("replace", {"lines": [{"line": 1, "quantity": "1"}]})

    (outbound,) = shown["outbound"]
    order = api.get(f"/sales-orders/{outbound['sales_order']['id']}/").json()
    assert order["return_order"] == str(desk.order.uuid)
    assert (order["status"], order["gross"]) == ("in_progress", "0.00")
    assert (order["lines"][0]["id"], order["lines"][0]["sku"]) == (outbound["order_line"], "TENT")
    assert (outbound["kind"], outbound["quantity"], outbound["ended"]) == ("replacement", "1", "0")
    ship_all(SalesOrder.objects.get(uuid=order["id"]))
    done = desk.finish()
    assert done["lines"][0]["replaced"] == "1"
    assert stock() == {("TENT", "quarantined"): "1"}
    assert OrderLine.objects.get(order=tents).claimed == 1
    found = api.get(f"/returns/?sales_order={order['reference']}").json()["results"]
    assert [row["id"] for row in found] == [str(desk.order.uuid)]


def test_a_replacement_in_advance(api, tents):
    desk = Desk(api, tents, sold(tents, outcome="replacement"))
    wanted = {"lines": [{"line": 1, "quantity": "1"}], "in_advance": True}
    shown = desk.do("replace", wanted)
    ship_all(SalesOrder.objects.get(reference=shown["outbound"][0]["sales_order"]["reference"]))
    assert problem(api.verb(desk.order, "cancel"), 409)["code"] == "replacement_shipped"

    desk.receive(disposition="restock")

    line = desk.finish()["lines"][0]
    assert (line["accepted"], line["replaced"], line["credited"]) == ("1", "1", "0")
    assert ledger() == {"cash": "150.00", "revenue": "-123.97", "tax": "-26.03"}


def test_a_replacement_in_advance_without_its_goods_is_charged(api, tents):
    desk = Desk(api, tents, sold(tents, outcome="replacement"))
    wanted = {"lines": [{"line": 1, "quantity": "1"}], "in_advance": True}
    shown = desk.do("replace", wanted)
    ship_all(SalesOrder.objects.get(reference=shown["outbound"][0]["sales_order"]["reference"]))
    refused = problem(api.verb(desk.order, "charge"), 422)
    assert (refused["code"], refused["facts"]["deadline"]) == ("reason_required", None)

    done = desk.do("charge", {"reason": "Nothing came in three weeks."})

    assert (done["status"], done["goods"]) == ("complete", "none")
    assert (done["lines"][0]["released"], done["lines"][0]["replaced"]) == ("1", "0")
    assert done["outbound"][0]["ended"] == "1"
    assert Account.objects.get().balance == 50
    assert ledger() == {
        "cash": "150.00",
        "receivable": "50.00",
        "revenue": "-165.29",
        "tax": "-34.71",
    }
    sound()


def test_a_dearer_replacement(api, tents):
    PartFactory(sku="TENT-4")
    desk = Desk(api, tents, sold(tents, outcome="replacement"))
    desk.receive(disposition="restock")
    entry = {"line": 1, "quantity": "1", "part": "TENT-4", "price_difference": "20.00"}

    shown = desk.do("replace", {"lines": [entry]})

    made = SalesOrder.objects.get(reference=shown["outbound"][0]["sales_order"]["reference"])
    ship_all(made)
    invoiced = api.post(
        f"/sales-orders/{made.uuid}/invoice/",
        {},
        If_Match=f'"{SalesOrder.objects.get(pk=made.pk).version}"',
    )
    assert invoiced.status_code in (200, 201), invoiced.content
    desk.finish()
    assert Invoice.objects.get(order=made).gross == 20
    assert Account.objects.get().balance == 20


def test_a_cheaper_replacement(api, tents):
    PartFactory(sku="TENT-1")
    desk = Desk(api, tents, sold(tents, outcome="replacement"))
    desk.receive(disposition="restock")
    entry = {"line": 1, "quantity": "1", "part": "TENT-1", "price_difference": "-15.00"}
    shown = desk.do("replace", {"lines": [entry]})
    assert (shown["credit_owed"], shown["extra_lines"][0]["gross"]) == (True, "15.00")

    desk.do("credit")

    desk.finish()
    assert Account.objects.get().balance == -15


def test_a_repair_that_goes_back(api, business, bo):
    sale = sell(business, bo, goods("BIKE", "1", "900.00", serials=("B-1",)))
    desk = Desk(api, sale, {"stock_item": "B-1", "outcome": "repair"})
    desk.receive()
    told = {
        "lines": [{"line": 1, "quantity": "1", "repaired": True}],
        "carrier": "DHL",
        "tracking_number": "JD01",
    }

    shown = desk.do("send-back", told)

    (outbound,) = shown["outbound"]
    assert (outbound["serial"], outbound["repaired"]) == ("B-1", True)
    assert (outbound["carrier"], outbound["tracking_number"]) == ("DHL", "JD01")
    done = desk.finish()
    assert {name: done["lines"][0][name] for name in ("accepted", "repaired", "sent_back")} == {
        "accepted": "1",
        "repaired": "1",
        "sent_back": "1",
    }
    unit = StockItem.objects.get(serial="B-1")
    assert (unit.state, unit.holder) == ("sold", bo)
    assert ledger() == {"cash": "900.00", "revenue": "-743.80", "tax": "-156.20"}
    found = api.get("/returns/?search=JD01").json()["results"]
    assert [row["id"] for row in found] == [str(desk.order.uuid)]


def test_rejected_and_sent_back(api, tents):
    desk = Desk(api, tents, sold(tents, "2"))
    desk.receive("2")

    desk.do("send-back", {"lines": [{"line": 1, "quantity": "2"}]})

    line = desk.finish()["lines"][0]
    assert (line["rejected"], line["sent_back"], line["credited"]) == ("2", "2", "0")
    assert stock() == {}
    assert OrderLine.objects.get().claimed == 0
    assert Movement.objects.filter(cause="send_back").get().quantity == 2


def test_nothing(api, tents):
    desk = Desk(api, tents, sold(tents, outcome="nothing"))
    desk.receive(disposition="scrap")

    done = desk.finish()

    assert (done["money"], done["credit_owed"]) == ("none", False)
    assert ledger() == {"cash": "150.00", "revenue": "-123.97", "tax": "-26.03"}


def test_one_return_with_every_outcome(api, business, bo):
    sale = sell(
        business,
        bo,
        goods("TENT", "4", "50.00"),
        goods("STOVE", "3", "30.00"),
        goods("BIKE", "1", "900.00", serials=("B-1",)),
    )
    desk = Desk(
        api,
        sale,
        sold(sale, outcome="refund"),
        sold(sale, outcome="store_credit"),
        sold(sale, outcome="replacement"),
        sold(sale, outcome="replacement"),
        {"stock_item": "B-1", "outcome": "repair"},
        sold(sale, number=2, outcome="sent_back"),
        sold(sale, number=2, outcome="nothing"),
    )
    early = {"lines": [{"line": 4, "quantity": "1"}], "in_advance": True}
    desk.do("replace", early)
    for line in (1, 2, 3, 4, 7):
        desk.receive(line=line, disposition="restock")
    for line in (5, 6):
        desk.receive(line=line)
    later = desk.do("replace", {"lines": [{"line": 3, "quantity": "1"}]})
    for row in later["outbound"]:
        ship_all(SalesOrder.objects.get(uuid=row["sales_order"]["id"]))
    desk.do(
        "send-back",
        {
            "lines": [
                {"line": 5, "quantity": "1", "repaired": True},
                {"line": 6, "quantity": "1"},
            ]
        },
    )

    desk.do("credit")

    done = desk.finish()
    answers = [
        next(name for name in ("credited", "replaced", "repaired", "rejected", "accepted") if
             line[name] != "0")
        for line in done["lines"]
    ]  # fmt: skip
    assert answers == [
        "credited",
        "credited",
        "replaced",
        "replaced",
        "repaired",
        "rejected",
        "accepted",
    ]
    assert stock() == {("TENT", "available"): "4", ("STOVE", "available"): "1"}
    claimed = sale.lines.order_by("number").values_list("claimed", flat=True)
    assert list(claimed) == [4, 1, 0]
    assert sum(note.gross for note in CreditNote.objects.all()) == 100
    assert Account.objects.get().balance == -100
    assert len(done["outbound"]) == 4


def test_the_outcome_of_a_line_is_changed_and_filtered(api, tents):
    desk = Desk(api, tents, sold(tents))
    line = desk.line()

    changed = api.patch(
        f"/returns/{desk.order.uuid}/lines/{line['id']}/",
        {"outcome": "repair"},
        If_Match=f'"{ReturnOrder.objects.get().version}"',
    )

    assert changed.json()["outcome"] == "repair"
    assert len(api.get("/returns/?outcome=repair").json()["results"]) == 1
    assert api.get("/returns/?outcome=refund").json()["results"] == []


def test_an_unknown_outcome_is_malformed(api, tents):
    body = {"business": "1000", "customer": "BO", "lines": [sold(tents, outcome="applause")]}

    refused = problem(api.post("/returns/", body), 400)

    assert refused["errors"][0]["pointer"] == "/lines/0/outcome"


def test_a_charge_names_extra_lines_by_number(api, tents):
    desk = Desk(api, tents, sold(tents))
    extra = {"kind": "fee", "name": "Postage", "gross_unit_price": "-7.00", "vat_percent": "21"}
    assert api.post(f"/returns/{desk.order.uuid}/extra-lines/", extra).status_code == 201

    shown = desk.do("charge", {"extra_lines": [1]})

    assert shown["extra_lines"][0]["credited"]
    assert Invoice.objects.get(order=None).gross == 7
