"""Steps on many returns: each row by the service of its verb, at the version that was seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from returns import services
from returns.actions import actions_for
from returns.models import ReturnOrder
from returns.selectors import access_return, visible_returns
from returns.states import VERBS
from rmaproject.access.actors import Actor
from rmaproject.shared.transitions import Action
from rmaproject.views.stepping import DueForm, ReasonForm, StepForm, Stepping, edited_values
from rmaproject.web.planning.owning import owners


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


def _hold(order: ReturnOrder, values: dict[str, Any], actor: Actor) -> None:
    services.hold_return(order.pk, actor=actor, reason=values["reason"])


def _resume(order: ReturnOrder, values: dict[str, Any], actor: Actor) -> None:
    services.resume_return(order.pk, actor=actor)


def _issue(order: ReturnOrder, values: dict[str, Any], actor: Actor) -> None:
    services.issue_return(order.pk, actor=actor)


def _cancel(order: ReturnOrder, values: dict[str, Any], actor: Actor) -> None:
    services.cancel_return(order.pk, actor=actor, reason=values.get("reason", ""))


def _credit(order: ReturnOrder, values: dict[str, Any], actor: Actor) -> None:
    services.credit_return(order.pk, actor=actor)


def _offers(actor: Actor) -> Callable[[ReturnOrder], Sequence[Action]]:
    return lambda order: actions_for(order, list(order.lines.all()), actor)


RETURNS: Final = Stepping(
    "returns",
    ReturnOrder,
    VERBS,
    access=lambda actor, ident, verb: access_return(actor, ident, for_action=verb),
    visible=visible_returns,
    offers=_offers,
    status=ReturnOrder.get_status_display,
    loaded=lambda rows: rows.prefetch_related("lines", "extra_lines", "outbound__order_line"),
    kept=lambda order: {"reason": order.status_reason},
)

_UNDONE: Final = ngettext_lazy(
    "%(count)d return is as it was before.",
    "%(count)d returns are as they were before.",
    "count",
)

KINDS: Final = (
    RETURNS.kind(
        "assign",
        gettext_lazy("Assign returns"),
        "edit",
        _edit,
        ngettext_lazy(
            "%(count)d return has its owner.",
            "%(count)d returns have their owner.",
            "count",
        ),
        undo="restore",
    ),
    RETURNS.kind(
        "due",
        gettext_lazy("Set due dates of returns"),
        "edit",
        _edit,
        ngettext_lazy(
            "%(count)d return has its due date.",
            "%(count)d returns have their due date.",
            "count",
        ),
        undo="restore",
    ),
    RETURNS.kind(
        "restore",
        gettext_lazy("Undo changes of returns"),
        "edit",
        _edit,
        _UNDONE,
    ),
    RETURNS.kind(
        "hold",
        gettext_lazy("Hold returns"),
        "hold",
        _hold,
        ngettext_lazy(
            "%(count)d return is on hold.",
            "%(count)d returns are on hold.",
            "count",
        ),
        undo="unhold",
    ),
    RETURNS.kind(
        "unhold",
        gettext_lazy("Undo holding returns"),
        "resume",
        _resume,
        _UNDONE,
    ),
    RETURNS.kind(
        "resume",
        gettext_lazy("Resume returns"),
        "resume",
        _resume,
        ngettext_lazy(
            "%(count)d return goes on.",
            "%(count)d returns go on.",
            "count",
        ),
        undo="rehold",
    ),
    RETURNS.kind(
        "rehold",
        gettext_lazy("Undo resuming returns"),
        "hold",
        _hold,
        _UNDONE,
    ),
    RETURNS.kind(
        "issue",
        gettext_lazy("Issue returns"),
        "issue",
        _issue,
        ngettext_lazy(
            "%(count)d return is issued.",
            "%(count)d returns are issued.",
            "count",
        ),
    ),
    RETURNS.kind(
        "cancel",
        gettext_lazy("Cancel returns"),
        "cancel",
        _cancel,
        ngettext_lazy(
            "%(count)d return is cancelled.",
            "%(count)d returns are cancelled.",
            "count",
        ),
    ),
    RETURNS.kind(
        "credit",
        gettext_lazy("Book credits of returns"),
        "credit",
        _credit,
        ngettext_lazy(
            "The credit of %(count)d return is booked.",
            "The credit of %(count)d returns is booked.",
            "count",
        ),
    ),
)

STEPS: Final = (
    RETURNS.step(
        "assign",
        gettext_lazy("Assign"),
        "user",
        ngettext_lazy(
            "Assign %(count)d return",
            "Assign %(count)d returns",
            "count",
        ),
        verb="edit",
        form=OwnerForm,
    ),
    RETURNS.step(
        "due",
        gettext_lazy("Due date"),
        "calendar",
        ngettext_lazy(
            "Set the due date of %(count)d return",
            "Set the due date of %(count)d returns",
            "count",
        ),
        verb="edit",
        form=DueForm,
    ),
    RETURNS.step(
        "issue",
        gettext_lazy("Issue"),
        "ok",
        ngettext_lazy(
            "Issue %(count)d return",
            "Issue %(count)d returns",
            "count",
        ),
    ),
    RETURNS.step(
        "hold",
        gettext_lazy("Hold"),
        "pause",
        ngettext_lazy(
            "Hold %(count)d return",
            "Hold %(count)d returns",
            "count",
        ),
        form=ReasonForm,
    ),
    RETURNS.step(
        "resume",
        gettext_lazy("Resume"),
        "go",
        ngettext_lazy(
            "Resume %(count)d return",
            "Resume %(count)d returns",
            "count",
        ),
    ),
    RETURNS.step(
        "cancel",
        gettext_lazy("Cancel"),
        "x",
        ngettext_lazy(
            "Cancel %(count)d return",
            "Cancel %(count)d returns",
            "count",
        ),
        form=ReasonForm,
        typed="cancel",
    ),
    RETURNS.step(
        "credit",
        gettext_lazy("Book the credit"),
        "refund",
        ngettext_lazy(
            "Book the credit of %(count)d return",
            "Book the credit of %(count)d returns",
            "count",
        ),
        typed="book",
    ),
)
