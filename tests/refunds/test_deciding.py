"""Who may approve and pay: rights apart, four eyes, limits of roles (G15, G16)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group

from returns.services import crediting
from rmaproject.access.actors import SYSTEM
from rmaproject.audit import trail
from rmaproject.shared.errors import Conflict, NotPermitted, RuleViolation
from sales.services.limits import set_limit
from sales.services.refunding import (
    RefundTerms,
    approve_refund,
    cancel_refund,
    change_refund,
    confirm_refund,
    fail_refund,
    pay_refund,
    retry_refund,
    set_refund_details,
)
from sales.states import REFUND_VERBS, RefundState
from tests.changes import picture
from tests.factories import actor_with
from tests.refunds.money import OTHER_IBAN, bank_of, credited, ready, refund_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ben(roles):
    """Ben, another manager."""
    return actor_with("Manager", username="ben")


@pytest.fixture
def four_eyes(monkeypatch):
    """Above five euros who asks, approves and pays are different people."""
    terms = RefundTerms(approval_above=Decimal(0), four_eyes_above=Decimal(5))
    monkeypatch.setattr(crediting, "refund_terms", lambda order: terms)


def test_who_booked_the_credit_may_not_approve_its_refund(business, bo, ada, ben, four_eyes):
    refund = refund_of(credited(business, bo, gateway="sandbox", actor=ada))

    with pytest.raises(NotPermitted) as refusal:
        approve_refund(refund.pk, actor=ada)

    assert refusal.value.code == "four_eyes"
    assert refusal.value.facts == {"amount": "10.00", "limit": "5.00"}
    assert approve_refund(refund.pk, actor=ben).state == "ready"


def test_up_to_the_limit_one_person_may_do_all(business, bo, ada, four_eyes):
    bank_of(bo)
    refund = refund_of(credited(business, bo, price="5.00", actor=ada))

    approve_refund(refund.pk, actor=ada)

    assert pay_refund(refund.pk, actor=ada).state == "sent"


def test_who_approved_may_not_pay(business, bo, ada, ben, four_eyes):
    refund = refund_of(credited(business, bo, gateway="sandbox", actor=ada))
    approve_refund(refund.pk, actor=ben)
    before = picture()

    with pytest.raises(NotPermitted) as refusal:
        pay_refund(refund.pk, actor=ben)

    assert refusal.value.code == "four_eyes"
    assert picture() == before


def test_a_role_decides_up_to_its_limit(business, bo, ada):
    set_limit(Group.objects.get(name="Manager"), "EUR", Decimal("9.99"), actor=SYSTEM)
    refund = refund_of(credited(business, bo))
    refund = set_refund_details(refund.pk, bank_of(bo), actor=SYSTEM)
    before = picture()

    with pytest.raises(NotPermitted) as refusal:
        approve_refund(refund.pk, actor=ada)

    assert refusal.value.code == "above_limit"
    assert refusal.value.facts == {"amount": "10.00", "limit": "9.99", "currency": "EUR"}
    assert picture() == before


def test_another_role_without_a_limit_frees_who_holds_both(business, bo, roles):
    set_limit(Group.objects.get(name="Manager"), "EUR", Decimal(1), actor=SYSTEM)
    eve = actor_with("Manager", "Administrator", username="eve")

    refund = refund_of(credited(business, bo, gateway="sandbox"))

    assert approve_refund(refund.pk, actor=eve).state == "ready"


def test_a_limit_in_one_currency_says_nothing_of_another(business, bo, ada):
    set_limit(Group.objects.get(name="Manager"), "USD", Decimal(1), actor=SYSTEM)
    refund = refund_of(credited(business, bo, gateway="sandbox"))

    assert approve_refund(refund.pk, actor=ada).state == "ready"


def test_a_lifted_limit_binds_nobody(business, bo, ada):
    managers = Group.objects.get(name="Manager")
    set_limit(managers, "EUR", Decimal(1), actor=SYSTEM)
    limit = set_limit(managers, "EUR", None, actor=SYSTEM)
    refund = refund_of(credited(business, bo, gateway="sandbox"))

    assert approve_refund(refund.pk, actor=ada).state == "ready"
    assert [entry.verb for entry in trail.history(limit)] == ["create", "edit"]


@pytest.mark.parametrize("amount", [Decimal(-1), Decimal("0.001")])
def test_a_limit_is_an_amount(roles, amount):
    with pytest.raises(RuleViolation) as refusal:
        set_limit(Group.objects.get(name="Manager"), "EUR", amount, actor=SYSTEM)

    assert refusal.value.code == "invalid_amount"


def test_another_account_after_approval_asks_for_approval_again(business, bo):
    bank_of(bo)
    refund = ready(business, bo, gateway="")

    set_refund_details(refund.pk, bank_of(bo, OTHER_IBAN), actor=SYSTEM)

    refund.refresh_from_db()
    assert (refund.state, refund.approved_by, refund.approved_at) == (
        "waiting_approval",
        None,
        None,
    )
    assert trail.history(refund)[-1].facts["from"] == "ready"


def test_an_account_of_somebody_else_is_refused(business, bo, cy):
    refund = refund_of(credited(business, bo))

    with pytest.raises(RuleViolation) as refusal:
        set_refund_details(refund.pk, bank_of(cy), actor=SYSTEM)

    assert refusal.value.code == "wrong_customer"


def test_a_failed_payout_is_tried_again_under_a_new_key(business, bo):
    bank_of(bo)
    refund = ready(business, bo, gateway="")
    pay_refund(refund.pk, actor=SYSTEM)
    failed = fail_refund(refund.pk, reason="Account closed.", actor=SYSTEM)
    assert (failed.state, failed.failure_text) == ("failed", "Account closed.")

    again = retry_refund(refund.pk, actor=SYSTEM)

    assert (again.state, again.sent_at, again.failure_code) == ("ready", None, "")
    assert again.key != refund.key


def test_a_payout_fails_for_a_reason(business, bo):
    bank_of(bo)
    refund = ready(business, bo, gateway="")
    pay_refund(refund.pk, actor=SYSTEM)

    with pytest.raises(RuleViolation) as refusal:
        fail_refund(refund.pk, reason=" ", actor=SYSTEM)

    assert refusal.value.code == "reason_required"


def test_nobody_confirms_for_a_gateway(business, bo):
    refund = ready(business, bo)
    pay_refund(refund.pk, actor=SYSTEM)

    with pytest.raises(Conflict) as refusal:
        confirm_refund(refund.pk, actor=SYSTEM)

    assert refusal.value.code == "gateway_decides"


#: What each verb needs to be carried out; the state decides before anything else does.
DO = {
    "approve": approve_refund,
    "pay": pay_refund,
    "confirm": confirm_refund,
    "fail": lambda key, actor: fail_refund(key, reason="No.", actor=actor),
    "retry": retry_refund,
    "change": lambda key, actor: change_refund(key, amount=Decimal(1), actor=actor),
    "cancel": cancel_refund,
}
LEGAL = {
    "waiting_details": {"change", "cancel"},
    "waiting_approval": {"approve", "change", "cancel"},
    "ready": {"pay", "change", "cancel"},
    "sent": {"confirm", "fail"},
    "done": set(),
    "failed": {"retry", "change", "cancel"},
    "cancelled": set(),
}


def in_state(business, bo, state):
    """A refund by bank in this state, by the verbs that lead there."""
    refund = refund_of(credited(business, bo))
    steps = {
        "waiting_approval": ("details",),
        "ready": ("details", "approve"),
        "sent": ("details", "approve", "pay"),
        "done": ("details", "approve", "pay", "confirm"),
        "failed": ("details", "approve", "pay", "fail"),
        "cancelled": ("cancel",),
    }
    for verb in steps.get(state, ()):
        if verb == "details":
            set_refund_details(refund.pk, bank_of(bo), actor=SYSTEM)
        else:
            DO[verb](refund.pk, actor=SYSTEM)
    refund.refresh_from_db()
    assert refund.state == state
    return refund


@pytest.mark.parametrize("state", sorted(LEGAL))
def test_each_state_allows_its_verbs_and_no_others(business, bo, state):
    refund = in_state(business, bo, state)

    for verb in sorted(set(DO) - LEGAL[state]):
        before = picture()
        with pytest.raises(Conflict) as refusal:
            DO[verb](refund.pk, actor=SYSTEM)
        assert refusal.value.code == "illegal_transition"
        assert refusal.value.facts["status"] == state
        assert picture() == before


def test_the_table_of_verbs_says_the_same():
    for state in LEGAL:
        legal = {row.verb for row in REFUND_VERBS if state in row.sources} & set(DO)
        assert legal == LEGAL[state]
    assert set(LEGAL) == {*RefundState.values} - {"unknown"}
