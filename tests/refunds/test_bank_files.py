"""Refunds by bank are paid by a file that the bank's schema accepts, and done on finance's word."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sepaxml.validation import try_valid_xml

from rmaproject.access.actors import SYSTEM
from rmaproject.audit import trail
from rmaproject.shared.errors import Conflict, NotPermitted, RuleViolation
from sales.models import Refund
from sales.services.bank_files import confirm_bank_file, make_bank_file, read_bank_file
from sales.services.banking import keep_bank_details
from sales.services.refunding import (
    approve_refund,
    change_refund,
    fail_refund,
    refund_credit,
)
from tests.changes import picture
from tests.factories import BusinessFactory, actor_with
from tests.refunds.money import IBAN, OTHER_IBAN, account, bank_of, credited, ready, refund_of
from tests.refunds.test_banking import everything_written

pytestmark = pytest.mark.django_db


@pytest.fixture
def paying(business):
    """A business that pays from an account of its own."""
    keep_bank_details(account(OTHER_IBAN, "Tents & Co"), business=business, actor=SYSTEM)
    return business


def by_bank(business: Any, customer: Any, price: str = "10.00") -> Refund:
    bank_of(customer)
    return ready(business, customer, gateway="", price=price)


def texts(xml: str, name: str) -> list[str | None]:
    space = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.03}"
    return [node.text for node in ET.fromstring(xml).iter(f"{space}{name}")]  # noqa: S314


def test_a_bank_file_pays_its_refunds_to_the_cent_and_fits_the_schema(paying, bo, cy):
    refunds = [by_bank(paying, bo, "10.01"), by_bank(paying, cy, "0.10")]

    file = make_bank_file(paying, [row.pk for row in refunds], actor=SYSTEM)

    xml = read_bank_file(file.pk, actor=SYSTEM)
    try_valid_xml(xml.encode(), "pain.001.001.03")
    assert (file.reference, file.amount, file.count) == ("BF-00001", Decimal("10.11"), 2)
    assert texts(xml, "InstdAmt") == ["10.01", "0.10"]
    assert texts(xml, "CtrlSum") == ["10.11", "10.11"]
    assert texts(xml, "IBAN") == [OTHER_IBAN, IBAN, IBAN]
    assert texts(xml, "EndToEndId") == [row.key.replace("-", "") for row in refunds]
    assert set(Refund.objects.values_list("state", "bank_file")) == {("sent", file.pk)}


def test_a_bank_file_lies_encrypted_and_each_reading_of_it_stays(paying, bo):
    file = make_bank_file(paying, [by_bank(paying, bo).pk], actor=SYSTEM)
    read_bank_file(file.pk, actor=SYSTEM)

    assert IBAN not in everything_written()
    file.refresh_from_db()
    assert [entry.verb for entry in trail.history(file)] == ["create", "download"]


def test_reading_a_bank_file_needs_the_right_to_pay_and_to_see_accounts(paying, bo, roles):
    file = make_bank_file(paying, [by_bank(paying, bo).pk], actor=SYSTEM)

    with pytest.raises(NotPermitted):
        read_bank_file(file.pk, actor=actor_with("Service agent"))

    assert "pain.001" in read_bank_file(file.pk, actor=actor_with("Finance", username="fin"))


def test_finance_confirms_a_file_and_what_failed_stays_failed(paying, bo, cy):
    refunds = [by_bank(paying, bo), by_bank(paying, cy)]
    file = make_bank_file(paying, [row.pk for row in refunds], actor=SYSTEM)
    fail_refund(refunds[1].pk, reason="Returned by the bank.", actor=SYSTEM)

    confirm_bank_file(file.pk, actor=SYSTEM)

    assert list(Refund.objects.order_by("pk").values_list("state", flat=True)) == ["done", "failed"]
    with pytest.raises(Conflict) as refusal:
        confirm_bank_file(file.pk, actor=SYSTEM)
    assert refusal.value.code == "nothing_to_confirm"


def test_refunds_of_one_credit_note_are_confirmed_together(paying, bo):
    bank_of(bo)
    rma = credited(paying, bo, price="30.00", pays=("30.00",))
    first = refund_of(rma)
    change_refund(first.pk, amount=Decimal(10), actor=SYSTEM)
    (second,) = refund_credit(first.credit_note_id, actor=SYSTEM)
    for refund in (first, second):
        approve_refund(refund.pk, actor=SYSTEM)
    file = make_bank_file(paying, [first.pk, second.pk], actor=SYSTEM)

    confirm_bank_file(file.pk, actor=SYSTEM)

    rma.refresh_from_db()
    note = Refund.objects.first().credit_note
    assert (rma.money, note.refunded, note.refunding) == ("refunded", 30, 0)


def test_a_file_without_an_account_to_pay_from_is_refused(business, bo):
    refund = by_bank(business, bo)
    before = picture()

    with pytest.raises(Conflict) as refusal:
        make_bank_file(business, [refund.pk], actor=SYSTEM)

    assert refusal.value.code == "business_account_missing"
    assert picture() == before


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"gateway": "sandbox"}, "not_by_bank"),
        ({"currency": "USD", "gateway": ""}, "wrong_currency"),
    ],
)
def test_only_refunds_in_euros_by_bank_stand_in_a_file(paying, bo, values, code):
    refund = ready(paying, bo, **values)
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        make_bank_file(paying, [refund.pk], actor=SYSTEM)

    assert (refusal.value.code, refusal.value.facts) == (code, {"refund": "RF-00001"})
    assert picture() == before


def test_a_file_pays_refunds_of_one_business(paying, bo):
    refund = by_bank(paying, bo)

    with pytest.raises(RuleViolation) as refusal:
        make_bank_file(BusinessFactory(), [refund.pk], actor=SYSTEM)

    assert refusal.value.code == "wrong_business"


def test_a_refund_stands_in_one_file_only(paying, bo):
    refund = by_bank(paying, bo)
    make_bank_file(paying, [refund.pk], actor=SYSTEM)

    with pytest.raises(Conflict) as refusal:
        make_bank_file(paying, [refund.pk], actor=SYSTEM)

    assert refusal.value.code == "illegal_transition"


@pytest.mark.parametrize(
    ("given", "code"),
    [(([], None), "refunds_missing"), (([0], date(2020, 1, 1)), "invalid_date")],
)
def test_a_file_pays_something_and_not_in_the_past(paying, given, code):
    keys, on = given

    with pytest.raises(RuleViolation) as refusal:
        make_bank_file(paying, keys, execute_on=on, actor=SYSTEM)

    assert refusal.value.code == code
