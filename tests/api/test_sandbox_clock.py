"""A sandbox business's clock can be moved, and nothing else feels it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from returns.services import edit_return
from rmaproject.access.actors import SYSTEM
from rmaproject.shared import clock
from sales.gateways.sandbox import SandboxGateway
from sales.models import Refund
from sales.services.refunding import pay_refund
from tests.api.caller import Caller, problem
from tests.factories import BusinessFactory, actor_with, ask_return, goods, sell
from tests.refunds.test_gateways import ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(roles):
    return Caller(actor_with("Administrator"))


@pytest.fixture
def toy(business):
    return BusinessFactory(code="TOY", sandbox=True)  # beside one, with which returns are on


def advance(admin, business, **by):
    return admin.post("/test/clock/advance/", {"business": business.code, **by})


def test_a_clock_moves_for_its_own_business_only(admin, toy, business):
    answer = advance(admin, toy, days=40, hours=2)

    toy.refresh_from_db()
    assert (answer.status_code, answer.json()["business"]) == (200, "TOY")
    assert toy.clock_ahead == timedelta(days=40, hours=2)
    assert clock.today(toy) >= clock.today(business) + timedelta(days=40)
    assert admin.get(f"/businesses/{toy.uuid}/").json()["clock_ahead"] == 40 * 86400 + 7200


def test_what_became_due_is_done_at_once(admin, toy, bo, django_capture_on_commit_callbacks):
    rma = ask_return(sell(toy, bo, goods("TENT", "1", "50.00")), issued=True)
    last_day = clock.today(toy) + timedelta(days=14)
    edit_return(rma.pk, {"deadline": last_day}, actor=SYSTEM)

    for days, status in ((14, "in_progress"), (1, "cancelled")):
        with django_capture_on_commit_callbacks(execute=True):
            advance(admin, toy, days=days)
        rma.refresh_from_db()
        assert rma.status == status


def test_a_business_that_trades_keeps_the_true_time(admin, business):
    refused = problem(advance(admin, business, days=1), 422)

    business.refresh_from_db()
    assert (refused["code"], business.clock_ahead) == ("not_a_sandbox", timedelta(0))


@pytest.mark.parametrize(("by", "code"), [({}, "clock_goes_forward"), ({"days": 3651}, "invalid")])
def test_a_clock_goes_forward_and_not_without_end(admin, toy, by, code):
    refused = advance(admin, toy, **by)

    assert refused.json()["code"] == code
    assert advance(admin, toy, days=3650).status_code == 200
    assert problem(advance(admin, toy, days=1), 422)["code"] == "too_far"


def test_only_who_keeps_the_settings_moves_clocks(api, toy):
    assert (
        problem(advance(api, toy, days=1), 403)["facts"]["permission"] == "access.manage_settings"
    )


def test_a_business_stays_what_it_was_made_as(admin, business):
    made = admin.post(
        "/businesses/", {"code": "T", "name": "Toy", "currency": "EUR", "sandbox": True}
    )
    refused = admin.patch(f"/businesses/{business.uuid}/", {"sandbox": True}, If_Match="*")

    assert (made.status_code, made.json()["sandbox"]) == (201, True)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "unknown_field")


def test_no_real_gateway_pays_for_a_sandbox(toy, bo, settings):
    settings.PAYOUT_GATEWAYS = {"sandbox": settings.PAYOUT_GATEWAYS["sandbox"]}
    refund = ready(toy, bo)
    Refund.objects.filter(pk=refund.pk).update(gateway="stripe")

    with pytest.raises(Exception, match="moves no money") as refusal:
        pay_refund(refund.pk, actor=SYSTEM)

    assert refusal.value.code == "sandbox_business"
    assert SandboxGateway().ask(refund.key) is None
