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
