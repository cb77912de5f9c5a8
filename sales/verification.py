"""Checks that the counters of sales, invoices, credit notes and accounts are sums of their rows."""

from __future__ import annotations

from rmaproject.shared.money import NO_DIGITS, THREE_DIGITS
from rmaproject.shared.verification import Check, sql_check, sum_checks

_ORDER_LINE = (
    "'order line ' || t.number || ' of ' ||"
    " (SELECT o.reference FROM sales_salesorder o WHERE o.id = t.order_id)"
)
_ORDER_LINES = {
    "allocated": """SELECT coalesce(sum(a.quantity), 0) FROM sales_allocation a
        JOIN sales_shipment s ON s.id = a.shipment_id
        WHERE a.order_line_id = t.id AND s.shipped_on IS NULL""",
    "shipped": """SELECT coalesce(sum(a.quantity), 0) FROM sales_allocation a
        JOIN sales_shipment s ON s.id = a.shipment_id
        WHERE a.order_line_id = t.id AND s.shipped_on IS NOT NULL""",
}
_INVOICE = {
    "settled": "SELECT coalesce(sum(amount), 0) FROM sales_settlement s WHERE s.invoice_id = t.id",
    "credited": """SELECT coalesce(sum(CASE WHEN n.reverses_id IS NULL THEN n.gross
            ELSE -n.gross END), 0) FROM sales_creditnote n WHERE n.invoice_id = t.id""",
    "net": "SELECT coalesce(sum(l.net), 0) FROM sales_invoiceline l WHERE l.invoice_id = t.id",
    "tax": "SELECT coalesce(sum(l.tax), 0) FROM sales_invoiceline l WHERE l.invoice_id = t.id",
}
_INVOICE_LINE = {
    "credited_units": """SELECT coalesce(sum(upper(c.units) - lower(c.units)), 0)
        FROM sales_creditline c WHERE c.invoice_line_id = t.id AND c.live""",
    "credited_gross": """SELECT coalesce(sum(c.gross), 0)
        FROM sales_creditline c WHERE c.invoice_line_id = t.id AND c.live""",
}
_CREDIT_NOTE = {
    "applied": """SELECT coalesce(sum(amount), 0) FROM sales_settlement s
        WHERE s.credit_note_id = t.id""",
    "refunding": """SELECT coalesce(sum(r.amount), 0) FROM sales_refund r
        WHERE r.credit_note_id = t.id AND r.state NOT IN ('done', 'cancelled')""",
    "refunded": """SELECT coalesce(sum(r.amount), 0) FROM sales_refund r
        WHERE r.credit_note_id = t.id AND r.state = 'done'""",
    "net": "SELECT coalesce(sum(l.net), 0) FROM sales_creditline l WHERE l.credit_note_id = t.id",
    "tax": "SELECT coalesce(sum(l.tax), 0) FROM sales_creditline l WHERE l.credit_note_id = t.id",
}
_PAYMENT = {
    "applied": "SELECT coalesce(sum(amount), 0) FROM sales_settlement s WHERE s.payment_id = t.id",
}
_PAYMENT |= {
    column: f"""SELECT coalesce(sum(x.amount), 0) FROM sales_refundpart x
        JOIN sales_refund r ON r.id = x.refund_id WHERE x.payment_id = t.id AND {states}"""  # noqa: S608
    for column, states in (
        ("refunding", "r.state NOT IN ('done', 'cancelled')"),
        ("refunded", "r.state = 'done'"),
    )
}
_REFUND = {
    "amount": """SELECT coalesce(sum(x.amount), 0) FROM sales_refundpart x
        WHERE x.refund_id = t.id""",
}
_ACCOUNT = {
    "balance": """SELECT coalesce(sum(l.amount), 0) FROM sales_ledgerline l
        JOIN sales_ledgerentry e ON e.id = l.entry_id
        WHERE e.account_id = t.id AND l.ledger = 'receivable'""",
}
_UNBALANCED = """
    SELECT 'ledger entry ' || entry_id || ': sum', sum(amount), 0
    FROM sales_ledgerline GROUP BY entry_id HAVING sum(amount) <> 0
"""
_UNBOOKED = """
    SELECT '{label} ' || d.{named} || ': booked', coalesce(-({sign}) * l.amount, 0), {amount}
    FROM {table} d LEFT JOIN sales_ledgerentry e ON e.{column} = d.id
    LEFT JOIN sales_ledgerline l ON l.entry_id = e.id AND l.ledger = 'receivable'
    WHERE coalesce(-({sign}) * l.amount, 0) <> {amount}
"""
_HOLDERS = """
    SELECT 'unit ' || p.sku || ' ' || i.serial || ': holder',
           coalesce(h.reference, 'nobody'), coalesce(c.reference, 'somebody')
    FROM sales_unitsale u JOIN stock_stockitem i ON i.id = u.stock_item_id
    JOIN stock_part p ON p.id = i.part_id
    LEFT JOIN sales_orderline l ON l.id = u.order_line_id
    LEFT JOIN sales_salesorder o ON o.id = l.order_id
    LEFT JOIN customers_company c ON c.id = o.customer_id
    LEFT JOIN customers_company h ON h.id = i.holder_id
    WHERE u.until IS NULL
      AND (i.holder_id IS NULL OR o.id IS NOT NULL AND i.holder_id <> o.customer_id)
"""
# A number that somebody gave by hand before is passed over and is no gap.
_SERIES = """
    SELECT 'credit note ' || n || ' of ' || b.code || coalesce(' ' || nullif(s.period, ''), ''),
           'missing', 'there'
    FROM (SELECT business_id, period, max(series_number) AS last FROM sales_creditnote
          WHERE series_number IS NOT NULL GROUP BY business_id, period
          HAVING max(series_number) <> count(*)) s
    JOIN sales_business b ON b.id = s.business_id, generate_series(1, s.last) n
    WHERE NOT EXISTS (SELECT 1 FROM sales_creditnote c WHERE c.business_id = s.business_id
            AND c.period = s.period AND c.series_number = n)
      AND NOT EXISTS (SELECT 1 FROM sales_creditnote c WHERE c.business_id = s.business_id
            AND c.series_number IS NULL AND c.reference LIKE '%' || n)
"""
# A note that was taken back is used for nothing, covers no units, and its counter note equals it.
_REVERSALS = """
    SELECT 'credit note ' || c.reference || ', which takes back ' || n.reference || ': figures',
           concat_ws(' ', c.gross, c.tax, c.account_id, 'used', n.applied + n.kept + n.refunded,
                     'live', live.lines),
           concat_ws(' ', n.gross, n.tax, n.account_id, 'used', 0, 'live', 0)
    FROM sales_creditnote c JOIN sales_creditnote n ON n.id = c.reverses_id
    CROSS JOIN LATERAL (SELECT count(*) AS lines FROM sales_creditline l
        WHERE l.live AND l.credit_note_id IN (c.id, n.id)) live
    WHERE (c.gross, c.tax, c.account_id) <> (n.gross, n.tax, n.account_id)
       OR n.applied + n.kept + n.refunded <> 0 OR live.lines <> 0
"""


# A kit's parts are worth what it was sold for, and there are as many as its quantity says.
_KIT_VALUES = """
    SELECT {label} || ': value of its parts', parts, whole
    FROM sales_orderline t JOIN sales_salesorder o ON o.id = t.order_id
    CROSS JOIN LATERAL (SELECT coalesce(sum(p.value_share), 0) FROM sales_orderline p
        WHERE p.parent_id = t.id) below(parts)
    CROSS JOIN LATERAL (SELECT coalesce(t.value_share,
        round(t.quantity * t.gross_unit_price, {digits}))) kit(whole)
    WHERE t.kind = 'kit' AND parts <> whole
"""
_KIT_QUANTITIES = """
    SELECT {label} || ': quantity', t.quantity, k.quantity * t.per_kit
    FROM sales_orderline t JOIN sales_orderline k ON k.id = t.parent_id
    WHERE t.quantity <> k.quantity * t.per_kit
"""
_DIGITS = "CASE WHEN o.currency IN ('{}') THEN 0 WHEN o.currency IN ('{}') THEN 3 ELSE 2 END"


def checks() -> list[Check]:
    """Every counter of sales with the rows behind it; the ledger with its documents."""
    return [
        *sum_checks("order lines", "sales_orderline", _ORDER_LINE, _ORDER_LINES),
        *_kits(),
        *sum_checks("invoices", "sales_invoice", "'invoice ' || t.reference", _INVOICE),
        *sum_checks(
            "invoice lines",
            "sales_invoiceline",
            "'invoice line ' || t.number || ' of ' ||"
            " (SELECT i.reference FROM sales_invoice i WHERE i.id = t.invoice_id)",
            _INVOICE_LINE,
        ),
        *sum_checks(
            "credit notes", "sales_creditnote", "'credit note ' || t.reference", _CREDIT_NOTE
        ),
        *sum_checks("payments", "sales_payment", "'payment ' || t.uuid", _PAYMENT),
        *sum_checks("refunds", "sales_refund", "'refund ' || t.reference", _REFUND),
        *sum_checks("accounts", "sales_account", "'account ' || t.uuid", _ACCOUNT),
        sql_check("ledger entries", "sales_ledgerentry", _UNBALANCED),
        *_booked(),
        sql_check("holders of sold units", "sales_unitsale", _HOLDERS),
        sql_check("credit note numbers", "sales_creditnote", _SERIES),
        sql_check("credit notes taken back", "sales_creditnote", _REVERSALS),
    ]


def _kits() -> list[Check]:
    digits = _DIGITS.format(*("', '".join(sorted(codes)) for codes in (NO_DIGITS, THREE_DIGITS)))
    values = _KIT_VALUES.format(label=_ORDER_LINE, digits=digits)
    quantities = _KIT_QUANTITIES.format(label=_ORDER_LINE)
    return [
        sql_check("values of kits", "sales_orderline", values),
        sql_check("quantities of kits", "sales_orderline", quantities),
    ]


def _booked() -> list[Check]:
    """Each document stands in the ledger once, with its whole amount."""
    returned = "(CASE WHEN d.reverses_id IS NULL THEN 1 ELSE -1 END)"
    paid = "(CASE WHEN d.state = 'done' THEN d.amount ELSE 0 END)"
    documents = [
        ("invoice", "sales_invoice", "reference", "d.gross", "-1"),
        ("payment", "sales_payment", "uuid", "d.amount", "1"),
        ("credit_note", "sales_creditnote", "reference", "d.gross", returned),
        ("refund", "sales_refund", "reference", paid, "-1"),
    ]
    return [
        sql_check(
            f"ledger of {label}s",
            table,
            _UNBOOKED.format(
                label=label.replace("_", " "),
                table=table,
                named=named,
                amount=amount,
                sign=sign,
                column=f"{label}_id",
            ),
        )
        for label, table, named, amount, sign in documents
    ]
