"""Whatever the rules, the goods and the wishes are: what is foreseen is what then happens.

Both assume that all comes and is accepted at its full worth; people then put it in quarantine,
which a preview does not foresee.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from returns.services.foreseen import Before, Run, told
from returns.services.previewing import preview_request
from rmaproject.access.actors import SYSTEM
from sales.models import Payment, SalesOrder
from sales.services.invoicing import record_payment
from tests.factories import discount, goods, sell
from tests.returns.kits import kit
from tests.returns.looking_ahead import asked, carried_out
from tests.returns.ruling import publish, rule

pytestmark = pytest.mark.django_db
#: The first may be sent back or replaced; kits are refunded or kept as credit.
WISHES = ("refund", "store_credit", "replacement", "repair", "sent_back")


@st.composite
def policies(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rules that are about money and steps; any of them may be missing."""
    needed = draw(st.sampled_from(["always", "never", "above"]))
    above = {"above": "50"} if needed == "above" else {}
    four_eyes = draw(st.sampled_from([None, "20"]))
    payer = draw(st.sampled_from(["customer", "business"]))
    amount = {"amount": "5", "vat_percent": "21"} if payer == "customer" else {}
    refund_original = draw(st.sampled_from(["never", "full", "always"]))
    accept = draw(st.booleans())
    rules = [
        rule("fee", {"percent": draw(st.sampled_from(["0", "10", "33.3", "100"]))}),
        rule("shipping", {"paid_by": payer, **amount, "refund_original": refund_original}),
        rule("approval", {"needed": needed, **above, "four_eyes": draw(st.booleans())}),
        rule("refund", {"approval_above": "30", "four_eyes_above": four_eyes}),
        rule("inspection", {"required": draw(st.booleans())}),
        rule("flow", {"accept_on_receipt": accept, "credit_on_accept": draw(st.booleans())}),
    ]
    return draw(st.lists(st.sampled_from(rules), unique_by=lambda entry: entry["aspect"]))


def shipping(price: str) -> Any:
    return goods("", "1", price, kind="shipping", name="Parcel")


def pay(sale: SalesOrder, share: str) -> Payment | None:
    """So much of the invoice, by card."""
    invoice = sale.invoices.get()
    amount = round(invoice.gross * Decimal(share), 0)
    if not amount:
        return None
    return record_payment(
        business=sale.business,
        customer_id=sale.customer_id,
        currency=sale.currency,
        amount=amount,
        invoice=invoice,
        actor=SYSTEM,
    )


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_what_was_foreseen_is_what_happens(business, bo, data):
    draw = data.draw
    currency = draw(st.sampled_from(["JPY", "EUR", "KWD"]))
    before = draw(st.integers(0, 3))
    price = draw(st.decimals("0.01", "999", places=6))
    pegs = draw(st.sampled_from(["0", "1", "2.5", "5.5"]))
    wanted = draw(st.integers(1, 7)), pegs, draw(st.integers(0, 2))
    outcomes = tuple(draw(st.sampled_from(WISHES)) for _ in wanted)
    with transaction.atomic():
        if rules := draw(policies()):
            publish(business, *rules)
        kit("CAMP", ("LAMP", "1"), ("HOOK", "3"))
        sale = sell(
            business,
            bo,
            goods("TENT", str(7 + before), str(price + 10)),
            goods("PEG", "5.5", "1.101010", vat_percent=Decimal(9)),
            goods("CAMP", "2", "9.99"),
            discount(draw(st.sampled_from(["-0.000001", "-7.000001", "-3"]))),
            shipping("4.95"),
            paid=False,
            currency=currency,
        )
        pay(sale, draw(st.sampled_from(["0", "0.5", "1"])))
        if before:
            carried_out(asked(sale, before))
        request = asked(sale, *wanted, outcomes=outcomes)

        seen = preview_request(**request).result
        run = Run()
        order = carried_out(request, run)

        happened = told(order, Before(), run)
        assert seen["stopped"] is None
        for part in set(happened) - {"stock"}:
            assert seen[part] == happened[part], part
        kept = [row for row in happened["stock"] if row["to_state"] != "quarantined"]
        assert seen["stock"] == kept
        transaction.set_rollback(True)
