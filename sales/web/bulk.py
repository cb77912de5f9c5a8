"""Steps on many sales orders: each row by the service of its verb, at the version seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy, ngettext_lazy

from rmaproject.access.actors import Actor
from rmaproject.shared.transitions import Action
from rmaproject.views.stepping import DueForm, ReasonForm, Stepping, edited_values
from sales.actions import actions_for
from sales.models import SalesOrder
from sales.selectors import access_order, hold_reason, visible_orders
from sales.services.orders import edit_order, hold_order, resume_order
from sales.states import ORDER_VERBS


def _edit(order: SalesOrder, values: dict[str, Any], actor: Actor) -> None:
    edit_order(order.pk, edited_values(values), actor=actor)


def _hold(order: SalesOrder, values: dict[str, Any], actor: Actor) -> None:
    hold_order(order.pk, actor=actor, reason=values.get("reason", ""))


def _resume(order: SalesOrder, values: dict[str, Any], actor: Actor) -> None:
    resume_order(order.pk, actor=actor)


def _offers(actor: Actor) -> Callable[[SalesOrder], Sequence[Action]]:
    return lambda order: actions_for(order, list(order.lines.all()), actor)


ORDERS: Final = Stepping(
    "orders",
    SalesOrder,
    ORDER_VERBS,
    access=lambda actor, ident, verb: access_order(actor, ident, for_action=verb),
    visible=visible_orders,
    offers=_offers,
    status=SalesOrder.get_status_display,
    loaded=lambda rows: rows.prefetch_related("lines"),
    kept=lambda order: {"reason": hold_reason(order)},
)

_UNDONE: Final = ngettext_lazy(
    "%(count)d order is as it was before.",
    "%(count)d orders are as they were before.",
    "count",
)

KINDS: Final = (
    ORDERS.kind(
        "due",
        gettext_lazy("Set due dates of orders"),
        "edit",
        _edit,
        ngettext_lazy(
            "%(count)d order has its due date.",
            "%(count)d orders have their due date.",
            "count",
        ),
        undo="restore",
    ),
    ORDERS.kind(
        "restore",
        gettext_lazy("Undo changes of orders"),
        "edit",
        _edit,
        _UNDONE,
    ),
    ORDERS.kind(
        "hold",
        gettext_lazy("Hold orders"),
        "hold",
        _hold,
        ngettext_lazy(
            "%(count)d order is on hold.",
            "%(count)d orders are on hold.",
            "count",
        ),
        undo="unhold",
    ),
    ORDERS.kind(
        "unhold",
        gettext_lazy("Undo holding orders"),
        "resume",
        _resume,
        _UNDONE,
    ),
    ORDERS.kind(
        "resume",
        gettext_lazy("Resume orders"),
        "resume",
        _resume,
        ngettext_lazy(
            "%(count)d order goes on.",
            "%(count)d orders go on.",
            "count",
        ),
        undo="rehold",
    ),
    ORDERS.kind(
        "rehold",
        gettext_lazy("Undo resuming orders"),
        "hold",
        _hold,
        _UNDONE,
    ),
)

STEPS: Final = (
    ORDERS.step(
        "due",
        gettext_lazy("Due date"),
        "calendar",
        ngettext_lazy(
            "Set the due date of %(count)d order",
            "Set the due date of %(count)d orders",
            "count",
        ),
        verb="edit",
        form=DueForm,
    ),
    ORDERS.step(
        "hold",
        gettext_lazy("Hold"),
        "pause",
        ngettext_lazy(
            "Hold %(count)d order",
            "Hold %(count)d orders",
            "count",
        ),
        form=ReasonForm,
    ),
    ORDERS.step(
        "resume",
        gettext_lazy("Resume"),
        "go",
        ngettext_lazy(
            "Resume %(count)d order",
            "Resume %(count)d orders",
            "count",
        ),
    ),
)
