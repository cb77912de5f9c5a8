"""Steps on many sales orders: each row by the service of its verb, at the version seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rmaproject.access.actors import Actor
from rmaproject.jobs.kinds import Changed, Kind
from rmaproject.jobs.models import Job, JobRow
from rmaproject.shared.transitions import find_verb
from rmaproject.views.registry import BulkStep
from rmaproject.views.stepping import EDITED, DueForm, ReasonForm, edited_values, kept_values
from rmaproject.web.versions import at_seen
from sales.actions import actions_for
from sales.models import SalesOrder
from sales.selectors import access_order, permission_for, visible_orders
from sales.services.orders import edit_order, hold_order, resume_order
from sales.states import ORDER_VERBS, OrderStatus

Act = Callable[[SalesOrder, dict[str, Any], Actor], Any]


def _edit(order: SalesOrder, values: dict[str, Any], actor: Actor) -> None:
    edit_order(order.pk, edited_values(values), actor=actor)


def _hold(order: SalesOrder, values: dict[str, Any], actor: Actor) -> None:
    hold_order(order.pk, actor=actor, reason=values.get("reason", ""))


def _resume(order: SalesOrder, values: dict[str, Any], actor: Actor) -> None:
    resume_order(order.pk, actor=actor)


def _change(verb: str, act: Act) -> Callable[[Job, JobRow, Actor], Changed]:
    def change(job: Job, row: JobRow, actor: Actor) -> Changed:
        order = access_order(actor, row.record, for_action=verb)
        values = {**job.values, **row.values}
        kept = kept_values(order, [name for name in EDITED if name in values])
        at_seen(order, row.version, lambda: act(order, values, actor))
        version = SalesOrder.objects.values_list("version", flat=True).get(pk=order.pk)
        return Changed(version, kept)

    return change


def _blocked_by(verb: str) -> Callable[[Actor, Sequence[SalesOrder]], dict[int, str]]:
    transition = find_verb(ORDER_VERBS, verb)

    def blocked(actor: Actor, rows: Sequence[SalesOrder]) -> dict[int, str]:
        why: dict[int, str] = {}
        for order in rows:
            actions = actions_for(order, list(order.lines.all()), actor)
            offered = {action.verb: action for action in actions}
            if verb not in offered:
                state = {"status": OrderStatus(order.status).label, "step": transition.words}
                why[order.pk] = _("%(status)s: “%(step)s” is not possible.") % state
            elif not offered[verb].allowed:
                why[order.pk] = offered[verb].reason
        return why

    return blocked


def _versions(actor: Actor, records: Sequence[UUID]) -> dict[UUID, int]:
    return dict(visible_orders(actor).filter(uuid__in=records).values_list("uuid", "version"))


def _held(job: Job) -> str:
    words = ngettext("%(count)d order is on hold.", "%(count)d orders are on hold.", job.done)
    return words % {"count": job.done}


def _resumed(job: Job) -> str:
    words = ngettext("%(count)d order goes on.", "%(count)d orders go on.", job.done)
    return words % {"count": job.done}


def _dated(job: Job) -> str:
    words = ngettext(
        "%(count)d order has its due date.", "%(count)d orders have their due date.", job.done
    )
    return words % {"count": job.done}


def _undone(job: Job) -> str:
    words = ngettext(
        "%(count)d order is as it was before.",
        "%(count)d orders are as they were before.",
        job.done,
    )
    return words % {"count": job.done}


def _kind(
    key: str, title: Any, verb: str, act: Act, said: Callable[[Job], str], undo: str = ""
) -> Kind:
    change = _change(verb, act)
    return Kind(f"orders.{key}", title, said, change=change, versions=_versions, undo=undo)


KINDS: Final = (
    _kind("due", gettext_lazy("Set due dates of orders"), "edit", _edit, _dated, "orders.restore"),
    _kind("restore", gettext_lazy("Undo changes of orders"), "edit", _edit, _undone),
    _kind("hold", gettext_lazy("Hold orders"), "hold", _hold, _held, "orders.unhold"),
    _kind("unhold", gettext_lazy("Undo holding orders"), "resume", _resume, _undone),
    _kind("resume", gettext_lazy("Resume orders"), "resume", _resume, _resumed, "orders.rehold"),
    _kind("rehold", gettext_lazy("Undo resuming orders"), "hold", _hold, _undone),
)


def _step(key: str, label: Any, icon: str, verb: str, one: Any, many: Any, **more: Any) -> BulkStep:
    return BulkStep(
        key=key,
        label=label,
        icon=icon,
        kind=f"orders.{key}",
        right=permission_for(verb),
        question=lambda count: str(one if count == 1 else many) % {"count": count},
        blocked=_blocked_by(verb),
        loaded=lambda rows: rows.prefetch_related("lines"),
        **more,
    )


STEPS: Final = (
    _step(
        "due",
        gettext_lazy("Due date"),
        "calendar",
        "edit",
        gettext_lazy("Set the due date of %(count)d order"),
        gettext_lazy("Set the due date of %(count)d orders"),
        form=DueForm,
    ),
    _step(
        "hold",
        gettext_lazy("Hold"),
        "pause",
        "hold",
        gettext_lazy("Hold %(count)d order"),
        gettext_lazy("Hold %(count)d orders"),
        form=ReasonForm,
    ),
    _step(
        "resume",
        gettext_lazy("Resume"),
        "go",
        "resume",
        gettext_lazy("Resume %(count)d order"),
        gettext_lazy("Resume %(count)d orders"),
    ),
)
