"""Which right each address of return orders asks for; who lacks it changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.models import Permission

from returns.models import ReturnOrder
from returns.services import turn_returns
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.access.models import User
from rmaproject.audit.models import AuditEntry
from tests.compat.inventree.calling import Caller, body
from tests.factories import UserFactory, ask_return

pytestmark = pytest.mark.django_db

RO, LINE, EXTRA = "order/ro/", "order/ro-line/", "order/ro-extra-line/"


@dataclass
class Ground:
    """A return in progress with a line, and bodies that would change it."""

    order: ReturnOrder
    bodies: dict[str, Any] = field(default_factory=dict)


#: Method, address (with `{ro}`, `{line}`), the body's name, the right beside seeing returns.
TABLE = [
    ("GET", RO, "", ""),
    ("POST", RO, "order", "create_return"),
    ("GET", RO + "{ro}/", "", ""),
    ("PATCH", RO + "{ro}/", "header", "edit_return"),
    ("PUT", RO + "{ro}/", "order", "edit_return"),
    ("DELETE", RO + "{ro}/", "", "delete_return"),
    ("POST", RO + "{ro}/issue/", "", "issue_return"),
    ("POST", RO + "{ro}/hold/", "", "hold_return"),
    ("POST", RO + "{ro}/cancel/", "", "cancel_return"),
    ("POST", RO + "{ro}/complete/", "", "complete_return"),
    ("POST", RO + "{ro}/receive/", "receive", "receive_return"),
    ("GET", RO + "{ro}/metadata/", "", ""),
    ("PATCH", RO + "{ro}/metadata/", "metadata", "edit_return"),
    ("PUT", "metadata/returnorder/{ro}/", "metadata", "edit_return"),
    ("GET", LINE, "", ""),
    ("POST", LINE, "line", "edit_return"),
    ("PATCH", LINE + "{line}/", "note", "edit_return"),
    ("DELETE", LINE + "{line}/", "", "edit_return"),
    ("DELETE", LINE, "items", "edit_return"),
    ("GET", EXTRA, "", ""),
    ("POST", EXTRA, "extra", "edit_return"),
    ("GET", "attachment/", "", ""),
    ("POST", "attachment/", "link", "comment_return"),
]


@pytest.fixture
def ground(business: Any, bo: Any, pegs: Any) -> Ground:
    order = ask_return(pegs.order, "2", issued=True)
    line = order.lines.get()
    link = {"model_type": "returnorder", "model_id": order.pk, "link": "https://example.org/"}
    place = business.returns_location_id
    return Ground(
        order,
        {
            "": {},
            "order": {"customer": bo.pk},
            "header": {"customer_reference": "theirs"},
            "receive": {"items": [{"item": line.pk}], "location": place},
            "metadata": {"metadata": {"a": 1}},
            "line": {"order": order.pk, "sales_order_line": pegs.pk},
            "note": {"notes": "torn"},
            "items": {"items": [line.pk]},
            "extra": {"order": order.pk, "description": "Postage", "price": -5},
            "link": link,
        },
    )


def caller_with(*names: str) -> Caller:
    """Somebody who sees everything and holds these rights on returns."""
    user: User = UserFactory()
    wanted = {"see_all_businesses", "view_company", "view_stock", "view_order", *names}
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    return Caller(Actor(user, door="test"))


def address(row: tuple[str, str, str, str], ground: Ground) -> str:
    line = ground.order.lines.get()
    return row[1].format(ro=ground.order.pk, line=line.pk)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} {row[1]}")
def test_nobody_without_a_credential(row: Any, ground: Ground) -> None:
    answer = Caller().call(row[0], address(row, ground), ground.bodies[row[2]])

    assert set(body(answer, 401)) == {"detail"}
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="api"'


@pytest.mark.parametrize("row", [row for row in TABLE if row[3]], ids=lambda r: f"{r[0]} {r[1]}")
def test_who_lacks_the_right_is_refused_and_changes_nothing(row: Any, ground: Ground) -> None:
    before = AuditEntry.objects.count()

    answer = caller_with("view_return").call(row[0], address(row, ground), ground.bodies[row[2]])

    assert set(body(answer, 403)) == {"detail"}
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} {row[1]}")
def test_the_right_is_enough(row: Any, ground: Ground) -> None:
    caller = caller_with("view_return", row[3])

    answer = caller.call(row[0], address(row, ground), ground.bodies[row[2]])

    assert answer.status_code not in {401, 403, 404, 500}, answer.content


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} {row[1]}")
def test_returns_switched_off_are_403(row: Any, ground: Ground) -> None:
    turn_returns(on=False, actor=SYSTEM)

    answer = caller_with("view_return", row[3]).call(
        row[0], address(row, ground), ground.bodies[row[2]]
    )

    assert set(body(answer, 403)) == {"detail"}


@pytest.mark.parametrize("row", [row for row in TABLE if "{" in row[1]], ids=lambda r: r[1] + r[0])
def test_what_may_not_be_seen_is_not_there(row: Any, ground: Ground) -> None:
    names = {"view_company", "view_stock", "view_order", "view_return", row[3]}
    user: User = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    before = AuditEntry.objects.count()

    answer = Caller(Actor(user, door="test")).call(
        row[0], address(row, ground), ground.bodies[row[2]]
    )

    body(answer, 404)
    assert AuditEntry.objects.count() == before
