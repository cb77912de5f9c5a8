"""Which place of the navigation a page belongs to, and what the head of finance leads to."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from tests.factories import UserFactory, ask_return


@pytest.fixture
def rma(tents):
    return ask_return(tents, issued=True)


def place_of(browser, address):
    """Where the navigation says that this page is."""
    shown = browser.get(address).content.decode()
    return re.findall(r'<a class="nav-item" href="([^"]+)"[^>]*aria-current', shown)


@pytest.mark.parametrize("page", ["count", "finish_count", "receive"])
def test_what_is_done_with_a_return_at_the_dock_belongs_to_receive(page, clerk, rma):
    here = place_of(clerk, reverse(f"returns:{page}", args=[rma.uuid]))

    assert here == ["/returns/receive/"]


def test_a_return_itself_belongs_to_returns(clerk, rma):
    here = place_of(clerk, reverse("returns:detail", args=[rma.uuid]))

    assert here == ["/returns/"]


def test_invoices_belong_to_refunds_where_somebody_may_see_those(clerk, tents):
    assert place_of(clerk, "/sales/invoices/") == ["/refunds/"]


def test_invoices_belong_to_sales_orders_for_everybody_else(client, tents):
    seller = UserFactory(username="seller")
    rights = Permission.objects.filter(codename__in=["view_order", "view_invoice"])
    seller.user_permissions.set(rights)
    client.force_login(seller)

    assert place_of(client, "/sales/invoices/") == ["/sales/"]


def test_the_head_of_finance_leads_to_every_book(clerk, tents):
    shown = clerk.get("/refunds/").content.decode()

    menu = shown.partition("Books")[2].partition("</details>")[0]
    assert re.findall(r'<a href="([^"]+)"', menu) == [
        "/refunds/bank-files/",
        "/sales/credit-notes/",
        "/sales/invoices/",
        "/sales/payments/",
    ]
