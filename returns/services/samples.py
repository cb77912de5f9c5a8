"""Sample photos of grades: what goods of a grade look like, for everybody who inspects."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from returns.models import Sheet
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.files.checking import checked
from rmaproject.files.models import Attachment, Kind
from rmaproject.files.selectors import attachment_of
from rmaproject.files.services import drop_file, facts_of, keep_file
from rmaproject.shared.db import command
from rmaproject.shared.errors import NotFound, RuleViolation


@command
def attach_sample(
    sheet_id: int, grade: UUID, name: str, content: bytes, *, actor: Actor
) -> Attachment:
    """Show by a picture what goods of a grade look like.

    Raises NotFound for a grade of another sheet; RuleViolation `unknown_file_type` for what is no
    picture, `empty_file`, `file_too_large`, `broken_image`, `image_too_large`, `too_many_files`.
    """
    sheet = _locked(sheet_id)
    if not sheet.grades.filter(uuid=grade).exists():
        raise NotFound(_("The sheet has no such grade."), code="not_found")
    file = checked(name, content)
    if not file.content_type.startswith("image/"):
        message = _("A sample is a picture: JPEG, PNG or WebP.")
        raise RuleViolation(message, code="unknown_file_type", pointer="/file")
    kept = keep_file(sheet, file, actor=actor, about=grade, kind=Kind.SAMPLE)
    trail.change(sheet, "attach", actor=actor, **facts_of(kept))
    return kept


@command
def remove_sample(sheet_id: int, ident: UUID, *, actor: Actor) -> None:
    """Take a sample photo away. Raises NotFound."""
    sheet = _locked(sheet_id)
    known = attachment_of(sheet, ident)
    if known is None:
        raise NotFound(_("There is no such file."), code="not_found")
    drop_file(known, actor=actor)
    trail.change(sheet, "detach", actor=actor, **facts_of(known))


def _locked(sheet_id: int) -> Sheet:
    return Sheet.objects.select_for_update(of=("self",)).get(pk=sheet_id)
