"""Checks that the counters of return lines, and what they claim, are sums of the rows behind."""

from __future__ import annotations

from collections.abc import Iterator

from returns.models import PolicyStatus, PolicyVersion
from rmaproject.audit.models import AuditEntry
from rmaproject.shared.canonical import digest
from rmaproject.shared.verification import Broken, Check, sql_check, sum_checks

_LINE = (
    "'line ' || t.number || ' of ' ||"
    " (SELECT o.reference FROM returns_returnorder o WHERE o.id = t.return_order_id)"
)
# What was judged of a receipt that was taken back counts no more, nor what was judged again.
_JUDGED = """SELECT coalesce(sum(x.quantity), 0) FROM returns_inspection x
    JOIN returns_receiptline y ON y.id = x.receipt_line_id
    WHERE x.line_id = t.id AND x.verdict = '{verdict}' AND NOT EXISTS (
        SELECT 1 FROM returns_receipt back WHERE back.reverses_id = y.receipt_id)
    AND NOT EXISTS (SELECT 1 FROM returns_inspection again WHERE again.replaces_id = x.id)"""
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
    "disposed": """SELECT coalesce(sum(x.quantity), 0) FROM returns_disposal x
        JOIN returns_receiptline y ON y.id = x.receipt_line_id
        WHERE x.line_id = t.id AND NOT EXISTS (
            SELECT 1 FROM returns_receipt back WHERE back.reverses_id = y.receipt_id)""",
    "credited": """SELECT coalesce(sum(x.quantity), 0) FROM returns_linecredit x
        JOIN sales_creditline y ON y.id = x.credit_line_id
        WHERE x.line_id = t.id AND y.live""",
}
# Nothing is judged or moved on twice: never more than came by that receipt, or was judged so.
_DECIDED = """
    SELECT 'receipt line ' || t.uuid || ': ' || d.what, d.quantity, t.quantity
    FROM (SELECT x.receipt_line_id, 'inspected' AS what, sum(x.quantity) AS quantity
        FROM returns_inspection x WHERE NOT EXISTS (
            SELECT 1 FROM returns_inspection again WHERE again.replaces_id = x.id)
        GROUP BY x.receipt_line_id
        UNION ALL
        SELECT x.receipt_line_id, 'disposed', sum(x.quantity)
        FROM returns_disposal x WHERE x.receipt_line_id IS NOT NULL GROUP BY x.receipt_line_id) d
    JOIN returns_receiptline t ON t.id = d.receipt_line_id WHERE d.quantity > t.quantity
"""
# A replacement whose order was cancelled, or that was charged, counts no more.
_OUTBOUND = {
    "replaced": """SELECT coalesce(sum(x.quantity - (SELECT coalesce(sum(e.quantity), 0)
        FROM returns_outboundend e WHERE e.outbound_id = x.id)), 0)
        FROM returns_outbound x WHERE x.line_id = t.id AND x.kind = 'replacement'""",
    "sent_back": """SELECT coalesce(sum(x.quantity), 0) FROM returns_outbound x
        WHERE x.line_id = t.id AND x.kind = 'send_back'""",
    "repaired": """SELECT coalesce(sum(x.quantity), 0) FROM returns_outbound x
        WHERE x.line_id = t.id AND x.kind = 'send_back' AND x.repair""",
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
# Never shipped and its order over: then it replaces nothing, and the units wait for an answer.
_ENDED = """
    SELECT 'replacement on ' || s.reference || ': counted', x.quantity - coalesce(e.quantity, 0),
           least(l.shipped, x.quantity - coalesce(e.quantity, 0))
    FROM returns_outbound x JOIN sales_orderline l ON l.id = x.order_line_id
    JOIN sales_salesorder s ON s.id = l.order_id
    LEFT JOIN (SELECT outbound_id, sum(quantity) AS quantity FROM returns_outboundend
        GROUP BY outbound_id) e ON e.outbound_id = x.id
    WHERE s.status IN ('cancelled', 'complete')
      AND x.quantity - coalesce(e.quantity, 0) > l.shipped
"""
# The credit notes of a return that stand, by their currencies.
_STANDING = """
    FROM (SELECT c.credit_note_id AS id FROM returns_returnline l
            JOIN returns_linecredit p ON p.line_id = l.id
            JOIN sales_creditline c ON c.id = p.credit_line_id
            WHERE l.return_order_id = t.id
        UNION SELECT c.credit_note_id FROM returns_extraline e
            JOIN returns_linecredit p ON p.extra_line_id = e.id
            JOIN sales_creditline c ON c.id = p.credit_line_id
            WHERE e.return_order_id = t.id) k
    JOIN sales_creditnote n ON n.id = k.id
    WHERE n.reverses_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM sales_creditnote b WHERE b.reverses_id = n.id)
    GROUP BY n.currency"""
# What is credited of a return: how far it is settled in the worst of its currencies, and how much.
_MONEY = {
    "credited_gross": f"""SELECT coalesce(max(x.gross), 0)
        FROM (SELECT sum(n.gross) AS gross {_STANDING}) x""",  # noqa: S608 ours
    "money": f"""SELECT CASE
            WHEN bool_or(x.state = 'due') OR count(*) = 0 AND t.credit_owed THEN 'due'
            WHEN bool_or(x.state = 'partially_refunded') THEN 'partially_refunded'
            WHEN bool_or(x.state = 'refunded') THEN 'refunded' ELSE 'none' END
        FROM (SELECT CASE
                WHEN sum(n.gross) = 0 AND NOT t.credit_owed THEN 'none'
                WHEN (t.credit_owed OR sum(n.applied + n.kept + n.refunded) < sum(n.gross))
                    THEN CASE WHEN sum(n.applied + n.kept + n.refunded) = 0 THEN 'due'
                        ELSE 'partially_refunded' END
                ELSE 'refunded' END AS state {_STANDING}) x""",  # noqa: S608 ours
}
_PAID = "l.outcome IN ('refund', 'store_credit')"
_WAITING = f"""NOT l.void AND {_PAID}
    AND l.accepted + l.waived > l.credited + l.replaced + l.repaired
    AND l.received + l.waived > l.sent_back + l.credited + l.replaced"""
_EXTRA_OWED = """EXISTS (SELECT 1 FROM returns_extraline e
    WHERE e.return_order_id = o.id AND NOT e.void AND NOT e.credited
    GROUP BY e.currency HAVING sum(e.quantity * e.gross_unit_price) > 0)"""
# A credit is owed for what waits, as far as it is invoiced and not credited by any return.
_OWED = f"""
    SELECT 'return ' || o.reference || ': credit_owed', o.credit_owed, NOT o.credit_owed
    FROM returns_returnorder o
    WHERE o.credit_owed <> ({_EXTRA_OWED} OR EXISTS (
        SELECT 1 FROM returns_returnline l WHERE l.return_order_id = o.id AND {_WAITING}
          AND (SELECT sum(i.quantity - i.credited_units) FROM sales_invoiceline i
               WHERE i.order_line_id = l.order_line_id) > 0))
"""  # noqa: S608
_INSPECTED = """
    SELECT 'inspection ' || x.uuid || ': credited', sum(p.quantity), x.quantity
    FROM returns_inspection x JOIN returns_linecredit p ON p.inspection_id = x.id
    JOIN sales_creditline c ON c.id = p.credit_line_id AND c.live
    GROUP BY x.id HAVING sum(p.quantity) > x.quantity OR x.verdict <> 'accepted'
"""
_EXTRA = """
    SELECT 'extra line ' || x.number || ' of ' || o.reference || ': credited', x.credited,
           NOT x.credited
    FROM returns_extraline x JOIN returns_returnorder o ON o.id = x.return_order_id
    WHERE x.credited <> (EXISTS (SELECT 1 FROM returns_linecredit c
            JOIN sales_creditline y ON y.id = c.credit_line_id
            WHERE c.extra_line_id = x.id AND y.live)
        OR EXISTS (SELECT 1 FROM returns_extracharge c WHERE c.extra_line_id = x.id))
"""


# What came back as part of a kit belongs to a part of that very kit.
_KITS = """
    SELECT {label} || ': kit', k.number, l.number
    FROM returns_returnline t JOIN sales_orderline k ON k.id = t.kit_line_id
    JOIN sales_orderline l ON l.id = t.order_line_id
    WHERE NOT EXISTS (
        WITH RECURSIVE above(id, parent_id) AS (
            SELECT l.id, l.parent_id
            UNION ALL
            SELECT p.id, p.parent_id FROM sales_orderline p JOIN above a ON p.id = a.parent_id)
        SELECT 1 FROM above WHERE parent_id = t.kit_line_id)
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
        *sum_checks("return lines", "returns_returnline", _LINE, _COUNTERS | _OUTBOUND),
        *sum_checks("order lines", "sales_orderline", sold, _CLAIMED),
        *sum_checks("returns", "returns_returnorder", "'return ' || t.reference", _GOODS | _MONEY),
        sql_check("credit that is owed", "returns_returnorder", _OWED),
        sql_check("credited of inspections", "returns_inspection", _INSPECTED),
        sql_check("receipt lines", "returns_receiptline", _DECIDED),
        sql_check("replacements", "returns_outbound", _ENDED),
        sql_check("parts of kits", "returns_returnline", _KITS.format(label=_LINE)),
        sql_check("extra lines", "returns_extraline", _EXTRA),
        sql_check("receipts taken back", "returns_receipt", _TAKEN_BACK),
        Check("published rules", "returns_policyversion", _changed_rules),
    ]


def _changed_rules() -> Iterator[Broken]:
    """Published documents that are not what their audit trail says was published."""
    rows = PolicyVersion.objects.filter(status=PolicyStatus.PUBLISHED).order_by("pk")
    entries = AuditEntry.objects.filter(aggregate_id__in=rows.values("uuid"), verb="publish")
    published = {entry.aggregate_id: entry.facts.get("rules", "") for entry in entries}
    for row in rows:
        found, expected = digest(row.rules), published.get(row.uuid, "")
        if found != expected:
            name = f"policy {row.number} of business {row.business_id}: rules"
            yield Broken(name, found[:12], expected[:12] or "never published")
