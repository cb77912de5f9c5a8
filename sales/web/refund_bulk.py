"""Steps on many refunds: each row by the service of its verb, at the version that was seen."""

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
from rmaproject.web.versions import at_seen
from sales.models import Refund
from sales.refund_actions import refund_actions
from sales.refund_selectors import access_refund, visible_refunds
from sales.services import refunding
from sales.services.limits import Limits
from sales.states import REFUND_VERBS, RefundState

Act = Callable[[int, Actor], Refund]


def _change(verb: str, act: Act) -> Callable[[Job, JobRow, Actor], Changed]:
    def change(job: Job, row: JobRow, actor: Actor) -> Changed:
        refund = access_refund(actor, row.record, verb=verb)
        refunding.holding(
            refund.pk, lambda: at_seen(refund, row.version, lambda: act(refund.pk, actor))
        )
        version = Refund.objects.values_list("version", flat=True).get(pk=refund.pk)
        return Changed(version, {})

    return change


def _blocked_by(verb: str) -> Callable[[Actor, Sequence[Refund]], dict[int, str]]:
    transition = find_verb(REFUND_VERBS, verb)

    def blocked(actor: Actor, rows: Sequence[Refund]) -> dict[int, str]:
        limits, why = Limits(actor), {}
        for refund in rows:
            offered = {row.verb: row for row in refund_actions(refund, actor, limits)}
            if verb not in offered:
                state = {"status": str(RefundState(refund.state).label), "step": transition.words}
                why[refund.pk] = _("%(status)s: “%(step)s” is not possible.") % state
            elif not offered[verb].allowed:
                why[refund.pk] = offered[verb].reason
        return why

    return blocked


def _versions(actor: Actor, records: Sequence[UUID]) -> dict[UUID, int]:
    return dict(visible_refunds(actor).filter(uuid__in=records).values_list("uuid", "version"))


def _approved(job: Job) -> str:
    words = ngettext("%(count)d refund is approved.", "%(count)d refunds are approved.", job.done)
    return words % {"count": job.done}


def _paid(job: Job) -> str:
    words = ngettext(
        "%(count)d refund is on its way.", "%(count)d refunds are on their way.", job.done
    )
    return words % {"count": job.done}


def _confirmed(job: Job) -> str:
    words = ngettext("%(count)d refund is done.", "%(count)d refunds are done.", job.done)
    return words % {"count": job.done}


def _asked(job: Job) -> str:
    words = ngettext(
        "The gateway was asked for %(count)d refund.",
        "The gateways were asked for %(count)d refunds.",
        job.done,
    )
    return words % {"count": job.done}


def _ready_again(job: Job) -> str:
    words = ngettext(
        "%(count)d refund is ready again.", "%(count)d refunds are ready again.", job.done
    )
    return words % {"count": job.done}


def _kind(verb: str, title: Any, act: Act, said: Callable[[Job], str]) -> Kind:
    return Kind(f"refunds.{verb}", title, said, change=_change(verb, act), versions=_versions)


KINDS: Final = (
    _kind(
        "approve",
        gettext_lazy("Approve refunds"),
        lambda key, actor: refunding.approve_refund(key, actor=actor),
        _approved,
    ),
    _kind(
        "pay",
        gettext_lazy("Pay refunds"),
        lambda key, actor: refunding.pay_refund(key, actor=actor),
        _paid,
    ),
    _kind(
        "ask",
        gettext_lazy("Ask the gateways for refunds"),
        lambda key, actor: refunding.ask_refund(key, actor=actor),
        _asked,
    ),
    _kind(
        "confirm",
        gettext_lazy("Confirm refunds as paid"),
        lambda key, actor: refunding.confirm_refund(key, actor=actor),
        _confirmed,
    ),
    _kind(
        "retry",
        gettext_lazy("Try refunds again"),
        lambda key, actor: refunding.retry_refund(key, actor=actor),
        _ready_again,
    ),
)


def _step(verb: str, label: Any, icon: str, one: Any, many: Any, typed: str = "") -> BulkStep:
    return BulkStep(
        key=verb,
        label=label,
        icon=icon,
        kind=f"refunds.{verb}",
        right=find_verb(REFUND_VERBS, verb).permission,
        question=lambda count: str(one if count == 1 else many) % {"count": count},
        blocked=_blocked_by(verb),
        typed=typed,
    )


STEPS: Final = (
    _step(
        "approve",
        gettext_lazy("Approve"),
        "check",
        gettext_lazy("Approve %(count)d refund"),
        gettext_lazy("Approve %(count)d refunds"),
        typed="approve",
    ),
    _step(
        "pay",
        gettext_lazy("Pay"),
        "bank",
        gettext_lazy("Pay %(count)d refund"),
        gettext_lazy("Pay %(count)d refunds"),
        typed="pay",
    ),
    _step(
        "confirm",
        gettext_lazy("Confirm as paid"),
        "ok",
        gettext_lazy("Confirm that %(count)d refund was paid"),
        gettext_lazy("Confirm that %(count)d refunds were paid"),
        typed="paid",
    ),
    _step(
        "ask",
        gettext_lazy("Ask the gateway"),
        "search",
        gettext_lazy("Ask the gateway for %(count)d refund"),
        gettext_lazy("Ask the gateways for %(count)d refunds"),
    ),
    _step(
        "retry",
        gettext_lazy("Try again"),
        "undo",
        gettext_lazy("Try %(count)d refund again"),
        gettext_lazy("Try %(count)d refunds again"),
    ),
)
