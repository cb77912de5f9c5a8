"""Steps on many refunds: each row by the service of its verb, at the version that was seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy, ngettext_lazy

from rmaproject.access.actors import Actor
from rmaproject.shared.transitions import Action
from rmaproject.views.stepping import Stepping
from sales.models import Refund
from sales.refund_actions import refund_actions
from sales.refund_selectors import access_refund, visible_refunds
from sales.services import refunding
from sales.services.limits import Limits
from sales.states import REFUND_VERBS


def _approve(refund: Refund, values: dict[str, Any], actor: Actor) -> None:
    refunding.approve_refund(refund.pk, actor=actor)


def _pay(refund: Refund, values: dict[str, Any], actor: Actor) -> None:
    refunding.pay_refund(refund.pk, actor=actor)


def _ask(refund: Refund, values: dict[str, Any], actor: Actor) -> None:
    refunding.ask_refund(refund.pk, actor=actor)


def _confirm(refund: Refund, values: dict[str, Any], actor: Actor) -> None:
    refunding.confirm_refund(refund.pk, actor=actor)


def _retry(refund: Refund, values: dict[str, Any], actor: Actor) -> None:
    refunding.retry_refund(refund.pk, actor=actor)


def _offers(actor: Actor) -> Callable[[Refund], Sequence[Action]]:
    limits = Limits(actor)
    return lambda refund: refund_actions(refund, actor, limits)


REFUNDS: Final = Stepping(
    "refunds",
    Refund,
    REFUND_VERBS,
    access=lambda actor, ident, verb: access_refund(actor, ident, verb=verb),
    visible=visible_refunds,
    offers=_offers,
    status=Refund.get_state_display,
    holding=refunding.holding,
)

KINDS: Final = (
    REFUNDS.kind(
        "approve",
        gettext_lazy("Approve refunds"),
        "approve",
        _approve,
        ngettext_lazy(
            "%(count)d refund is approved.",
            "%(count)d refunds are approved.",
            "count",
        ),
    ),
    REFUNDS.kind(
        "pay",
        gettext_lazy("Pay refunds"),
        "pay",
        _pay,
        ngettext_lazy(
            "%(count)d refund is on its way.",
            "%(count)d refunds are on their way.",
            "count",
        ),
    ),
    REFUNDS.kind(
        "ask",
        gettext_lazy("Ask the gateways for refunds"),
        "ask",
        _ask,
        ngettext_lazy(
            "The gateway was asked for %(count)d refund.",
            "The gateways were asked for %(count)d refunds.",
            "count",
        ),
    ),
    REFUNDS.kind(
        "confirm",
        gettext_lazy("Confirm refunds as paid"),
        "confirm",
        _confirm,
        ngettext_lazy(
            "%(count)d refund is done.",
            "%(count)d refunds are done.",
            "count",
        ),
    ),
    REFUNDS.kind(
        "retry",
        gettext_lazy("Try refunds again"),
        "retry",
        _retry,
        ngettext_lazy(
            "%(count)d refund is ready again.",
            "%(count)d refunds are ready again.",
            "count",
        ),
    ),
)

STEPS: Final = (
    REFUNDS.step(
        "approve",
        gettext_lazy("Approve"),
        "check",
        ngettext_lazy(
            "Approve %(count)d refund",
            "Approve %(count)d refunds",
            "count",
        ),
        typed="approve",
    ),
    REFUNDS.step(
        "pay",
        gettext_lazy("Pay"),
        "bank",
        ngettext_lazy(
            "Pay %(count)d refund",
            "Pay %(count)d refunds",
            "count",
        ),
        typed="pay",
    ),
    REFUNDS.step(
        "confirm",
        gettext_lazy("Confirm as paid"),
        "ok",
        ngettext_lazy(
            "Confirm that %(count)d refund was paid",
            "Confirm that %(count)d refunds were paid",
            "count",
        ),
        typed="paid",
    ),
    REFUNDS.step(
        "ask",
        gettext_lazy("Ask the gateway"),
        "search",
        ngettext_lazy(
            "Ask the gateway for %(count)d refund",
            "Ask the gateways for %(count)d refunds",
            "count",
        ),
    ),
    REFUNDS.step(
        "retry",
        gettext_lazy("Try again"),
        "undo",
        ngettext_lazy(
            "Try %(count)d refund again",
            "Try %(count)d refunds again",
            "count",
        ),
    ),
)
