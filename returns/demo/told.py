"""What waits for people in the demo, and that they were told of it."""

from __future__ import annotations

from collections.abc import Iterator

from returns.demo.desk import Desk
from returns.models import ReturnOrder
from returns.noticing import KIND, overdue, responsible_people
from returns.selectors import permission_for
from returns.states import Status
from rmaproject.access.selectors import people_who_may
from rmaproject.notices.models import NoticeKind
from rmaproject.notices.registry import Draft
from rmaproject.notices.services import notify
from rmaproject.shared import clock


def make_notices(desk: Desk) -> None:
    """Leave something to approve, and tell everybody of what is theirs."""
    _waiting(desk)
    notify([*_approvals(), *_owned(), *overdue(clock.now())])


def _waiting(desk: Desk) -> None:
    """A return too dear to go on by itself, and a refund too large to be paid by itself."""
    desk.expect_today("WEB-10262", {"TENT-4P": "1", "MAT-L": "1"}, "damaged", due=2)
    desk.refund("WEB-10263", {"JACK-W": "1"}, "wrong_item")


def _approvals() -> Iterator[Draft]:
    """Known by the keys that the events of these returns have, so that nobody is told twice."""
    people = people_who_may(permission_for("approve"))
    for order in ReturnOrder.objects.filter(status=Status.AWAITING_APPROVAL).order_by("pk"):
        key = f"approval:{order.uuid}:{order.version}"
        for user in people:
            yield Draft(user.pk, NoticeKind.APPROVAL, KIND, order.uuid, key)


def _owned() -> Iterator[Draft]:
    owned = ReturnOrder.objects.open().exclude(responsible_user=None, responsible_group=None)
    for order in owned.select_related("responsible_group").order_by("-pk")[:20]:
        for user_id in responsible_people(order):
            key = f"assigned:{order.uuid}:1"
            yield Draft(user_id, NoticeKind.ASSIGNED, KIND, order.uuid, key)
