"""A day of finance: credits are booked, refunds decided on, one after the other."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from rmaproject.access.actors import SYSTEM
from sales.models import ApprovalLimit, CreditNote, Refund
from sales.services.limits import set_limit
from sales.services.refunding import set_refund_details
from tests.factories import actor_with, goods, sell
from tests.refunds.money import IBAN, OTHER_IBAN, bank_of, credited, ready, refund_of
from tests.returns.steps import decided
from tests.web.browser import queries_of, text_of, version_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(business, bo):
    """Two returns whose credit waits to be booked."""
    lines = [goods(f"THING-{n}", "1", f"{n}0.00") for n in (1, 2)]
    return [decided(sell(business, bo, line)) for line in lines]


def hidden(page, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', text_of(page))
    assert found, f"the page carries no {name}"
    return found[1]


def step(client, refund, verb, **values):
    """Press a button on the page of a refund as its queue shows it."""
    page = client.get(f"/refunds/{refund.uuid}/")
    url = re.search(rf'action="(/refunds/{refund.uuid}/{verb}/[^"]*)"', text_of(page))
    return client.post(url[1], {"version": version_on(page), **values})


def test_credits_are_booked_one_after_the_other_with_the_figure_shown(clerk, owed):
    first, second = owed
    opened = clerk.get("/refunds/credit/", follow=True)
    assert opened.redirect_chain[-1][0] == f"/refunds/credit/{first.uuid}/"
    assert "10.00 EUR" in text_of(opened)
    given = {"version": version_on(opened), "preview": hidden(opened, "preview")}

    booked = clerk.post(f"/refunds/credit/{first.uuid}/", given)

    assert booked.url == f"/refunds/credit/{second.uuid}/"
    assert CreditNote.objects.get().gross == 10
    page = clerk.get(booked.url)
    given = {"version": version_on(page), "preview": hidden(page, "preview")}
    last = clerk.post(booked.url, given, follow=True)
    assert "No credit waits to be booked" in text_of(last)


def test_a_credit_that_changed_since_it_was_shown_is_not_booked(clerk, owed):
    path = f"/refunds/credit/{owed[0].uuid}/"
    opened = clerk.get(path)

    answer = clerk.post(path, {"version": version_on(opened), "preview": "another"})

    assert answer.status_code == 409
    assert not CreditNote.objects.exists()


def test_all_selected_credits_are_booked_after_the_plan_says_what_is_left_out(clerk, owed):
    other = ready_return(owed[0].business, owed[0].customer)
    picked = [str(row.uuid) for row in (*owed, other)]
    given = {"do": "credit", "pick": picked, "state": "queue=all", "back": "/refunds/credit/"}

    plan = clerk.post(reverse("views:plan", args=["returns"]), given, follow=True)
    path = plan.redirect_chain[-1][0]
    assert "2 rows will be changed" in text_of(plan)
    assert "1 row is left out" in text_of(plan)
    clerk.post(path, {"typed": "book"})

    assert CreditNote.objects.filter(customer=owed[0].customer).count() == 3


def ready_return(business, customer):
    return credited(business, customer, price="5.00")


def test_the_queue_of_credits_is_part_of_what_the_start_page_counts(clerk, owed, business, cy):
    credited(business, cy)

    waiting = text_of(clerk.get("/returns/?queue=credit"))
    due = text_of(clerk.get("/returns/?queue=refund"))
    counts = text_of(clerk.get("/counts/"))

    assert 'Credit to book <span class="n">2</span>' in waiting
    assert 'Refund due <span class="n">3</span>' in due
    assert re.search(r"refunds[^>]*>\s*3\s*<", counts)


def test_who_may_not_book_sees_neither_the_queue_nor_its_amounts(client, owed):
    client.force_login(actor_with("Service agent", username="sue").user)
    path = f"/refunds/credit/{owed[0].uuid}/"

    assert client.get("/refunds/credit/").status_code == 403
    assert client.get(path).status_code == 403
    assert "10.00" not in text_of(client.get(path))
    assert "Credit to book" not in text_of(client.get("/refunds/"))


def test_somebody_of_the_warehouse_sees_no_refunds(client, business, bo):
    refund = refund_of(credited(business, bo, gateway="sandbox"))
    client.force_login(actor_with("Warehouse", username="wil").user)

    for path in ("/refunds/", f"/refunds/{refund.uuid}/", "/refunds/bank-files/"):
        answer = client.get(path)
        assert answer.status_code in (403, 404)
        assert "10.00" not in text_of(answer)


def test_the_next_refund_of_the_queue_follows_a_step(clerk, business, bo, cy):
    first = refund_of(credited(business, bo, gateway="sandbox"))
    second = refund_of(credited(business, cy, gateway="sandbox"))

    after = step(clerk, first, "approve")
    last = step(clerk, second, "approve")

    assert after.url == f"/refunds/{second.uuid}/?queue=approve"
    assert last.url == f"/refunds/{second.uuid}/", "nothing waits any more: its page again"


def test_the_queue_beside_a_refund_says_what_is_not_ones_own_to_decide(clerk, business, bo, cy):
    first = refund_of(credited(business, bo, gateway="sandbox"))
    refund_of(credited(business, cy, gateway="sandbox", price="90.00"))
    role = clerk.get("/").wsgi_request.user.groups.get()
    set_limit(role, "EUR", Decimal(50), actor=SYSTEM)

    shown = text_of(clerk.get(f"/refunds/{first.uuid}/"))

    assert ApprovalLimit.objects.get().amount == 50
    assert "Yours to decide" in shown
    assert "Above your limit" in shown
    assert "Approve 10.00 EUR" in shown


def test_the_amount_is_taken_apart_down_to_this_refund(clerk, business, bo):
    refund = refund_of(credited(business, bo, price="12.10", gateway="sandbox"))

    shown = re.sub(r"<[^>]+>", " ", text_of(clerk.get(f"/refunds/{refund.uuid}/")))
    shown = " ".join(shown.split())

    assert "Net 10.00 VAT 21 % 2.10 Credited 12.10 This refund 12.10" in shown


def test_an_approval_of_another_account_is_shown_as_void(clerk, business, bo):
    bank_of(bo)
    refund = ready(business, bo, gateway="")
    other = bank_of(bo, OTHER_IBAN)

    set_refund_details(refund.pk, other, actor=SYSTEM)

    shown = text_of(clerk.get(f"/refunds/{refund.uuid}/"))
    assert "The account changed after the approval." in shown
    assert '<td class="code">DE** **** 3000</td>' in shown
    assert '<td class="code changed">NL** **** 4300</td>' in shown
    assert "void: account changed" in shown
    assert IBAN not in shown


def test_many_refunds_are_approved_and_what_is_above_ones_limit_is_left_out(
    clerk, business, bo, cy
):
    low = refund_of(credited(business, bo, gateway="sandbox"))
    high = refund_of(credited(business, cy, gateway="sandbox", price="90.00"))
    role = clerk.get("/").wsgi_request.user.groups.get()
    set_limit(role, "EUR", Decimal(50), actor=SYSTEM)
    given = {"do": "approve", "pick": [str(low.uuid), str(high.uuid)], "state": "queue=approve"}

    plan = clerk.post(reverse("views:plan", args=["refunds"]), given, follow=True)
    path = plan.redirect_chain[-1][0]
    assert "above your limit" in text_of(plan)
    clerk.post(path, {"typed": "approve"})

    states = {row.pk: row.state for row in Refund.objects.all()}
    assert states == {low.pk: "ready", high.pk: "waiting_approval"}


def test_what_is_to_pay_is_summed_by_way_and_currency(clerk, business, bo, cy):
    bank_of(cy)
    ready(business, bo)
    ready(business, bo, price="5.00")
    ready(business, cy, gateway="", price="7.00")

    shown = " ".join(re.sub(r"<[^>]+>", " ", text_of(clerk.get("/refunds/?queue=pay"))).split())

    assert "Bank transfer 1 refund 7.00 EUR" in shown
    assert "Sandbox 2 refunds 15.00 EUR" in shown
    assert "Bank file 1 to pay" in shown


def test_the_record_costs_the_same_beside_many_as_beside_one(clerk, business, bo, cy):
    refund = refund_of(credited(business, bo, gateway="sandbox"))
    path = f"/refunds/{refund.uuid}/"
    clerk.get(path)
    alone = queries_of(clerk, path)
    for _ in range(3):
        credited(business, cy, gateway="sandbox")

    assert queries_of(clerk, path) == alone
