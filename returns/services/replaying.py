"""A version of the rules tried on past returns: whose decision or amounts would have differed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from returns.eligibility import approval_of, assess
from returns.expecting import totals, worth_of
from returns.facts import facts_of_all, rules_of
from returns.models import PolicyVersion, ReturnOrder
from returns.policies import LineFacts, ReturnFacts, Ruleset
from returns.terms import terms_of_line, terms_of_return
from rmaproject.shared import money

#: So many returns are looked at in one go, newest first, and read in batches of this size.
MOST = 500
BATCH = 100


@dataclass(frozen=True)
class Ruling:
    """What a version says about a return; amounts in the return's own currency."""

    refused: tuple[tuple[int, str], ...] = ()
    approval: bool = False
    fee: Decimal = money.ZERO
    shipping: Decimal = money.ZERO
    credit: Decimal = money.ZERO


@dataclass(frozen=True)
class Change:
    """A return that would have been ruled otherwise."""

    order: ReturnOrder
    currency: str
    before: Ruling
    after: Ruling


@dataclass
class Sums:
    """Fees, shipping and credits of all returns looked at, in one currency."""

    before: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: money.ZERO))
    after: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: money.ZERO))


@dataclass(frozen=True)
class Replay:
    """What would have been different, and how many returns were looked at."""

    looked_at: int
    more: bool
    changes: list[Change]
    sums: dict[str, Sums]


def replay(
    version: PolicyVersion,
    returns: QuerySet[ReturnOrder, ReturnOrder],
    *,
    since: date | None = None,
    until: date | None = None,
) -> Replay:
    """Try a version on the newest returns of its business among those given; nothing is kept.

    Each is compared with what the version that it is pinned to says, or with no rules at all.
    """
    rows = returns.filter(business=version.business)
    rows = rows.filter(requested_on__gte=since) if since else rows
    rows = rows.filter(requested_on__lte=until) if until else rows
    keys = list(rows.order_by("-requested_on", "-pk").values_list("pk", flat=True)[: MOST + 1])
    found = Replay(min(len(keys), MOST), len(keys) > MOST, [], defaultdict(Sums))
    trial = rules_of(version)
    for start in range(0, found.looked_at, BATCH):
        _compare(keys[start : min(start + BATCH, MOST)], trial, found)
    return found


def _compare(keys: list[int], trial: Ruleset, found: Replay) -> None:
    rows = ReturnOrder.objects.filter(pk__in=keys).select_related("customer", "business", "policy")
    orders = sorted(rows, key=lambda order: keys.index(order.pk))
    entries = worth_of(orders)
    facts = facts_of_all(orders, amounts=totals(orders, entries))
    lines: dict[int, Decimal] = defaultdict(lambda: money.ZERO)
    for entry in entries:
        lines[entry.line or 0] += entry.gross
    pinned = _pinned(orders)
    for order in orders:
        known = facts[order.pk]
        currency = next(iter(known.amounts), order.business.currency)
        before = _ruling(pinned[order.policy_id], known, lines, currency)
        after = _ruling(trial, known, lines, currency)
        _add(found.sums[currency], before, after)
        if before != after:
            found.changes.append(Change(order, currency, before, after))


def _pinned(orders: Iterable[ReturnOrder]) -> dict[int | None, Ruleset]:
    versions: dict[int | None, Ruleset] = {None: Ruleset()}
    for order in orders:
        if order.policy is not None and order.policy_id not in versions:
            order.policy.business = order.business
            versions[order.policy_id] = rules_of(order.policy)
    return versions


def _ruling(rules: Ruleset, facts: ReturnFacts, worth: dict[int, Decimal], currency: str) -> Ruling:
    answers = assess(rules, facts)
    refused = {answer.key for answer in answers if not answer.allowed}
    fee = sum(
        (
            _fee(rules, facts, line, worth.get(line.key, money.ZERO), currency)
            for line in facts.lines
            if line.key not in refused
        ),
        money.ZERO,
    )
    lost = sum((worth.get(key, money.ZERO) for key in refused), money.ZERO)
    kept = facts.amounts.get(currency, money.ZERO) - lost
    shipping = terms_of_return(rules, facts).shipping_charge if kept else money.ZERO
    return Ruling(
        refused=tuple((a.number, a.code) for a in answers if not a.allowed),
        approval=approval_of(rules, facts).needed,
        fee=fee,
        shipping=shipping,
        credit=kept - fee - shipping,
    )


def _fee(
    rules: Ruleset, facts: ReturnFacts, line: LineFacts, worth: Decimal, currency: str
) -> Decimal:
    percent = terms_of_line(rules, facts, line).fee_percent
    return money.rounded(worth * percent / 100, currency)


def _add(sums: Sums, before: Ruling, after: Ruling) -> None:
    for name in ("fee", "shipping", "credit"):
        sums.before[name] += getattr(before, name)
        sums.after[name] += getattr(after, name)
