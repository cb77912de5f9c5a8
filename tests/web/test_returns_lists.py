"""Lists of returns: queues, search, pages, and a cost that does not grow with the rows."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from returns.services import (
    ArrivalInput,
    ReceiveInput,
    receive_return,
    request_return,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.web.lists import paged
from tests.factories import (
    BusinessFactory,
    UserFactory,
    ask_return,
    goods,
    sell,
)
from tests.web.browser import queries_of, text_of


def test_the_queues_hold_what_belongs_to_them(clerk, tents, business, bo):
    pending = ask_return(tents)
    coming = ask_return(sell(business, bo, goods("BAG")), issued=True)
    here = ask_return(sell(business, bo, goods("MAP")), issued=True)
    receive_return(here.pk, ReceiveInput(lines=[ArrivalInput(here.lines.get())]), actor=SYSTEM)
    queues = {"": 3, "review": 1, "receive": 1, "inspect": 1, "refund": 0, "hold": 0, "closed": 0}

    for queue, size in queues.items():
        shown = clerk.get("/returns/", {"queue": queue})
        assert len(shown.context["returns"]) == size, queue
    counts = {row["label"]: row["count"] for row in clerk.get("/returns/").context["tabs"]}
    assert counts["Needs review"] == "1"
    assert counts["Inspect"] == "1"
    dock = clerk.get("/returns/receive/")
    assert [row["reference"] for row in dock.context["returns"]] == [coming.reference]
    assert pending.reference not in text_of(dock)


def test_a_return_is_found_by_reference_customer_and_tracking_number(clerk, tents):
    order = ask_return(tents, issued=True)
    clerk.post(f"/returns/{order.uuid}/parcels/", {"tracking_number": "3SABC"})

    for query in (order.reference.lower(), "jansen", "BO", "3sab"):
        shown = clerk.get("/returns/", {"q": query})
        assert len(shown.context["returns"]) == 1, query
    assert not clerk.get("/returns/", {"q": "nobody"}).context["returns"]
    assert clerk.get("/returns/", {"customer": str(order.customer.uuid)}).context["returns"]


def test_a_list_is_open_without_the_sight_of_customers_but_not_its_filter(client, tents, roles):
    order = ask_return(tents)
    Group.objects.get(name="Viewer").permissions.remove(
        Permission.objects.get(codename="view_company")
    )
    client.force_login(UserFactory(username="vi", roles=["Viewer"]))

    for path in ("/returns/", "/returns/?q=jansen", "/sales/", "/sales/?q=jansen"):
        assert order.customer.name in text_of(client.get(path)), path
    for path in ("/returns/", "/sales/"):
        narrowed = client.get(path, {"customer": str(order.customer.uuid)})
        assert narrowed.status_code == 403, path


def test_the_list_turns_its_pages_without_gap_or_repeat(clerk, business, bo, monkeypatch):
    monkeypatch.setitem(paged.__kwdefaults__, "size", 2)
    made = [
        request_return(business=business, customer=bo, actor=SYSTEM).reference for _ in range(5)
    ]

    first = clerk.get("/returns/")
    second = clerk.get(first.context["page"]["next_url"])
    third = clerk.get(second.context["page"]["next_url"])
    again = clerk.get(third.context["page"]["previous_url"])

    pages = [
        [row["reference"] for row in shown.context["returns"]] for shown in (first, second, third)
    ]
    assert [*pages[0], *pages[1], *pages[2]] == made[::-1]
    assert [row["reference"] for row in again.context["returns"]] == pages[1]
    assert not third.context["page"]["next_url"]
    assert not first.context["page"]["previous_url"]


def test_the_list_costs_the_same_for_one_return_and_for_twelve(clerk, tents, business, bo):
    ask_return(tents, issued=True)
    one = queries_of(clerk, "/returns/")
    for number in range(11):
        ask_return(sell(business, bo, goods(f"BAG-{number}")), issued=True)

    assert queries_of(clerk, "/returns/") == one
    assert one <= 24


def test_the_page_of_a_return_costs_the_same_for_one_line_and_for_twelve(clerk, business, bo):
    small = sell(business, bo, goods("BAG"))
    large = sell(business, bo, *(goods(f"BAG-{number}") for number in range(12)))
    costs = []
    for sale in (small, large):
        order = ask_return(sale, issued=True)
        arrivals = [ArrivalInput(line) for line in order.lines.all()]
        receive_return(order.pk, ReceiveInput(lines=arrivals), actor=SYSTEM)
        urls = ("", "receive/", "dispose/", "edit/")
        costs.append([queries_of(clerk, f"/returns/{order.uuid}/{url}") for url in urls])

    assert costs[0] == costs[1]
    assert max(costs[0]) <= 38


def test_the_request_form_costs_the_same_for_one_sale_and_for_twelve(clerk, business, bo):
    sell(business, bo, goods("BAG"))
    url = f"/returns/new/?customer={bo.uuid}"
    one = queries_of(clerk, url)
    for number in range(11):
        sell(business, bo, goods(f"BAG-{number}"))

    assert queries_of(clerk, url) == one


def test_the_lists_lead_to_an_address_for_their_calendar(clerk, business):
    returns, orders = text_of(clerk.get("/returns/")), text_of(clerk.get("/sales/"))

    assert 'href="/settings/calendars/subscribe/?contents=return_order&amp;next=' in returns
    assert 'href="/settings/calendars/subscribe/?contents=sales_order&amp;next=' in orders


def test_the_business_is_named_when_a_page_holds_more_than_one(clerk, tents, bo):
    ask_return(tents)
    alone = text_of(clerk.get("/returns/"))
    ask_return(sell(BusinessFactory(name="Heron UK"), bo, goods("BAG")))

    both = text_of(clerk.get("/returns/"))

    assert "Business</th>" not in alone
    assert "Business</th>" in both
    assert "Heron UK</td>" in both
