"""Who lets a return go on: asked at issue, answered by somebody else, asked again when it grows."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from returns.eligibility import ApprovalAnswer, approval_of
from returns.expecting import expected_credits
from returns.facts import facts_of, pinned_rules
from returns.models import Approval, ApprovalStep, ReturnOrder
from returns.services._advance import ask_again
from returns.states import Status
from rmaproject.access.actors import Actor
from rmaproject.audit.models import AuditEntry
from rmaproject.shared import clock, money
from rmaproject.shared.errors import NotPermitted
from sales.services.limits import require_within_limit

APPROVE = "returns.approve_return"
#: Entries of the trail that can make a return worth more: their authors do not approve it.
RAISING = (
    "add_lines", "edit_line", "add_extra_line", "edit_extra_line", "remove_extra_line", "waive",
    "match", "edit_bank_details",
)  # fmt: skip


def approval_answer(order: ReturnOrder) -> ApprovalAnswer:
    """Whether the pinned rules want a return approved, as it stands now."""
    rules = pinned_rules(order)
    if rules is None or (not any(rules.of("approval")) and not any(rules.of("shipping"))):
        return ApprovalAnswer()
    return approval_of(rules, facts_of(order))


def ask_approval(order: ReturnOrder, *, actor: Actor) -> bool:
    """Whether a locked return has to wait for approval; asking is written down."""
    if not approval_answer(order).needed:
        return False
    keep(order, ApprovalStep.ASKED, _amounts(order), actor=actor)
    return True


def require_approvable(order: ReturnOrder, *, actor: Actor) -> Decimal:
    """Refuse who asked where four eyes are wanted, and amounts above the actor's limit.

    Gives what is approved, in the return's own currency, and writes it down. Raises NotPermitted
    `own_request`, `above_limit`.
    """
    amounts = _amounts(order)
    _require_entitled(order, amounts, actor)
    keep(order, ApprovalStep.APPROVED, amounts, actor=actor)
    return _own(order, amounts)


def why_not_approve(order: ReturnOrder, actor: Actor) -> str:
    """Why this actor would not be let approve a waiting return; "" where nothing is in the way.

    Reads what the approval would read: for one return, not for each row of a list.
    """
    if order.status != Status.AWAITING_APPROVAL or not actor.may(APPROVE):
        return ""
    try:
        _require_entitled(order, _amounts(order), actor)
    except NotPermitted as refusal:
        return refusal.message
    return ""


def blocked_verbs(order: ReturnOrder, actor: Actor) -> dict[str, str]:
    """The verbs of a return whose refusal only rules, trail and limits tell, each with why."""
    return {"approve": why_not_approve(order, actor)}


def _require_entitled(order: ReturnOrder, amounts: dict[str, Decimal], actor: Actor) -> None:
    if approval_answer(order).four_eyes:
        _require_other_eyes(order, actor)
    for currency, amount in sorted(amounts.items()):
        require_within_limit(actor, APPROVE, amount, currency)


def reask(order: ReturnOrder, actor: Actor) -> None:
    """Payout details of a locked return changed: it waits for approval again where rules ask."""
    if order.status == Status.IN_PROGRESS and approval_answer(order).needed:
        _ask_again(order, actor, "payout_changed")


def reask_if_raised(order: ReturnOrder, actor: Actor) -> None:
    """A locked return changed: above what was approved it waits again where the rules ask."""
    if order.status != Status.IN_PROGRESS or not approval_answer(order).needed:
        return
    approved = _approved(order)
    now = _amounts(order)
    if any(amount > approved.get(code, money.ZERO) for code, amount in now.items()):
        _ask_again(order, actor, "amount_raised")


def keep(
    order: ReturnOrder,
    step: ApprovalStep,
    amounts: dict[str, Decimal],
    *,
    actor: Actor,
    reason: str = "",
) -> None:
    """Write a step of the approval down."""
    Approval.objects.create(
        return_order=order,
        answer=step,
        amounts={code: money.plain(amount) for code, amount in sorted(amounts.items())},
        reason=reason[:500],
        actor_id=actor.user_id,
        at=clock.now(),
    )


def _ask_again(order: ReturnOrder, actor: Actor, why: str) -> None:
    amounts = _amounts(order)
    keep(order, ApprovalStep.ASKED, amounts, actor=actor, reason=why)
    shown = {code: money.plain(amount) for code, amount in sorted(amounts.items())}
    ask_again(order, actor=actor, why=why, amounts=shown)


def _amounts(order: ReturnOrder) -> dict[str, Decimal]:
    return expected_credits([order])[order.pk]


def _own(order: ReturnOrder, amounts: dict[str, Decimal]) -> Decimal:
    """The amount in the currency of the goods, else the business's."""
    line = order.lines.exclude(order_line=None).select_related("order_line__order").first()
    sold = line.order_line.order if line is not None and line.order_line is not None else None
    currency = sold.currency if sold is not None else order.business.currency
    return amounts.get(currency, money.ZERO)


def _approved(order: ReturnOrder) -> dict[str, Decimal]:
    """What was approved last, by currency; nothing where nobody has."""
    last = order.approvals.filter(answer=ApprovalStep.APPROVED).order_by("pk").last()
    return {code: Decimal(text) for code, text in last.amounts.items()} if last else {}


def _require_other_eyes(order: ReturnOrder, actor: Actor) -> None:
    """Refuse who made the return, and who has changed what it is worth since it was approved."""
    if actor.user_id is None:
        return
    asked = Q(actor=actor.user_id) | Q(facts__on_behalf_of=actor.user_id)
    last = order.approvals.filter(answer=ApprovalStep.APPROVED).order_by("pk").last()
    entries = AuditEntry.objects.filter(aggregate_id=order.uuid, verb__in=RAISING)
    if last is not None:
        entries = entries.filter(at__gte=last.at)
    if order.created_by_id == actor.user_id or entries.filter(asked).exists():
        message = _(
            "Somebody else has to approve: you asked for this return or changed its amount."
        )
        raise NotPermitted(message, code="own_request", permission=APPROVE)
