"""Steps of migrations are grouped where none needs what another one leaves, and stay the same."""

from __future__ import annotations

from django.apps import apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models.signals import pre_migrate

from rmaproject.database.migrating import Together, grouped

TENT = migrations.CreateModel("tent", [("id", models.AutoField(primary_key=True))])
BAG = migrations.CreateModel("bag", [("id", models.AutoField(primary_key=True))])
COLOUR = migrations.AddField("tent", "colour", models.TextField(default=""))
WEIGHT = migrations.AddField("tent", "weight", models.IntegerField(default=1))
HEAVY = migrations.AddConstraint(
    "tent", models.CheckConstraint(condition=models.Q(weight__gt=0), name="heavy")
)
LIGHT = migrations.RemoveConstraint("tent", "heavy")
FILL = migrations.RunPython(migrations.RunPython.noop)


def test_tables_are_made_together_and_then_changed_together():
    made, changed = grouped([TENT, BAG, COLOUR, WEIGHT, HEAVY])

    assert made.steps == [TENT, BAG]
    assert changed.steps == [COLOUR, WEIGHT, HEAVY]


def test_what_fills_rows_stands_alone_and_sees_all_before_it():
    assert list(grouped([COLOUR, FILL, WEIGHT])) == [COLOUR, FILL, WEIGHT]


def test_what_a_step_made_is_not_taken_away_in_the_same_group():
    first, second = grouped([WEIGHT, HEAVY, LIGHT])

    assert first.steps == [WEIGHT, HEAVY]
    assert second is LIGHT


def test_every_migration_of_ours_leaves_the_same_models_and_keeps_its_order():
    loader = MigrationLoader(None)

    for key, migration in loader.graph.nodes.items():
        steps = list(migration.operations)
        together = list(grouped(steps))
        flat = [
            one for step in together for one in (step.steps if type(step) is Together else [step])
        ]
        assert flat == steps, key


def test_a_run_of_migrate_groups_the_steps():
    migration = migrations.Migration("one", "returns")
    migration.operations = [COLOUR, WEIGHT]

    pre_migrate.send(apps.get_app_config("returns"), plan=[(migration, False)])

    assert [type(step) for step in migration.operations] == [Together]
