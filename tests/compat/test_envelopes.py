"""Refusals that no view of a door gave, and the limits of bodies, in each door's own envelope."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings

from rmaproject.rest.rendering import MAX_BYTES, MAX_DEPTH
from tests.compat.calling import Caller, nothing_changed
from tests.factories import actor_with, goods, sell

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Door:
    """Where a door is, how its clients name themselves, and what they read of a refusal."""

    path: str
    nowhere: str
    read: Callable[[Any], Any]
    header: str = "Authorization"
    scheme: str = "Bearer"

    def caller(self) -> Caller:
        return Caller(actor_with("Integrator"), header=self.header, scheme=self.scheme)

    def says(self, answer: Any, status: int, code: str) -> None:
        """The answer is a refusal in the envelope of this door."""
        body = json.loads(answer.content)
        assert answer.status_code == status, (answer.status_code, body)
        assert self.read(body) == code, body


def problem(body: Any) -> Any:
    assert {"type", "title", "status", "detail", "instance", "code", "request_id"} <= set(body)
    return body["code"]


def numbered(body: Any) -> Any:
    assert isinstance(body["code"], int)
    assert body["code"] != 0
    assert body["message"]
    return body["error"]


def listed(body: Any) -> Any:
    assert sorted(body) == ["errors"]
    (error,) = body["errors"]
    assert sorted(error) == ["code", "field", "message"]
    return error["code"]


def detailed(body: Any) -> Any:
    """This one tells no code: a sentence under `detail`."""
    assert sorted(body) == ["detail"]
    assert isinstance(body["detail"], str)
    return None


KNOWN = {
    "exsited": Door(
        "/api/v3/invoices/{invoice}/return-merchandise-authorisations", "/api/v3/nothing", listed
    ),
    "zoho": Door(
        "/inventory/v1/salesreturns?organization_id=1000&salesorder_id={order}",
        "/inventory/v1/nothing",
        numbered,
        scheme="Zoho-oauthtoken",
    ),
    "riverty": Door(
        "/accounting/v1/businesses/1000/customers/BO/orders/SO-1/returns",
        "/accounting/v1/nothing",
        problem,
        header="X-Subscription-Key",
        scheme="",
    ),
    "inventree": Door("/api/order/ro/", "/api/company/nothing/1/", detailed, scheme="Token"),
}
#: An adapter may be taken out; this test then has one row less.
HERE = [name for name in KNOWN if name in settings.KNOWN_ADAPTERS]
UNREADABLE = [
    (b'{"a": "' + b"x" * MAX_BYTES + b'"}', 413, "too_large_body"),
    (b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2), 400, "malformed"),
    (b'{"a": ' * 100_000, 400, "malformed"),
    (b'{"a": 1, "a": 2}', 400, "malformed"),
    (b'{"a": "\xff"}', 400, "malformed"),
    (b'{"a": "\\ud800"}', 400, "malformed"),
    (b'{"a": NaN}', 400, "malformed"),
    (b'{"a": ', 400, "malformed"),
]


@pytest.fixture(params=HERE)
def door(request: Any, roles: None, business: Any, bo: Any) -> Door:
    """A door, and a sale of which something may come back."""
    order = sell(business, bo, goods("TENT", "3", "50.00"), reference="SO-1")
    known = KNOWN[request.param]
    path = known.path.format(invoice=order.invoices.get().reference, order=order.uuid)
    return replace(known, path=path)


def told(door: Door, code: str) -> Any:
    return None if door.read is detailed else code


def test_bodies_beyond_the_limits_are_refused(door: Door):
    caller = door.caller()

    for body, status, code in UNREADABLE:
        door.says(caller.raw("POST", door.path, body), status, told(door, code))


def test_an_address_that_leads_nowhere(door: Door):
    answer = door.caller().get(door.nowhere)

    body = json.loads(answer.content)
    assert answer.status_code == 404
    door.read(body)


def test_a_defect_of_ours_is_told_in_the_doors_own_words(door: Door):
    with patch("returns.compat.door.Door.initial", side_effect=ZeroDivisionError):
        answer = door.caller().post(door.path, {})

    door.says(answer, 500, told(door, "internal_error"))
    assert b"ZeroDivision" not in answer.content


@pytest.mark.parametrize("known", [True, False])
def test_calls_beyond_the_quota_are_refused_and_change_nothing(
    door: Door, settings: Any, tmp_path: Any, known: bool
):
    settings.RATE_LIMIT, settings.RATE_FILE = 2, tmp_path / "calls"
    caller = door.caller() if known else Caller()
    within = [caller.post(door.path, {}) for _ in range(2)]

    with nothing_changed():
        answer = caller.post(door.path, {})

    assert all(one.status_code in (400, 401, 422) for one in within)
    assert within[1].headers["RateLimit"].startswith('"default";r=0;t=')
    door.says(answer, 429, told(door, "quota_exceeded"))
    assert 0 < int(answer.headers["Retry-After"]) <= 61


def test_a_page_that_nobody_made_stays_a_page(client: Any):
    answer = client.get("/nothing/")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "RateLimit" not in answer.headers
