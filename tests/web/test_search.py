"""One box finds anything, and nothing that its user may not see."""

from __future__ import annotations

from returns.services import (
    ArrivalInput,
    Consignment,
    ReceiveInput,
    SendBackInput,
    receive_return,
    send_back_return,
)
from rmaproject.access.actors import SYSTEM
from sales.models import SalesOrder
from sales.services.bank_files import make_bank_file
from sales.services.banking import keep_bank_details
from stock.models import StockItem
from tests.factories import PartFactory, UserFactory, ask_return, goods, sell
from tests.refunds.money import IBAN, OTHER_IBAN, account, bank_of, ready


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


def test_a_return_is_found_by_the_number_of_what_went_back(clerk, business, bo):
    rma = ask_return(sell(business, bo, goods("TENT"), reference="SALE-1"), issued=True)
    line = rma.lines.get()
    receive_return(rma.pk, ReceiveInput(lines=[ArrivalInput(line)]), actor=SYSTEM)
    send_back_return(rma.pk, [SendBackInput(line)], Consignment("Post", "3SBACK99"), actor=SYSTEM)

    assert found(clerk, "3sback")["Returns"] == ["RMA-0001"]
    assert clerk.get("/search/", {"q": "3sback99"}).url == f"/returns/{rma.uuid}/"


def test_refunds_and_bank_files_are_found_by_number_and_never_by_account(clerk, business, bo):
    bank_of(bo)
    keep_bank_details(account(OTHER_IBAN, "Tents & Co"), business=business, actor=SYSTEM)
    refund = ready(business, bo, gateway="")
    file = make_bank_file(business, [refund.pk], actor=SYSTEM)

    assert found(clerk, refund.reference[:5])["Refunds"] == [refund.reference]
    assert found(clerk, file.reference[:5])["Bank files"] == [file.reference]
    assert clerk.get("/search/", {"q": refund.reference}).url == f"/refunds/{refund.uuid}/"
    for told in (IBAN, IBAN[-4:], OTHER_IBAN[-4:]):
        assert {"Refunds", "Bank files"}.isdisjoint(found(clerk, told))


def test_a_serial_number_opens_its_unit(clerk, business, bo):
    sell(business, bo, goods("JAN-1", serials=("JAN-77",)))
    unit = StockItem.objects.get(serial="JAN-77")

    assert clerk.get("/search/", {"q": "jan-77"}).url == f"/stock/items/{unit.uuid}/"
