"""What the rules are asked about, read for many returns in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from customers.models import Company
from returns.expecting import Amounts, expected_credits
from returns.models import PolicyVersion, ReturnLine, ReturnOrder
from returns.policies import LineFacts, ReturnFacts, Ruleset, parse
from sales.models import Allocation, OrderLine


def pinned_rules(order: ReturnOrder) -> Ruleset | None:
    """The rules that a return was requested under; None where its business had none."""
    if order.policy_id is None or order.policy is None:
        return None
    return parse(order.policy.rules, currency=order.business.currency)


def rules_of(version: PolicyVersion) -> Ruleset:
    """The rules of a version, draft or published."""
    return parse(version.rules, currency=version.business.currency)


def facts_of(order: ReturnOrder, *, amounts: bool = True) -> ReturnFacts:
    """A return as the rules see it; without `amounts` what it would credit stays unread."""
    worth = expected_credits([order]) if amounts else {}
    return facts_of_all([order], amounts=worth)[order.pk]


def facts_of_all(orders: Sequence[ReturnOrder], *, amounts: Amounts) -> dict[int, ReturnFacts]:
    """Returns, loaded with their customers, as the rules see them, by key."""
    keys = [order.pk for order in orders]
    rows = ReturnLine.objects.filter(return_order__in=keys, void=False, unexpected=False)
    rows = rows.select_related("part__category", "reason", "order_line__order")
    lines: dict[int, list[ReturnLine]] = defaultdict(list)
    for line in rows.order_by("return_order", "number"):
        lines[line.return_order_id].append(line)
    parcels = _parcels(line for group in lines.values() for line in group)
    return {
        order.pk: ReturnFacts(
            requested_on=order.requested_on,
            customer=order.customer.reference.lower(),
            flags=frozenset(flag.lower() for flag in order.customer.flags),
            country=order.customer.country.lower(),
            lines=tuple(_line(line, parcels) for line in lines[order.pk]),
            amounts=amounts.get(order.pk, {}),
        )
        for order in orders
    }


def facts_of_sales(
    customer: Company,
    lines: Iterable[OrderLine],
    *,
    on: date,
    told: Mapping[int, tuple[str, str]],
) -> ReturnFacts:
    """Sold lines as the rules would see them if they were asked back on a day.

    The facts carry the keys of the sold lines. `told` are reason and outcome by that key. A line
    that left in several parcels counts from the last one.
    """
    sold = list(lines)
    parcels = _parcels_of(line.pk for line in sold)
    return ReturnFacts(
        requested_on=on,
        customer=customer.reference.lower(),
        flags=frozenset(flag.lower() for flag in customer.flags),
        country=customer.country.lower(),
        lines=tuple(
            _sold_line(line, parcels.get(line.pk, ()), *told.get(line.pk, ("", "refund")))
            for line in sold
        ),
        amounts={},
    )


def _sold_line(line: OrderLine, parcels: Sequence[Parcel], reason: str, outcome: str) -> LineFacts:
    part = line.part
    last = max(parcels, key=lambda parcel: parcel.shipped_on, default=None)
    return LineFacts(
        key=line.pk,
        id=str(line.uuid),
        number=line.number,
        name=part.name if part else line.name,
        sku=part.sku.lower() if part else "",
        category=part.category.code.lower() if part and part.category else "",
        reason=reason.lower(),
        channel=line.order.channel.lower(),
        outcome=outcome,
        ordered_on=line.order.ordered_on,
        shipped_on=last.shipped_on if last else None,
        delivered_on=last.delivered_on if last else None,
    )


@dataclass(frozen=True)
class Parcel:
    """When one piece of a sold line left, and when it arrived."""

    unit: int | None
    shipped_on: date
    delivered_on: date | None


def _parcels(lines: Iterable[ReturnLine]) -> dict[int, list[Parcel]]:
    return _parcels_of({line.order_line_id for line in lines if line.order_line_id})


def _parcels_of(sold: Iterable[int]) -> dict[int, list[Parcel]]:
    """The pieces that sold lines left in, by the key of the line."""
    rows = Allocation.objects.filter(order_line__in=list(sold), shipment__shipped_on__isnull=False)
    found: dict[int, list[Parcel]] = defaultdict(list)
    values = rows.values_list(
        "order_line", "stock_item", "shipment__shipped_on", "shipment__delivered_on"
    )
    for key, unit, shipped_on, delivered_on in values:
        if shipped_on is not None:
            found[key].append(Parcel(unit, shipped_on, delivered_on))
    return found


def _line(line: ReturnLine, parcels: dict[int, list[Parcel]]) -> LineFacts:
    part, sold = line.part, line.order_line
    left = parcels.get(line.order_line_id or 0, [])
    own = [parcel for parcel in left if parcel.unit == line.stock_item_id]
    # Of several parcels the last one counts: nobody loses time by another's earlier delivery.
    last = max(own or left, key=lambda parcel: parcel.shipped_on, default=None)
    return LineFacts(
        key=line.pk,
        id=str(line.uuid),
        number=line.number,
        name=part.name if part else line.description,
        sku=part.sku.lower() if part else "",
        category=part.category.code.lower() if part and part.category else "",
        reason=line.reason.code.lower() if line.reason else "",
        channel=sold.order.channel.lower() if sold else "",
        outcome=line.outcome,
        ordered_on=sold.order.ordered_on if sold else None,
        shipped_on=last.shipped_on if last else None,
        delivered_on=last.delivered_on if last else None,
    )
