from __future__ import annotations

from django.db import migrations, models

import rmaproject.shared.fields

#: What is credited of the returns that are there, as `returns.counting` computes it from now on.
FILL = """
    UPDATE returns_returnorder t SET credited_gross = s.gross FROM (
        SELECT y.return_id, max(y.gross) AS gross FROM (
            SELECT k.return_id, n.currency, sum(n.gross) AS gross FROM (
                SELECT l.return_order_id AS return_id, c.credit_note_id AS id
                FROM returns_returnline l JOIN returns_linecredit p ON p.line_id = l.id
                JOIN sales_creditline c ON c.id = p.credit_line_id
                UNION SELECT e.return_order_id, c.credit_note_id
                FROM returns_extraline e JOIN returns_linecredit p ON p.extra_line_id = e.id
                JOIN sales_creditline c ON c.id = p.credit_line_id) k
            JOIN sales_creditnote n ON n.id = k.id
            WHERE n.reverses_id IS NULL
              AND NOT EXISTS (SELECT 1 FROM sales_creditnote b WHERE b.reverses_id = n.id)
            GROUP BY k.return_id, n.currency) y
        GROUP BY y.return_id) s
    WHERE s.return_id = t.id;
"""


class Migration(migrations.Migration):
    """Lists sorted by what was credited; texts of calendars in each language."""

    dependencies = [("returns", "0008_for_staff"), ("sales", "0004_for_staff")]

    operations = [
        migrations.AddField(
            model_name="returnorder",
            name="credited_gross",
            field=rmaproject.shared.fields.AmountField(
                decimal_places=4, default=0, max_digits=19
            ),
        ),
        migrations.AddIndex(
            model_name="returnorder",
            index=models.Index(fields=["credited_gross", "id"], name="returnorder_by_credit"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        # Kept texts are copies; nobody knows in which language these were written.
        migrations.RunSQL("DELETE FROM returns_calendartext", migrations.RunSQL.noop),
        migrations.RemoveConstraint("calendartext", "calendartext_one_for_each_event"),
        migrations.AddField(
            model_name="calendartext",
            name="language",
            field=models.CharField(default="en", max_length=10),
        ),
        migrations.AddConstraint(
            model_name="calendartext",
            constraint=models.UniqueConstraint(
                fields=("kind", "uuid", "language"),
                name="calendartext_one_for_each_event",
                violation_error_code="text_exists",
                violation_error_message="The text of this event is kept already.",
            ),
        ),
    ]
