from __future__ import annotations

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sales", "0003_for_integrators")]

    operations = [
        migrations.AddIndex(
            model_name="refund",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("reference"), "gin_trgm_ops"
                ),
                name="refund_ref_trigrams",
            ),
        ),
    ]
