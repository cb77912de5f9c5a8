"""Checks that the counters of return lines, and what they claim, are sums of the rows behind."""

from __future__ import annotations

from rmaproject.shared.verification import Check, sql_check, sum_checks

_LINE = (
    "'line ' || t.number || ' of ' ||"
    " (SELECT o.reference FROM returns_returnorder o WHERE o.id = t.return_order_id)"
)
# What was judged of a receipt that was taken back counts no more.
_JUDGED = """SELECT coalesce(sum(x.quantity), 0) FROM returns_inspection x
    JOIN returns_receiptline y ON y.id = x.receipt_line_id
    WHERE x.line_id = t.id AND x.verdict = '{verdict}' AND NOT EXISTS (
        SELECT 1 FROM returns_receipt back WHERE back.reverses_id = y.receipt_id)"""
# A receipt that takes another back counts against it.
_COUNTERS = {
    "received": """SELECT coalesce(sum(CASE WHEN r.reverses_id IS NULL THEN x.quantity
        ELSE -x.quantity END), 0) FROM returns_receiptline x
        JOIN returns_receipt r ON r.id = x.receipt_id WHERE x.line_id = t.id""",
    "released": """SELECT coalesce(sum(x.quantity), 0) FROM returns_release x
        WHERE x.line_id = t.id""",
    "waived": """SELECT coalesce(sum(x.quantity), 0) FROM returns_waiver x
        WHERE x.line_id = t.id""",
    "accepted": _JUDGED.format(verdict="accepted"),
    "rejected": _JUDGED.format(verdict="rejected"),
    "credited": """SELECT coalesce(sum(x.quantity), 0) FROM returns_linecredit x
        JOIN sales_creditline y ON y.id = x.credit_line_id
        WHERE x.line_id = t.id AND y.live""",
}
_CLAIMED = {
    "claimed": """SELECT coalesce(sum(x.claim), 0) FROM returns_returnline x
        WHERE x.order_line_id = t.id""",
}
_GOODS = {
    "goods": """SELECT CASE WHEN coalesce(sum(x.quantity - x.released), 0) = 0 THEN 'none'
            WHEN sum(x.received) >= sum(x.quantity - x.released) THEN 'received'
            WHEN sum(x.received) > 0 THEN 'partially_received' ELSE 'expected' END
        FROM returns_returnline x
        WHERE x.return_order_id = t.id AND NOT x.void AND NOT x.unexpected""",
}
_EXTRA = """
    SELECT 'extra line ' || x.number || ' of ' || o.reference || ': credited', x.credited,
           NOT x.credited
    FROM returns_extraline x JOIN returns_returnorder o ON o.id = x.return_order_id
    WHERE x.credited <> EXISTS (SELECT 1 FROM returns_linecredit c
        JOIN sales_creditline y ON y.id = c.credit_line_id
        WHERE c.extra_line_id = x.id AND y.live)
"""
# A receipt that takes another one back counts the same quantities of the same lines.
_TAKEN_BACK = """
    SELECT 'receipt ' || b.number || ' of ' || o.reference || ', line ' || l.number || ': quantity',
           sum(CASE WHEN x.receipt_id = b.id THEN x.quantity ELSE 0 END),
           sum(CASE WHEN x.receipt_id = b.id THEN 0 ELSE x.quantity END)
    FROM returns_receipt b JOIN returns_receiptline x ON x.receipt_id IN (b.id, b.reverses_id)
    JOIN returns_returnline l ON l.id = x.line_id
    JOIN returns_returnorder o ON o.id = b.return_order_id
    WHERE b.reverses_id IS NOT NULL GROUP BY b.id, b.number, o.reference, l.id, l.number
    HAVING sum(CASE WHEN x.receipt_id = b.id THEN x.quantity ELSE -x.quantity END) <> 0
"""


def checks() -> list[Check]:
    """Every counter of a return line, the claims on order lines, and what the header shows."""
    sold = (
        "'order line ' || t.number || ' of ' ||"
        " (SELECT o.reference FROM sales_salesorder o WHERE o.id = t.order_id)"
    )
    return [
        *sum_checks("return lines", "returns_returnline", _LINE, _COUNTERS),
        *sum_checks("order lines", "sales_orderline", sold, _CLAIMED),
        *sum_checks("returns", "returns_returnorder", "'return ' || t.reference", _GOODS),
        sql_check("extra lines", "returns_extraline", _EXTRA),
        sql_check("receipts taken back", "returns_receipt", _TAKEN_BACK),
    ]
