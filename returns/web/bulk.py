"""Steps on many returns: each row by the service of its verb, at the version that was seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from returns import services
from returns.actions import actions_for
from returns.models import ReturnOrder
from returns.selectors import access_return, permission_for, visible_returns
from returns.states import VERBS, Status
from returns.web.listing import owners
from rmaproject.access.actors import Actor
from rmaproject.jobs.kinds import Changed, Kind
from rmaproject.jobs.models import Job, JobRow
from rmaproject.shared.transitions import find_verb
from rmaproject.views.registry import BulkStep
from rmaproject.views.stepping import (
    EDITED,
    DueForm,
    ReasonForm,
    StepForm,
    edited_values,
    kept_values,
)
from rmaproject.web.versions import at_seen

Act = Callable[[ReturnOrder, dict[str, Any], Actor], Any]


class OwnerForm(StepForm):
    """Who shall be responsible."""

    responsible = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    field_order = ("responsible", "in_one")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].choices = [("", _("Nobody")), *owners()]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        kind, key = self.cleaned_data["responsible"][:1], self.cleaned_data["responsible"][1:]
        return {
            "responsible_user": int(key) if kind == "u" else None,
            "responsible_group": int(key) if kind == "g" else None,
        }


def _edit(order: ReturnOrder, values: dict[str, Any], actor: Actor) -> None:
    services.edit_return(order.pk, edited_values(values), actor=actor)


def _change(verb: str, act: Act) -> Callable[[Job, JobRow, Actor], Changed]:
    def change(job: Job, row: JobRow, actor: Actor) -> Changed:
        order = access_return(actor, row.record, for_action=verb)
        values = {**job.values, **row.values}
        kept = kept_values(order, [name for name in EDITED if name in values])
        kept["reason"] = order.status_reason
        at_seen(order, row.version, lambda: act(order, values, actor))
        version = ReturnOrder.objects.values_list("version", flat=True).get(pk=order.pk)
        return Changed(version, kept)

    return change


def blocked_by(verb: str) -> Callable[[Actor, Sequence[ReturnOrder]], dict[int, str]]:
    """Why the services would refuse a verb on these rows, by key; as the page's buttons know it."""
    transition = find_verb(VERBS, verb)

    def blocked(actor: Actor, rows: Sequence[ReturnOrder]) -> dict[int, str]:
        why: dict[int, str] = {}
        for order in rows:
            actions = actions_for(order, list(order.lines.all()), actor)
            offered = {action.verb: action for action in actions}
            if verb not in offered:
                state = {"status": Status(order.status).label, "step": transition.words}
                why[order.pk] = _("%(status)s: “%(step)s” is not possible.") % state
            elif not offered[verb].allowed:
                why[order.pk] = offered[verb].reason
        return why

    return blocked


def _versions(actor: Actor, records: Sequence[UUID]) -> dict[UUID, int]:
    return dict(visible_returns(actor).filter(uuid__in=records).values_list("uuid", "version"))


def _kind(
    key: str, title: Any, verb: str, act: Act, said: Callable[[Job], str], undo: str = ""
) -> Kind:
    return Kind(
        f"returns.{key}", title, said, change=_change(verb, act), versions=_versions, undo=undo
    )


def _assigned(job: Job) -> str:
    words = ngettext(
        "%(count)d return has its owner.",
        "%(count)d returns have their owner.",
        job.done,
    )
    return words % {"count": job.done}


def _dated(job: Job) -> str:
    words = ngettext(
        "%(count)d return has its due date.",
        "%(count)d returns have their due date.",
        job.done,
    )
    return words % {"count": job.done}


def _held(job: Job) -> str:
    words = ngettext(
        "%(count)d return is on hold.",
        "%(count)d returns are on hold.",
        job.done,
    )
    return words % {"count": job.done}


def _resumed(job: Job) -> str:
    words = ngettext(
        "%(count)d return goes on.",
        "%(count)d returns go on.",
        job.done,
    )
    return words % {"count": job.done}


def _issued(job: Job) -> str:
    words = ngettext(
        "%(count)d return is issued.",
        "%(count)d returns are issued.",
        job.done,
    )
    return words % {"count": job.done}


def _cancelled(job: Job) -> str:
    words = ngettext(
        "%(count)d return is cancelled.",
        "%(count)d returns are cancelled.",
        job.done,
    )
    return words % {"count": job.done}


def _credited(job: Job) -> str:
    words = ngettext(
        "The credit of %(count)d return is booked.",
        "The credit of %(count)d returns is booked.",
        job.done,
    )
    return words % {"count": job.done}


def _undone(job: Job) -> str:
    words = ngettext(
        "%(count)d return is as it was before.",
        "%(count)d returns are as they were before.",
        job.done,
    )
    return words % {"count": job.done}


KINDS: Final = (
    _kind("assign", gettext_lazy("Assign returns"), "edit", _edit, _assigned, "returns.restore"),
    _kind(
        "due", gettext_lazy("Set due dates of returns"), "edit", _edit, _dated, "returns.restore"
    ),
    _kind("restore", gettext_lazy("Undo changes of returns"), "edit", _edit, _undone),
    _kind(
        "hold",
        gettext_lazy("Hold returns"),
        "hold",
        lambda order, values, actor: services.hold_return(
            order.pk, actor=actor, reason=values["reason"]
        ),
        _held,
        "returns.unhold",
    ),
    _kind(
        "unhold",
        gettext_lazy("Undo holding returns"),
        "resume",
        lambda order, values, actor: services.resume_return(order.pk, actor=actor),
        _undone,
    ),
    _kind(
        "resume",
        gettext_lazy("Resume returns"),
        "resume",
        lambda order, values, actor: services.resume_return(order.pk, actor=actor),
        _resumed,
        "returns.rehold",
    ),
    _kind(
        "rehold",
        gettext_lazy("Undo resuming returns"),
        "hold",
        lambda order, values, actor: services.hold_return(
            order.pk, actor=actor, reason=values["reason"]
        ),
        _undone,
    ),
    _kind(
        "issue",
        gettext_lazy("Issue returns"),
        "issue",
        lambda order, values, actor: services.issue_return(order.pk, actor=actor),
        _issued,
    ),
    _kind(
        "cancel",
        gettext_lazy("Cancel returns"),
        "cancel",
        lambda order, values, actor: services.cancel_return(
            order.pk, actor=actor, reason=values.get("reason", "")
        ),
        _cancelled,
    ),
    _kind(
        "credit",
        gettext_lazy("Book credits of returns"),
        "credit",
        lambda order, values, actor: services.credit_return(order.pk, actor=actor),
        _credited,
    ),
)


def _step(key: str, label: Any, icon: str, verb: str, one: Any, many: Any, **more: Any) -> BulkStep:
    return BulkStep(
        key=key,
        label=label,
        icon=icon,
        kind=f"returns.{key}",
        right=permission_for(verb),
        question=lambda count: str(one if count == 1 else many) % {"count": count},
        blocked=blocked_by(verb),
        loaded=lambda rows: rows.prefetch_related("lines", "extra_lines", "outbound__order_line"),
        **more,
    )


STEPS: Final = (
    _step(
        "assign",
        gettext_lazy("Assign"),
        "user",
        "edit",
        gettext_lazy("Assign %(count)d return"),
        gettext_lazy("Assign %(count)d returns"),
        form=OwnerForm,
    ),
    _step(
        "due",
        gettext_lazy("Due date"),
        "calendar",
        "edit",
        gettext_lazy("Set the due date of %(count)d return"),
        gettext_lazy("Set the due date of %(count)d returns"),
        form=DueForm,
    ),
    _step(
        "issue",
        gettext_lazy("Issue"),
        "ok",
        "issue",
        gettext_lazy("Issue %(count)d return"),
        gettext_lazy("Issue %(count)d returns"),
    ),
    _step(
        "hold",
        gettext_lazy("Hold"),
        "pause",
        "hold",
        gettext_lazy("Hold %(count)d return"),
        gettext_lazy("Hold %(count)d returns"),
        form=ReasonForm,
    ),
    _step(
        "resume",
        gettext_lazy("Resume"),
        "go",
        "resume",
        gettext_lazy("Resume %(count)d return"),
        gettext_lazy("Resume %(count)d returns"),
    ),
    _step(
        "cancel",
        gettext_lazy("Cancel"),
        "x",
        "cancel",
        gettext_lazy("Cancel %(count)d return"),
        gettext_lazy("Cancel %(count)d returns"),
        form=ReasonForm,
        typed="cancel",
    ),
    _step(
        "credit",
        gettext_lazy("Book the credit"),
        "refund",
        "credit",
        gettext_lazy("Book the credit of %(count)d return"),
        gettext_lazy("Book the credit of %(count)d returns"),
        typed="book",
    ),
)
