"""What a customer bought and may send back: found by search, read by page, judged by the rules.

A page is a fixed number of queries, whatever it shows and however much the customer bought.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from customers.models import Company
from returns.eligibility import LineAnswer, assess
from returns.facts import facts_of_sales, rules_of
from returns.models import PolicyStatus, PolicyVersion, Reason, ReturnLine
from rmaproject.access.actors import Actor
from rmaproject.shared import clock
from rmaproject.shared.errors import Malformed
from sales.kits import in_order, kit_counts, leaves
from sales.models import (
    PART_KINDS,
    Business,
    InvoiceLine,
    LineKind,
    OrderLine,
    SalesOrder,
    UnitSale,
)
from stock.gtin import with_number
from stock.models import Part, StockItem

#: How many sold lines one page shows; kits come with all their parts.
PAGE: Final = 25
#: How many units one page names; more are found by their serial number.
MOST_UNITS: Final = 200

Key = tuple[int, int]


@dataclass(frozen=True)
class Wish:
    """What is known of a line that somebody is about to ask for; rules may look at it."""

    reason: Reason | None = None
    outcome: str = "refund"


@dataclass(frozen=True)
class Purchase:
    """One sold line with what is left of it, its units, and what the rules say today.

    Kits count in whole ones, and are answered by the first of their parts that is refused.
    """

    line: OrderLine
    sold: Decimal
    left: Decimal
    units: tuple[StockItem, ...] = ()
    invoices: tuple[str, ...] = ()
    answer: LineAnswer | None = None


@dataclass(frozen=True)
class Page:
    """A piece of all purchases, newest sale first, and where the neighbouring ones begin."""

    rows: list[Purchase]
    newer: str = ""
    older: str = ""


@dataclass(frozen=True)
class Purchases:
    """What one customer bought of one business, as far as the actor sees it."""

    actor: Actor
    customer: Company
    business: Business
    #: What is known of the line with this key that somebody is about to ask for.
    wish: Callable[[str], Wish] = lambda _key: Wish()

    @property
    def orders(self) -> QuerySet[SalesOrder, SalesOrder]:
        """The sales to this customer that the actor sees."""
        rows = SalesOrder.objects.visible_to(self.actor.scope)
        return rows.filter(customer=self.customer, business=self.business)

    def page(self, text: str = "", *, after: str = "", before: str = "") -> Page:
        """One page of what left, newest sale first; `text` is looked for in all of it.

        Raises Malformed `invalid_cursor`.
        """
        found = self._roots(text)
        if before:
            kept = list(
                found.filter(_newer(_key(before))).order_by("order_id", "-number")[: PAGE + 1]
            )
            roots, more = kept[:PAGE][::-1], len(kept) > PAGE
            return self._paged(roots, text, newer=more, older=True)
        older = found.filter(_older(_key(after))) if after else found
        kept = list(older.order_by("-order_id", "number")[: PAGE + 1])
        return self._paged(kept[:PAGE], text, newer=bool(after), older=len(kept) > PAGE)

    def named(self, keys: Iterable[UUID]) -> list[Purchase]:
        """The purchases with these keys, wherever they stand; foreign ones are left out."""
        rows = self._sold().filter(uuid__in=list(keys))
        return self._read(list(rows.order_by("-order_id", "number")), "")

    def units_named(self, keys: Iterable[UUID]) -> list[StockItem]:
        """The units with these keys that the customer holds and nobody has announced."""
        return list(self.units.filter(uuid__in=list(keys)).order_by("-pk"))

    @property
    def units(self) -> QuerySet[StockItem, StockItem]:
        """The serialized units that this customer holds and nobody has announced for return."""
        open_lines = ReturnLine.objects.filter(
            received=0, released=0, waived=0, void=False, unexpected=False, stock_item__isnull=False
        )
        held = StockItem.objects.held_by(self.customer.pk).with_details()
        return held.exclude(pk__in=open_lines.values("stock_item"))

    def units_without_sale(self, text: str = "") -> list[StockItem]:
        """Units that the customer holds without a sale of ours, newest first; found by serial."""
        sold = UnitSale.objects.filter(until=None, order_line__isnull=False)
        rows = self.units.exclude(pk__in=sold.values("stock_item"))
        if text:
            rows = rows.filter(serial__icontains=text)
        return list(rows.order_by("-pk")[:MOST_UNITS])

    def _sold(self) -> QuerySet[OrderLine, OrderLine]:
        rows = OrderLine.objects.filter(order__in=self.orders, kind__in=PART_KINDS)
        return rows.select_related("part__category", "order__business")

    def _roots(self, text: str) -> QuerySet[OrderLine, OrderLine]:
        """Lines and kits of which something left; parts of kits come with their kits."""
        gone = OrderLine.objects.filter(
            order=OuterRef("order"), parent__isnull=False, shipped__gt=0
        )
        shipped = Q(shipped__gt=0) | (Q(kind=LineKind.KIT) & Exists(gone))
        rows = self._sold().filter(shipped, parent=None)
        if not text:
            return rows
        hits = self._hits(text)
        upwards = ("pk", "parent", "parent__parent")
        ways = [row.values(way) for row in hits for way in upwards]
        keys = ways[0].union(*ways[1:])
        return rows.filter(pk__in=keys)

    def _hits(self, text: str) -> list[QuerySet[OrderLine, OrderLine]]:
        """Lines that a text names: by part or its GTIN, by order, by invoice, by serial number."""
        rows = OrderLine.objects.filter(order__in=self.orders, kind__in=PART_KINDS).order_by()
        billed = InvoiceLine.objects.filter(invoice__reference__icontains=text)
        units = UnitSale.objects.filter(until=None, stock_item__serial__icontains=text)
        return [
            rows.filter(Q(part__sku__icontains=text) | Q(part__name__icontains=text)),
            rows.filter(part__in=with_number(Part.objects.all(), [text]).values("pk")),
            rows.filter(name__icontains=text),
            rows.filter(
                Q(order__reference__icontains=text) | Q(order__customer_reference__icontains=text)
            ),
            rows.filter(pk__in=billed.values("order_line")),
            rows.filter(pk__in=units.filter(stock_item__holder=self.customer).values("order_line")),
        ]

    def _paged(self, roots: list[OrderLine], text: str, *, newer: bool, older: bool) -> Page:
        first, last = (_cursor(roots[0]), _cursor(roots[-1])) if roots else ("", "")
        return Page(
            self._read(roots, text, with_parts=True),
            newer=first if newer else "",
            older=last if older else "",
        )

    def _read(
        self, lines: list[OrderLine], text: str, *, with_parts: bool = False
    ) -> list[Purchase]:
        families = self._families({line.order_id for line in lines})
        shown = _with_parts(lines, families) if with_parts else lines
        units, invoices = self._units(shown, text), _invoices(shown)
        answers = self._answers(shown, families)
        made = []
        for line in shown:
            sold, left = _counts(line, families)
            own = units.get(line.pk, ())
            billed = invoices.get(line.pk, ())
            answer = _answer(line, families, answers)
            made.append(Purchase(line, sold, left, tuple(own), tuple(billed), answer))
        return made

    def _families(self, orders: set[int]) -> dict[int, list[OrderLine]]:
        """The kits of these orders and their parts, by order."""
        rows = self._sold().filter(order__in=orders)
        found: dict[int, list[OrderLine]] = {}
        for line in rows.filter(Q(kind=LineKind.KIT) | Q(parent__isnull=False)):
            found.setdefault(line.order_id, []).append(line)
        return found

    def _units(self, lines: list[OrderLine], text: str) -> dict[int, list[StockItem]]:
        keys = [line.pk for line in lines if line.part and line.part.is_serialized]
        if not keys:
            return {}
        sales = UnitSale.objects.filter(order_line__in=keys, until=None)
        sales = sales.filter(stock_item__in=self.units).select_related("stock_item__part")
        if text and sales.filter(stock_item__serial__icontains=text).exists():
            sales = sales.filter(stock_item__serial__icontains=text)
        found: dict[int, list[StockItem]] = {}
        for sale in sales.order_by("stock_item__serial")[:MOST_UNITS]:
            found.setdefault(sale.order_line_id or 0, []).append(sale.stock_item)
        return found

    @cached_property
    def _policy(self) -> PolicyVersion | None:
        rows = PolicyVersion.objects.filter(business=self.business, status=PolicyStatus.PUBLISHED)
        today = clock.today(self.business)
        return rows.select_related("business").filter(valid__contains=today).first()

    def _answers(
        self, shown: list[OrderLine], families: dict[int, list[OrderLine]]
    ) -> dict[int, LineAnswer]:
        """What the rules of today say about goods, by the key of the sold line."""
        if self._policy is None:
            return {}
        goods = {line.pk: line for line in shown if line.kind == LineKind.GOODS}
        for kit in (line for line in shown if line.kind == LineKind.KIT):
            goods |= {leaf.pk: leaf for leaf in leaves(kit, families.get(kit.order_id, ()))}
        told = {key: self.wish(str(line.uuid)) for key, line in goods.items()}
        facts = facts_of_sales(
            self.customer,
            goods.values(),
            on=clock.today(self.business),
            told={
                key: (wish.reason.code if wish.reason else "", wish.outcome)
                for key, wish in told.items()
            },
        )
        return {answer.key: answer for answer in assess(rules_of(self._policy), facts)}


def _with_parts(roots: list[OrderLine], families: dict[int, list[OrderLine]]) -> list[OrderLine]:
    """Each kit followed by its parts."""
    found: list[OrderLine] = []
    for root in roots:
        family = families.get(root.order_id, ())
        below = _below(root, family) if root.kind == LineKind.KIT else []
        found += [root, *below]
    return found


def _below(root: OrderLine, family: Iterable[OrderLine]) -> list[OrderLine]:
    keys = {root.pk}
    ordered = in_order(family)
    for line in ordered:
        if line.parent_id in keys:
            keys.add(line.pk)
    return [line for line in ordered if line.pk in keys and line.pk != root.pk]


def _counts(line: OrderLine, families: dict[int, list[OrderLine]]) -> tuple[Decimal, Decimal]:
    if line.kind == LineKind.KIT:
        return kit_counts(line, families.get(line.order_id, ()))
    return line.shipped, line.shipped - line.claimed


def _answer(
    line: OrderLine, families: dict[int, list[OrderLine]], answers: dict[int, LineAnswer]
) -> LineAnswer | None:
    if line.kind != LineKind.KIT:
        return answers.get(line.pk)
    own = [answers.get(leaf.pk) for leaf in leaves(line, families.get(line.order_id, ()))]
    known = [answer for answer in own if answer is not None]
    return next((answer for answer in known if not answer.allowed), known[0] if known else None)


def _invoices(lines: list[OrderLine]) -> dict[int, list[str]]:
    """The numbers of the invoices that bill lines, oldest first."""
    rows = InvoiceLine.objects.filter(order_line__in=[line.pk for line in lines])
    found: dict[int, list[str]] = {}
    for key, number in rows.order_by("pk").values_list("order_line", "invoice__reference"):
        numbers = found.setdefault(key or 0, [])
        if number not in numbers:
            numbers.append(number)
    return found


def _cursor(line: OrderLine) -> str:
    return f"{line.order_id}.{line.number}"


def _key(cursor: str) -> Key:
    order, _point, number = cursor.partition(".")
    if not (order.isascii() and order.isdigit() and number.isascii() and number.isdigit()):
        raise _lost()
    if max(int(order), int(number)) >= 2**31:
        raise _lost()
    return int(order), int(number)


def _lost() -> Malformed:
    return Malformed(_("This names no page of the list."), code="invalid_cursor")


def _older(key: Key) -> Q:
    return Q(order__lt=key[0]) | Q(order=key[0], number__gt=key[1])


def _newer(key: Key) -> Any:
    return Q(order__gt=key[0]) | Q(order=key[0], number__lt=key[1])
