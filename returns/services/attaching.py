"""Files on a return: pictures of goods, labels, letters; legal in every status, like notes."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from returns.locks import lock_return
from returns.models import Inspection, ReturnOrder
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.files.checking import Checked, checked, checked_link
from rmaproject.files.models import Attachment
from rmaproject.files.selectors import attachment_of, attachments_of, kept_under
from rmaproject.files.services import drop_file, facts_of, keep_file
from rmaproject.shared.db import command
from rmaproject.shared.errors import NotFound, RuleViolation

MOST_CAPTION: Final = 250


def attach_file(
    return_id: int,
    name: str,
    content: bytes,
    *,
    actor: Actor,
    about: UUID | None = None,
    comment: str = "",
    kind: str = "",
    key: UUID | None = None,
) -> Attachment:
    """Hang a file on a return, or on a line or inspection (`about`) inside it.

    Sent again under the same `key` it is the file that was kept the first time, and nothing
    changes. Raises RuleViolation `empty_file`, `file_too_large`, `unknown_file_type`,
    `broken_image`, `image_too_large`, `too_many_files`; NotFound for what is not inside the return.
    """
    told: dict[str, Any] = {"about": about, "kind": kind, "key": key}
    told["comment"] = comment[:MOST_CAPTION]
    return _attach(return_id, checked(name, content), actor, **told)


def attach_link(return_id: int, address: str, *, actor: Actor, comment: str = "") -> Attachment:
    """Hang the address of something elsewhere on a return.

    Raises RuleViolation `invalid_link`, `too_many_files`.
    """
    return _attach(return_id, checked_link(address), actor, about=None, comment=comment)


@command
def _attach(
    return_id: int,
    file: Checked,
    actor: Actor,
    *,
    about: UUID | None,
    key: UUID | None = None,
    **told: str,
) -> Attachment:
    order = lock_return(return_id)
    known = kept_under(order, key)
    if known is not None:
        return known
    if about is not None:
        _require_inside(order, about)
    kept = keep_file(order, file, actor=actor, about=about, key=key, **told)
    trail.change(order, "attach", actor=actor, **facts_of(kept))
    return kept


@command
def describe_files(return_id: int, captions: dict[str, str], *, actor: Actor) -> None:
    """Write below files what they show, by their ids; what is no file of the return is left out."""
    order = lock_return(return_id)
    changed = []
    for row in attachments_of(order):
        caption = captions.get(str(row.uuid), row.comment).strip()[:MOST_CAPTION]
        if caption != row.comment:
            row.comment = caption
            row.save(update_fields=["comment"])
            changed.append(row.uuid)
    if changed:
        trail.change(order, "edit", actor=actor, attachments=changed)


@command
def remove_file(return_id: int, ident: UUID, *, actor: Actor) -> ReturnOrder:
    """Take a file away; its row stays and the trail says who did it.

    Raises NotFound; RuleViolation `photo_in_use` for one that an inspection names.
    """
    order = lock_return(return_id)
    known = attachment_of(order, ident)
    if known is None:
        raise NotFound(_("There is no such file."), code="not_found")
    told = Inspection.told.filter(return_order=order)
    if told.filter(photos__contains=[str(known.uuid)]).exists():
        message = _("An inspection rests on this picture; it stays.")
        raise RuleViolation(message, code="photo_in_use", attachment=str(known.uuid))
    drop_file(known, actor=actor)
    trail.change(order, "detach", actor=actor, **facts_of(known))
    return order


def _require_inside(order: ReturnOrder, about: UUID) -> None:
    lines = order.lines.filter(uuid=about)
    inspections = Inspection.told.filter(return_order=order, uuid=about)
    if not lines.exists() and not inspections.exists():
        message = _("The return has no such line or inspection.")
        raise NotFound(message, code="not_found", pointer="/about")
