from __future__ import annotations

from django.db import migrations

#: What was decided before has its action and its inspection, and counts as moved on. History
#: refuses changes by trigger, so the triggers rest while its new columns are filled.
FILL = """
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE returns_disposal DISABLE TRIGGER USER;
    UPDATE returns_disposal x SET action = d.action,
        inspection_id = (SELECT min(i.id) FROM returns_inspection i
            WHERE i.receipt_line_id = x.receipt_line_id AND i.at = x.at)
    FROM returns_disposition d WHERE d.id = x.disposition_id;
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
