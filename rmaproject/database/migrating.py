"""Migrations in a third of the time: neighbouring steps are worked out together.

Django renders every model that hangs together with a changed one after each single step, and here
nearly all do. Steps that cannot see each other's results are given to it as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterModelOptions,
    CreateModel,
    RemoveConstraint,
    RemoveIndex,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

#: Steps that change a table that was there before the group began.
_ON_A_TABLE: Final = (
    AddField,
    AddConstraint,
    AddIndex,
    AddTrigger,
    RemoveConstraint,
    RemoveIndex,
    RemoveTrigger,
    AlterModelOptions,
)


class Together(Operation):
    """Steps in a row, none of which needs the state that another one leaves."""

    reduces_to_sql = True

    def __init__(self, steps: list[Any]) -> None:
        self.steps = steps

    @property
    def reversible(self) -> bool:  # type: ignore[override]
        return all(step.reversible for step in self.steps)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        rendered = state.__dict__.pop("apps", None)
        for step in self.steps:
            step.state_forwards(app_label, state)
        if rendered is not None:
            state.apps = rendered
            touched = {(app_label, model_of(step)) for step in self.steps}
            state.reload_models(sorted(touched), delay=False)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for step in self.steps:
            step.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for step in reversed(self.steps):
            step.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(step.describe() for step in self.steps)


def group_steps(plan: Iterable[tuple[Any, bool]]) -> None:
    """Group the steps of every migration that is about to run."""
    for migration, _backwards in plan:
        migration.operations = list(grouped(migration.operations))


def grouped(steps: Iterable[Any]) -> Iterator[Any]:
    """The same steps in the same order, those that may be worked out together as one."""
    group: list[Any] = []
    for step in steps:
        if group and not _joins(group, step):
            yield _one(group)
            group = []
        group.append(step)
    if group:
        yield _one(group)


def _joins(group: list[Any], step: Any) -> bool:
    if isinstance(step, CreateModel):
        return all(isinstance(other, CreateModel) for other in group)
    if not all(isinstance(one, _ON_A_TABLE) for one in (*group, step)):
        return False
    return not any(_same_thing(other, step) for other in group)


def _same_thing(one: Any, other: Any) -> bool:
    """Whether both are about the same column, constraint, index or trigger."""
    return model_of(one) == model_of(other) and _thing(one) == _thing(other)


def _thing(step: Any) -> str:
    for kind in ("constraint", "index", "trigger"):
        if thing := getattr(step, kind, None):
            return str(thing.name)
    return str(getattr(step, "name", ""))


def model_of(step: Any) -> str:
    """The model that a step is about, in lower case."""
    named = isinstance(step, CreateModel | AlterModelOptions)
    return str(step.name if named else step.model_name).lower()


def _one(group: list[Any]) -> Any:
    return Together(group) if len(group) > 1 else group[0]
