"""Values that only this system knows, kept beside our records and shown again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from returns.compat.inventree.base import DOOR
from returns.compat.inventree.resources import Records
from rmaproject.audit.models import Addressable, Aggregate
from rmaproject.files.supplements import NOTHING, keep_with, kept_with


class KeepingRecords(Records):
    """Records some of whose fields no column of ours holds; each is shown as it was given.

    A subclass names these fields in `kept`, with what is shown where nobody said anything, gives
    `show_ours`, the rest of a record, and calls `keep` after its service wrote the rest.
    """

    kept: ClassVar[Mapping[str, Any]] = {}

    def show_ours(self, rows: Sequence[Any], flags: Mapping[str, bool]) -> list[dict[str, Any]]:
        raise NotImplementedError

    def show_all(self, rows: list[Any], flags: Mapping[str, bool]) -> list[dict[str, Any]]:
        found = kept_with(rows, system=DOOR) if self.kept else {}
        shown = []
        for row, ours in zip(rows, self.show_ours(rows, flags), strict=True):
            values = found.get(row.uuid, NOTHING).values
            theirs = {name: values.get(name, unsaid) for name, unsaid in self.kept.items()}
            shown.append({**ours, **theirs})
        return shown

    def taken(self, values: dict[str, Any]) -> dict[str, Any]:
        """Take the values that are only kept out of those for our services."""
        return {name: values.pop(name) for name in self.kept if name in values}

    def keep(self, root: Aggregate, row: Addressable, values: Mapping[str, Any]) -> None:
        """Keep what was said; saying what is shown already is no change."""
        if values:
            keep_with(root, row, system=DOOR, actor=self.actor, values=plain(values))


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON keeps them: records by their key, days as text."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.pk if hasattr(value, "pk") else value
