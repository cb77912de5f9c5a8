"""`manage.py verify` names what is wrong with what was taken back."""

from __future__ import annotations

import pytest

from returns.services import credit_return, reverse_receipt
from rmaproject.access.actors import SYSTEM
from sales.models import CreditNote
from tests.factories import goods, sell
from tests.returns.steps import decided
from tests.test_verify import broken, tamper, verify


@pytest.fixture
def taken_back(business, bo):
    """A return whose receipt and credit note were taken back."""
    rma = decided(sell(business, bo, goods("MUG", "1", "7.00"), paid=False))
    credit_return(rma.pk, actor=SYSTEM)
    reverse_receipt(rma.receipts.get().pk, actor=SYSTEM, reason="Wrong.")
    return CreditNote.objects.get(reverses=None)


NOTE = "credit note {counter}, which takes back {note}: figures is 7.0000 1.2100 {account}"
TAMPERINGS = {
    "UPDATE sales_creditline SET live = true, units = NULL"
    " WHERE credit_note_id = (SELECT max(id) FROM sales_creditnote)": [
        f"{NOTE} used 0.0000 live 1, should be 7.0000 1.2100 {{account}} used 0 live 0",
        "invoice line 1 of INV-00001: credited_gross is 0, should be 7",
    ],
    "UPDATE sales_creditnote SET kept = 1 WHERE reverses_id IS NULL": [
        f"{NOTE} used 1.0000 live 0, should be 7.0000 1.2100 {{account}} used 0 live 0",
    ],
    "UPDATE sales_settlement SET amount = -6 WHERE reverses_id IS NOT NULL": [
        "invoice INV-00001: settled is 0, should be 1",
        "credit note {note}: applied is 0, should be 1",
    ],
    "UPDATE returns_receiptline SET quantity = 2"
    " WHERE receipt_id = (SELECT max(id) FROM returns_receipt)": [
        "line 1 of RMA-0001: received is 0, should be -1",
        "receipt 2 of RMA-0001, line 1: quantity is 2, should be 1",
    ],
}


def test_what_was_taken_back_is_well(taken_back):
    assert verify().endswith("All well.\n")


@pytest.mark.parametrize("sql", TAMPERINGS)
def test_a_wrong_figure_of_it_is_named_with_the_right_one(taken_back, sql):
    tamper(sql)

    named = {
        "note": taken_back.reference,
        "counter": CreditNote.objects.get(reverses=taken_back).reference,
        "account": taken_back.account_id,
    }
    assert sorted(broken()) == sorted(line.format(**named) for line in TAMPERINGS[sql])
