"""Lists: sorted pages that stay stable, counts by right, and the one record that is named."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection

from returns.models import ReturnOrder
from returns.services import LineInput, credit_return, request_return, reverse_credit
from rmaproject.access.actors import SYSTEM
from rmaproject.web.lists import paged
from stock.models import StockItem
from tests.factories import UserFactory, ask_return, goods, sell
from tests.returns.steps import decided
from tests.web.browser import queries_of, text_of

DAY = date(2026, 3, 9)
PRICES = (("TENT", "50.00"), ("BAG", "20.00"))


@pytest.fixture
def clerk(client, ada):
    client.force_login(ada.user)
    return client


def pages_of(client, url):
    """The references of each page, from the first to the last."""
    pages = []
    while url:
        shown = client.get(url)
        pages.append([row["reference"] for row in shown.context["returns"]])
        url = shown.context["page"]["next_url"]
    return pages


@pytest.mark.parametrize("sort", ["target_date", "-target_date", "reference", "-customer"])
def test_sorted_pages_hold_every_row_once(clerk, business, bo, monkeypatch, sort):
    monkeypatch.setitem(paged.__kwdefaults__, "size", 2)
    days = [None, DAY, DAY, DAY + timedelta(1), None]
    made = []
    for day in days:
        row = request_return(business=business, customer=bo, actor=SYSTEM)
        ReturnOrder.objects.filter(pk=row.pk).update(target_date=day)
        made.append((day, row.reference))

    pages = pages_of(clerk, f"/returns/?sort={sort}")

    seen = [reference for page in pages for reference in page]
    assert sorted(seen) == sorted(reference for _, reference in made)
    assert [len(page) for page in pages] == [2, 2, 1]
    if sort == "target_date":
        assert seen[:3] == [made[1][1], made[2][1], made[3][1]]


def test_returns_are_sorted_by_what_was_credited(clerk, business, bo, monkeypatch):
    monkeypatch.setitem(paged.__kwdefaults__, "size", 1)
    most, least = (decided(sell(business, bo, goods(sku, "1", price))) for sku, price in PRICES)
    for order in (most, least):
        credit_return(order.pk, actor=SYSTEM)
    back = decided(sell(business, bo, goods("MAP", "1", "99.00")))
    (note,) = credit_return(back.pk, actor=SYSTEM)
    reverse_credit(note.pk, actor=SYSTEM, reason="Weighed wrongly")

    pages = pages_of(clerk, "/returns/?queue=all&sort=-credit")

    assert [page[0] for page in pages] == [most.reference, least.reference, back.reference]
    assert text_of(clerk.get("/returns/?queue=all&sort=-credit")).count("50.00") == 1


def test_who_sees_no_money_cannot_sort_by_it(client, business, bo, roles):
    ask_return(sell(business, bo, goods("TENT")))
    Group.objects.get(name="Viewer").permissions.remove(
        Permission.objects.get(codename="view_creditnote")
    )
    client.force_login(UserFactory(username="vi", roles=["Viewer"]))

    shown = client.get("/returns/?queue=all&sort=-credit")

    assert 'id="sort-credit"' not in text_of(shown)
    assert "aria-sort" not in text_of(shown)


def test_the_order_by_credit_is_read_from_its_index(db):
    rows = ReturnOrder.objects.filter(discarded_at=None).order_by("-credited_gross", "-pk")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = rows[:51].explain()

    assert "returnorder_by_credit" in plan
    assert "Sort" not in plan


def test_a_cursor_of_another_order_is_refused(clerk, business, bo, monkeypatch):
    monkeypatch.setitem(paged.__kwdefaults__, "size", 1)
    for _ in range(2):
        request_return(business=business, customer=bo, actor=SYSTEM)
    following = clerk.get("/returns/?sort=reference").context["page"]["next_url"]

    assert clerk.get(following.replace("sort=reference", "sort=target_date")).status_code == 400


def test_the_head_says_how_it_is_sorted_and_turns_it_round(clerk, business, bo):
    request_return(business=business, customer=bo, actor=SYSTEM)

    page = text_of(clerk.get("/returns/?sort=target_date"))

    assert (
        'aria-sort="ascending"><a id="sort-target_date" href="/returns/?sort=-target_date"' in page
    )


def test_the_exact_name_of_one_return_opens_it(clerk, business, bo):
    order = ask_return(sell(business, bo, goods("TENT")))

    found = clerk.get("/returns/", {"q": order.reference.lower(), "find": "1"})
    scripted = clerk.get(
        "/returns/", {"q": order.reference, "find": "1"}, headers={"HX-Request": "true"}
    )

    assert found.url == f"/returns/{order.uuid}/"
    assert scripted.headers["HX-Redirect"] == f"/returns/{order.uuid}/"
    assert clerk.get("/returns/", {"q": "RMA", "find": "1"}).status_code == 200


def test_returns_are_found_by_sale_invoice_serial_and_part(clerk, business, bo):
    sale = sell(business, bo, goods("TENT-9", serials=("SN-77",)), reference="SO-4711")
    unit = LineInput(stock_item=StockItem.objects.get(serial="SN-77"))
    request_return(business=business, customer=bo, lines=[unit], actor=SYSTEM)
    invoice = sale.invoices.get().reference

    for query in ("so-4711", invoice, "sn-77", "tent-9"):
        assert len(clerk.get("/returns/", {"q": query}).context["returns"]) == 1, query


def test_who_may_not_see_money_gets_no_credit_and_no_queue_of_money(client, tents_sold, roles):
    client.force_login(UserFactory(username="vi", roles=["Viewer"]))

    shown = client.get("/returns/")

    assert "credit" not in [head["column"].key for head in shown.context["heads"]]
    assert "Refund due" not in [tab["label"] for tab in shown.context["tabs"]]


@pytest.fixture
def tents_sold(business, bo):
    return ask_return(sell(business, bo, goods("TENT")))


def test_all_tabs_are_counted_with_one_query(clerk, tents_sold):
    tabs = {"HX-Request": "true", "HX-Target": "list-tabs"}
    answer = clerk.get("/returns/", headers=tabs)

    assert 'id="list-tabs"' in text_of(answer)
    assert "<table" not in text_of(answer)
    assert queries_of(clerk, "/returns/") <= 24


@pytest.mark.parametrize(
    "path", ["/sales/", "/refunds/", "/customers/", "/stock/parts/", "/stock/"]
)
def test_every_list_has_search_columns_views_and_export(clerk, tents_sold, path):
    page = text_of(clerk.get(path))

    for part in ("data-columns", "data-repeatable", "view-name", "list-search"):
        assert part in page, part
