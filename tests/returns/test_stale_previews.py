"""A preview binds only while it is true: what makes another deed of it, and what does not."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from returns.services import (
    ArrivalInput,
    DisposeInput,
    ReceiveInput,
    credit_return,
    dispose_return,
    issue_return,
    receive_return,
)
from returns.services.previewing import (
    as_foreseen,
    preview_request,
    preview_return,
    request_as_foreseen,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.shared import clock
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.models import CreditNote
from sales.services.invoicing import record_payment
from tests.changes import picture
from tests.factories import PartFactory, ask_return, goods, sell
from tests.returns.looking_ahead import asked, disposition
from tests.returns.ruling import publish, rule, wait_until

NOTHING_HELD = [("100.00", "100.00", "0.00")]


@pytest.fixture
def unpaid(business, bo):
    """Two tents at 50.00 each, on an open invoice."""
    return sell(business, bo, goods("TENT", "2", "50.00"), paid=False)


@pytest.fixture
def accepted(unpaid):
    """A return of both, received and restocked."""
    rma = ask_return(unpaid, "2", issued=True)
    line = rma.lines.get()
    receive_return(rma.pk, ReceiveInput(lines=[ArrivalInput(line, Decimal(2))]), actor=SYSTEM)
    dispose_return(rma.pk, [DisposeInput(line, disposition("restock"))], actor=SYSTEM)
    return rma


def pay(sale, amount=None):
    invoice = sale.invoices.get()
    record_payment(
        business=sale.business,
        customer_id=sale.customer_id,
        currency=sale.currency,
        amount=amount or invoice.gross,
        invoice=invoice,
        actor=SYSTEM,
    )


def uses(result):
    return [(row["gross"], row["applied"], row["to_refund"]) for row in result["totals"]]


def book(rma, token):
    def act():
        return credit_return(rma.pk, actor=SYSTEM)

    return as_foreseen(token, rma.pk, "credit", act, actor=SYSTEM)


def refused(act):
    """What the refusal shows instead; nothing was changed."""
    before = picture()
    with pytest.raises(Conflict) as refusal:
        act()
    assert (refusal.value.code, picture()) == ("stale_preview", before)
    return refusal.value.facts["preview"]


def test_a_payment_makes_a_refund_of_what_was_to_settle_the_invoice(unpaid, accepted):
    seen = preview_return(accepted.pk, "credit", actor=SYSTEM)
    pay(unpaid)

    now = refused(lambda: book(accepted, seen.token))

    assert uses(seen.result) == NOTHING_HELD
    assert uses(now) == [("100.00", "0.00", "100.00")]
    (note,) = book(accepted, now["preview"])
    assert (note.gross, note.refunds.get().amount) == (100, 100)


def test_an_invoice_that_was_settled_meanwhile_is_settled_no_more(business, bo, unpaid, accepted):
    pay(unpaid)
    other = sell(business, bo, goods("ROPE", "1", "20.00"), paid=False)
    seen = preview_return(accepted.pk, "credit", actor=SYSTEM)
    pay(other)

    now = refused(lambda: book(accepted, seen.token))

    assert uses(seen.result) == [("100.00", "20.00", "80.00")]
    assert uses(now) == [("100.00", "0.00", "100.00")]
    assert len(book(accepted, now["preview"])) == 1


def test_rules_that_ended_meanwhile_make_another_offer(business, unpaid, monkeypatch):
    today = clock.today(business)
    publish(business, rule("fee", {"percent": "10"}))
    publish(business, rule("fee", {"percent": "20"}), on=today + timedelta(days=1))
    request = asked(unpaid, 1)
    token = preview_request(**request).token
    wait_until(monkeypatch, today + timedelta(days=1))

    now = refused(lambda: request_as_foreseen(token, **request))

    assert [row["gross"] for row in now["totals"]] == ["40.00"]
    assert request_as_foreseen(now["preview"], **request).status == "pending"


def test_rules_that_say_the_same_of_this_return_bind_as_before(business, unpaid, monkeypatch):
    today = clock.today(business)
    publish(business, rule("fee", {"percent": "10"}))
    PartFactory(sku="ROPE")
    later = [rule("fee", {"percent": "20"}, {"sku": ["ROPE"]}), rule("fee", {"percent": "10"})]
    publish(business, *later, on=today + timedelta(days=1))
    request = asked(unpaid, 1)
    token = preview_request(**request).token
    wait_until(monkeypatch, today + timedelta(days=1))

    assert request_as_foreseen(token, **request).status == "pending"


def test_a_return_keeps_the_rules_it_was_asked_for_under(business, unpaid, monkeypatch):
    today = clock.today(business)
    publish(business, rule("fee", {"percent": "10"}))
    publish(business, rule("fee", {"percent": "20"}), on=today + timedelta(days=1))
    rma = ask_return(unpaid, "1")
    token = preview_return(rma.pk, "issue", actor=SYSTEM).token
    wait_until(monkeypatch, today + timedelta(days=1))

    def act():
        return issue_return(rma.pk, actor=SYSTEM)

    assert as_foreseen(token, rma.pk, "issue", act, actor=SYSTEM).status == "in_progress"


def test_units_that_somebody_else_claimed_meanwhile_are_refused_with_the_figures(unpaid):
    request = asked(unpaid, 2)
    token = preview_request(**request).token
    ask_return(unpaid, "1")
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        request_as_foreseen(token, **request)

    assert (refusal.value.code, picture()) == ("exceeds_returnable", before)
    assert refusal.value.facts["lines"][0]["returnable"] == "1"


def test_a_claim_that_leaves_enough_makes_no_other_deed(unpaid):
    request = asked(unpaid, 1)
    token = preview_request(**request).token
    ask_return(unpaid, "1")

    assert request_as_foreseen(token, **request).status == "pending"
    assert CreditNote.objects.count() == 0
