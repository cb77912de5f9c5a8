from __future__ import annotations

from django.db import migrations

#: What was decided before has its action and its inspection, and counts as moved on. History
#: refuses changes by trigger, so the triggers rest while its new columns are filled. Units of a
#: receipt line were judged and moved on in the same order, which says what belongs together.
FILL = """
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE returns_disposal DISABLE TRIGGER USER;
    WITH judged AS (
        SELECT id, receipt_line_id, sum(quantity) OVER w AS upto,
            sum(quantity) OVER w - quantity AS since
        FROM returns_inspection WINDOW w AS (PARTITION BY receipt_line_id ORDER BY id)
    ), moved AS (
        SELECT id, receipt_line_id, sum(quantity) OVER w - quantity AS since
        FROM returns_disposal WINDOW w AS (PARTITION BY receipt_line_id ORDER BY id)
    )
    UPDATE returns_disposal x SET action = d.action, inspection_id = j.id
    FROM returns_disposition d, moved m LEFT JOIN judged j
        ON j.receipt_line_id = m.receipt_line_id AND m.since >= j.since AND m.since < j.upto
    WHERE d.id = x.disposition_id AND m.id = x.id;
    ALTER TABLE returns_disposal ENABLE TRIGGER USER;
    UPDATE returns_disposition SET value_percent = 0 WHERE action = 'scrap';
    UPDATE returns_returnline t SET disposed = s.total FROM (
        SELECT x.line_id, sum(x.quantity) AS total FROM returns_disposal x
        JOIN returns_receiptline y ON y.id = x.receipt_line_id
        WHERE NOT EXISTS (SELECT 1 FROM returns_receipt back WHERE back.reverses_id = y.receipt_id)
        GROUP BY x.line_id) s WHERE s.line_id = t.id;
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    """Fill what decisions made before this release say in their new columns."""

    dependencies = [("returns", "0004_returns_in_full")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
