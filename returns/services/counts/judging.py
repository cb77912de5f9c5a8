"""What a recognised thing is to a count: expected, here already, or a surprise; nothing is written.

Drafts are rows for the count that the caller keeps.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from returns.models import CountScan, ReceiptLine, ReturnLine, ReturnOrder, ScanVerdict
from returns.services.counts.codes import Code
from returns.services.counts.finding import Meaning
from returns.services.counts.tally import Tally
from rmaproject.shared import money
from sales.models import UnitSale
from stock.models import Part, StockItem

Draft = dict[str, Any]


def judge(
    order: ReturnOrder, tally: Tally, meaning: Meaning, code: Code, quantity: Decimal
) -> list[Draft]:
    """The rows that a unit or a part adds to a count; more than one where only some is expected."""
    if meaning.kind == "unit":
        return [_unit(order, tally, meaning.record)]
    if meaning.record.is_serialized:
        return [_named_unit(tally, meaning.record, code.serial)]
    return _bulk(tally, meaning.record, code, quantity)


def _unit(order: ReturnOrder, tally: Tally, unit: StockItem) -> Draft:
    facts: Draft = {"stock_item": unit, "part": unit.part, "serial": str(unit.serial)}
    if told := _counted_before(tally, unit.part, str(unit.serial)):
        return {**facts, **told}
    line = _line_of(order, tally, unit)
    if line is not None:
        return {**facts, "verdict": ScanVerdict.GOOD, "line": line, "quantity": Decimal(1)}
    if told := _received_before(order, unit):
        return {**facts, **told}
    return {**facts, "verdict": ScanVerdict.UNEXPECTED, "quantity": Decimal(1)}


def _line_of(order: ReturnOrder, tally: Tally, unit: StockItem) -> ReturnLine | None:
    """The announced line that this unit is of: its own, else one by quantity of its own sale."""
    open_lines = [line for line in tally.expected if tally.left(line) and line.part_id]
    for line in open_lines:
        if line.stock_item_id == unit.pk:
            return line
    if unit.holder_id != order.customer_id:
        return None
    sold = UnitSale.objects.filter(stock_item=unit, until=None)
    sale = sold.values_list("order_line", flat=True).first()
    for line in open_lines:
        by_quantity = line.stock_item_id is None and line.part_id == unit.part_id
        if by_quantity and line.order_line_id in (None, sale):
            return line
    return None


def _named_unit(tally: Tally, part: Part, serial: str) -> Draft:
    """A serialized part by a code that names no unit we know."""
    facts: Draft = {"part": part, "serial": serial}
    if not serial:
        return {**facts, "verdict": ScanVerdict.UNKNOWN, "facts": {"why": "serial"}}
    told = _counted_before(tally, part, serial)
    return {
        **facts,
        **(told or {"verdict": ScanVerdict.UNEXPECTED, "quantity": Decimal(1)}),
    }


def _bulk(tally: Tally, part: Part, code: Code, quantity: Decimal) -> list[Draft]:
    batch = code.batch if part.is_batched else ""
    facts: Draft = {"part": part, "batch": batch}
    drafts: list[Draft] = []
    rest = quantity
    own = [line for line in tally.expected if line.part_id == part.pk and not line.stock_item_id]
    for line in own:
        fits = min(tally.left(line), rest)
        if fits > 0:
            counted = {"verdict": ScanVerdict.GOOD, "line": line, "quantity": fits}
            drafts.append({**facts, **counted})
            rest -= fits
    if rest > 0:
        why = {"why": "surplus"} if own else {}
        surplus = {"verdict": ScanVerdict.UNEXPECTED, "quantity": rest, "facts": why}
        drafts.append({**facts, **surplus})
    return drafts


def _counted_before(tally: Tally, part: Part, serial: str) -> Draft | None:
    """That this very unit is in the count already, with who counted it when."""
    for scan in tally.counting:
        if scan.part_id == part.pk and scan.serial.casefold() == serial.casefold():
            return _duplicate(scan)
    return None


def _received_before(order: ReturnOrder, unit: StockItem) -> Draft | None:
    rows = ReceiptLine.objects.filter(
        receipt__return_order=order,
        stock_item=unit,
        receipt__reverses=None,
        receipt__reversed_by=None,
    )
    row = rows.select_related("receipt__actor").order_by("-pk").first()
    if row is None:
        return None
    receipt = row.receipt
    return _told(receipt.at.isoformat(), receipt.actor)


def _duplicate(scan: CountScan) -> Draft:
    return _told(scan.at.isoformat(), scan.actor)


def _told(at: str, who: Any) -> Draft:
    name = (who.get_full_name() or who.get_username()) if who else ""
    facts = {"at": at, "by": name}
    return {"verdict": ScanVerdict.DUPLICATE, "quantity": money.ZERO, "facts": facts}
