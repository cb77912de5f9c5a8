"""Records that attachments and metadata can hang on, by the names that this system's clients use.

Another module that serves more of them adds to `KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from returns.compat.inventree.lists import refused
from returns.models import ExtraLine, ReturnLine, ReturnOrder
from returns.selectors import permission_for, visible_returns
from returns.services import attach_file, attach_link, remove_file
from rmaproject.access.actors import Actor
from rmaproject.audit.models import Addressable, Aggregate
from rmaproject.files.models import Attachment
from rmaproject.shared.errors import NotFound


@dataclass(frozen=True)
class Files:
    """The services that hang files on a record, and the right to do so."""

    permission: str
    attach: Callable[..., Attachment]
    link: Callable[..., Attachment]
    remove: Callable[..., Any]


@dataclass(frozen=True)
class Kind:
    """One model of theirs: who sees its records, what they are part of, who may change them."""

    model: type[Addressable]
    visible: Callable[[Actor], QuerySet[Any, Any]]
    root: Callable[[Any], Aggregate]
    edit: str
    files: Files | None = None


def _itself(row: Any) -> Aggregate:
    return row


def _order(row: Any) -> Aggregate:
    return row.return_order


RETURN_FILES = Files(permission_for("comment"), attach_file, attach_link, remove_file)
KINDS: dict[str, Kind] = {
    "returnorder": Kind(
        ReturnOrder, visible_returns, _itself, permission_for("edit"), RETURN_FILES
    ),
    "returnorderlineitem": Kind(
        ReturnLine,
        lambda actor: ReturnLine.objects.filter(return_order__in=visible_returns(actor)),
        _order,
        permission_for("edit"),
    ),
    "returnorderextraline": Kind(
        ExtraLine,
        lambda actor: ExtraLine.objects.filter(return_order__in=visible_returns(actor)),
        _order,
        permission_for("edit"),
    ),
}


def kind_of(model: str, *, with_files: bool = False) -> Kind:
    """The kind of a model name. Raises InputErrors for one that is not known here."""
    kind = KINDS.get(model.lower())
    if kind is None or (with_files and kind.files is None):
        raise refused({"model_type": f'"{model[:50]}" is not a valid choice.'})
    return kind


def record_of(kind: Kind, actor: Actor, pk: int) -> Any:
    """The record with this key. Raises NotFound for what may not be seen."""
    found = kind.visible(actor).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise NotFound("Not found.", code="not_found")
    return found
