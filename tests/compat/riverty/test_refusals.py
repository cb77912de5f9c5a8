"""What this door refuses: as problem documents, with the honest status, and nothing is changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.contrib.auth.models import Permission

from returns.compat.riverty.notifications import notification
from returns.compat.riverty.reading import REASONS
from returns.models import Reason, ReturnOrder
from returns.services import turn_returns
from rmaproject.access.actors import SYSTEM
from rmaproject.shared import clock
from tests.api.caller import problem
from tests.compat.calling import Caller, body_of, nothing_changed
from tests.compat.riverty.steps import BANK, LOST, PEG, TENT
from tests.factories import actor_with, discount, goods, sell

pytestmark = pytest.mark.django_db


def test_every_reason_has_one_of_ours(business):
    assert sorted(REASONS) == ["CARRIER_RETURN", "CUSTOMER_RETURN"]
    assert Reason.objects.filter(code__in=REASONS.values()).count() == 2


def test_the_same_return_twice_is_one_and_other_content_a_conflict(shop):
    first = shop.book(PEG, bankDetails=BANK)

    with nothing_changed():
        same = {**PEG, "grossUnitPrice": 5, "quantity": 1}
        assert shop.book(same, bankDetails=BANK) == first
        assert shop.book(PEG, bankDetails=BANK, returnReference="retnl-440025011") == first
        assert shop.code(shop.body(TENT), 409)[0] == "reference_exists"
        other = {**BANK, "accountOwner": "Jane Doe"}
        assert shop.code(shop.body(PEG, bankDetails=other), 409)[0] == "reference_exists"


@pytest.mark.parametrize("key", ["r-1", "x" * 300, "ünïcode \t{}", "a,b"])
def test_a_request_id_is_answered_as_the_first_time_whatever_the_body(shop, key):
    first = body_of(shop.caller.post(shop.path, shop.body(PEG), X_Request_ID=key))

    with nothing_changed():
        other = shop.body(TENT, returnReference="R-2")
        assert body_of(shop.caller.post(shop.path, other, X_Request_ID=key)) == first
        nonsense = shop.caller.raw("POST", shop.path, b"{", X_Request_ID=key)
        assert body_of(nonsense) == first


def test_the_request_id_of_one_credential_is_not_that_of_another(shop):
    who = actor_with("Integrator", username="another")
    another = Caller(who, header="X-Subscription-Key", scheme="")
    first = body_of(shop.caller.post(shop.path, shop.body(PEG), X_Request_ID="r-1"))

    other = another.post(shop.path, shop.body(TENT, returnReference="R-2"), X_Request_ID="r-1")

    assert body_of(other) != first
    assert ReturnOrder.objects.count() == 2


def test_a_refused_request_leaves_its_id_free(shop):
    assert shop.code(shop.body({**PEG, "quantity": 3}), 422, X_Request_ID="r")[0] == (
        "exceeds_returnable"
    )
    assert body_of(shop.caller.post(shop.path, shop.body(PEG), X_Request_ID="r"))


def test_who_is_nobody_is_refused(shop):
    wrong = [
        Caller(),
        Caller(X_Subscription_Key="wrong"),
        Caller(X_Subscription_Key=""),
        Caller(Authorization="Token x"),
    ]
    with nothing_changed():
        for caller in wrong:
            answer = caller.post(shop.path, shop.body(PEG))
            assert problem(answer, 401)["code"] == "not_authenticated"
            assert answer.headers["WWW-Authenticate"] == "X-Subscription-Key"


def test_who_lacks_a_right_is_refused(shop):
    agent = actor_with("Service agent", username="agent")
    shop.caller = Caller(agent, header="X-Subscription-Key", scheme="")
    with nothing_changed():
        assert shop.code(shop.body(PEG), 403)[0] == "not_permitted"
    codenames = ("record_return", "view_company", "see_all_businesses")
    booker = actor_with(username="booker")
    booker.user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    shop.caller = Caller(booker, header="X-Subscription-Key", scheme="")
    with nothing_changed():
        assert shop.code(shop.body(PEG, bankDetails=BANK), 403)[0] == "not_permitted"
    assert shop.book(PEG).status == "complete"


def test_while_returns_are_off_everything_is_refused(shop):
    turn_returns(on=False, actor=SYSTEM)

    with nothing_changed():
        assert shop.code(shop.body(PEG), 403)[0] == "returns_disabled"


def test_what_is_out_of_sight_or_not_there_does_not_exist(shop, business, cy):
    blind = actor_with(username="blind")
    rights = Permission.objects.filter(codename__in=("record_return", "view_company"))
    blind.user.user_permissions.set(rights)
    stranger = Caller(blind, header="X-Subscription-Key", scheme="")
    with nothing_changed():
        assert problem(stranger.post(shop.path, shop.body(PEG)), 404)["code"] == "not_found"
        for ours, other in (
            ("/1000/", "/2000/"),
            ("/BO/", "/CY/"),
            ("/BO/", "/nobody/"),
            ("ODE12345678901", "nothing"),
            ("ODE12345678901", "%00"),
            ("ODE12345678901", "x" * 3000),
        ):
            path = shop.path.replace(ours, other)
            assert problem(shop.caller.post(path, shop.body(PEG)), 404)["code"] == "not_found"
        told = shop.body(PEG, invoiceReference="nothing")
        assert shop.code(told, 404) == ("not_found", {"/invoiceReference": "not_found"})


def test_an_invoice_of_another_order_is_refused(shop, business, bo):
    other = sell(business, bo, goods("LAMP", "1", "9.00")).invoices.get()
    with nothing_changed():
        told = shop.body(PEG, invoiceReference=other.reference)
        assert shop.code(told, 422) == ("wrong_invoice", {"/invoiceReference": "wrong_invoice"})


def test_what_was_not_shipped_or_not_charged_is_refused(shop, business, bo):
    body = {"returnDate": "2024-08-28", "returnReason": "CUSTOMER_RETURN", "returnReference": "R"}
    body["items"] = [{**PEG, "orderItemReference": 1}]
    unshipped = goods("HAT", "1", "9.00")
    shop.order = sell(business, bo, unshipped, reference="SO-HAT", shipped=False)
    with nothing_changed():
        assert shop.code(body, 422)[0] == "exceeds_returnable"
    lines = goods("CAP", "1", "9.00"), discount("-1.00")
    shop.order = sell(business, bo, *lines, reference="SO-CAP", invoiced=False)
    with nothing_changed():
        assert shop.code(body, 422) == (
            "not_invoiced",
            {"/items/0/orderItemReference": "not_invoiced"},
        )
        del body["items"]
        assert shop.code(body, 409)[0] == "nothing_left"


def test_rules_are_named_by_the_field_that_breaks_them(shop):
    tomorrow = clock.today(shop.order.business) + timedelta(days=1)
    cases = [
        (shop.body(PEG, returnDate=str(tomorrow)), {"/returnDate": "invalid_date"}),
        (shop.body(LOST, {**PEG, "vatAmount": 5.01}), {"/items/1/vatAmount": "invalid_vat"}),
        (
            shop.body({**PEG, "grossUnitPrice": -5, "vatAmount": -0.87}),
            {"/items/0/grossUnitPrice": "invalid_price"},
        ),
    ]
    with nothing_changed():
        for body, errors in cases:
            assert shop.code(body, 422)[1] == errors
        missing = {**PEG, "orderItemReference": 9}
        assert shop.code(shop.body(TENT, missing), 404)[1] == {
            "/items/1/orderItemReference": "not_found"
        }
        assert shop.code(shop.body(TENT, {**PEG, "quantity": 2}), 422)[0] == "exceeds_invoice"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"returnDate": "28.08.2024"}, "/returnDate"),
        ({"returnDate": "20240828"}, "/returnDate"),
        ({"returnDate": None}, "/returnDate"),
        ({"returnReason": "OTHER"}, "/returnReason"),
        ({"returnReference": "x" * 31}, "/returnReference"),
        ({"returnReference": ""}, "/returnReference"),
        ({"invoiceReference": "x" * 31}, "/invoiceReference"),
        ({"items": []}, "/items"),
        ({"items": None}, "/items"),
        ({"items": {}}, "/items"),
        ({"colour": "red"}, "/colour"),
        ({"bankDetails": {"owner": "x"}}, "/bankDetails/owner"),
        ({"bankDetails": []}, "/bankDetails"),
    ],
)
def test_what_cannot_be_read_is_malformed(shop, change, pointer):
    with nothing_changed():
        assert list(shop.code(shop.body(PEG, **change) | change, 400)[1]) == [pointer]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("orderItemReference", ["2", 0, -1, 1.5, True, None, 10**30, [], "x"]),
        ("quantity", ["1.0", 0, -1, True, None, 10**30, 0.000001, {}]),
        ("grossUnitPrice", ["5.00", True, None, 10**30, []]),
        ("vatAmount", ["0.87", False, 10**30]),
        ("vatPercent", ["21", -1, 10**30]),
        ("vatType", ["FULL", 1, None, []]),
    ],
)
def test_figures_are_json_numbers_within_their_limits(shop, name, values):
    with nothing_changed():
        for value in values:
            errors = shop.code(shop.body({**PEG, name: value}), 400)[1]
            assert list(errors) == [f"/items/0/{name}"], value


def test_bodies_kinds_methods_and_addresses_that_are_none(shop):
    doubled = b'{"returnDate": "2024-08-28", "returnDate": "2024-08-28"}'
    huge = b'{"returnReference": "R", "items": [{"quantity": 1e400}]}'
    with nothing_changed():
        for raw in (b"{", b"\xff", doubled, b"[NaN]", b'{"a":' * 60 + b"1" + b"}" * 60):
            assert problem(shop.caller.raw("POST", shop.path, raw), 400)["code"] == "malformed"
        for raw in (b"[]", b"1", b"null", huge, b""):
            assert problem(shop.caller.raw("POST", shop.path, raw), 400)
        answer = shop.caller.raw("POST", shop.path, b"a=1", "text/plain")
        assert problem(answer, 415)["code"] == "unsupported_media_type"
        assert problem(shop.caller.get(shop.path), 405)["code"] == "method_not_allowed"
        for path in ("/accounting", "/accounting/v1/", "/accounting/v1/x", "/accounting//"):
            assert problem(shop.caller.post(path, {}), 404)["code"] == "not_found"


def test_a_done_refund_is_told_in_the_words_of_this_system():
    ident = UUID("5b2efc5d-eb64-43eb-99fb-69728c3d2ce0")
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    data = {"id": "7", "reference": "RF-1", "version": 3, "status": "done", "business": "1000"}
    event = SimpleNamespace(type="refund.done", uuid=ident, at=at, data=data)

    assert notification(event) == {
        "notificationId": "5b2efc5d-eb64-43eb-99fb-69728c3d2ce0",
        "notificationType": "accounting/refundCompleted",
        "createdAt": "2026-03-02T09:30:00+00:00",
        "businessCode": "1000",
        "refundId": "7",
        "refundReference": "RF-1",
    }
    event.type = "refund.waiting_details"
    assert notification(event) is None
