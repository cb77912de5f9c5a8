"""One box finds anything, and nothing that its user may not see."""

from __future__ import annotations

from sales.models import SalesOrder
from stock.models import StockItem
from tests.factories import PartFactory, UserFactory, ask_return, goods, sell


def found(client, query):
    groups = client.get("/search/", {"q": query}).context["groups"]
    return {group["label"]: [hit.title for hit in group["hits"]] for group in groups}


def test_all_kinds_are_found_by_a_part_of_their_name(clerk, business, bo):
    sale = sell(business, bo, goods("JAN-1", serials=("JAN-77",)), reference="JAN-ORDER")
    ask_return(sale)

    assert found(clerk, "jan-") == {
        "Sales orders": ["JAN-ORDER"],
        "Parts": ["JAN-1"],
        "Units": ["JAN-77"],
    }
    assert found(clerk, "jansen") == {"Companies": ["BO"]}
    assert found(clerk, "inv-") == {"Invoices": ["INV-00001"]}
    assert found(clerk, "rma-0")["Returns"] == ["RMA-0001"]


def test_an_exact_reference_opens_the_record_at_once(clerk, business, bo):
    order = ask_return(sell(business, bo, goods("TENT")))

    answer = clerk.get("/search/", {"q": "rma-0001"})

    assert answer.status_code == 302
    assert answer.url == f"/returns/{order.uuid}/"


def test_nothing_found_says_so_and_no_text_finds_nothing(clerk, business):
    PartFactory(sku="TENT")

    assert "Nothing found" in clerk.get("/search/", {"q": "zeppelin"}).content.decode()
    assert found(clerk, "") == {}
    assert found(clerk, "\x00") == {}
    assert found(clerk, "%") == {}


def test_what_may_not_be_seen_is_not_found(client, roles, business, bo):
    ask_return(sell(business, bo, goods("TENT"), reference="SALE-1"))
    client.force_login(UserFactory(username="cy"))

    assert found(client, "sale") == found(client, "bo") == found(client, "tent") == {}
    assert found(client, "RMA") == {}


def test_an_order_is_found_by_the_number_of_its_parcel_and_the_customers_own(clerk, business, bo):
    sale = sell(business, bo, goods("TENT"), reference="SALE-1")
    SalesOrder.objects.filter(pk=sale.pk).update(customer_reference="PO-4711")
    sale.shipments.update(tracking_number="00340434")

    assert found(clerk, "0034043")["Sales orders"] == ["SALE-1"]
    assert found(clerk, "po-47")["Sales orders"] == ["SALE-1"]


def test_a_serial_number_opens_its_unit(clerk, business, bo):
    sell(business, bo, goods("JAN-1", serials=("JAN-77",)))
    unit = StockItem.objects.get(serial="JAN-77")

    assert clerk.get("/search/", {"q": "jan-77"}).url == f"/stock/items/{unit.uuid}/"
