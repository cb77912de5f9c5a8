"""All that belongs to the demo data, found by what points to it, and removed to the last row."""

from __future__ import annotations

from typing import Final

from returns.demo.belonging import Belonging
from returns.models import DemoLoad
from rmaproject.access.actors import Actor
from rmaproject.access.ledger import SECURITY
from rmaproject.audit.erasing import erase
from rmaproject.files.models import Attachment
from rmaproject.files.services import discard_content
from rmaproject.shared.db import after_commit, command
from rmaproject.shared.errors import Conflict, NotFound

MANAGE: Final = "access.manage_settings"
SHOWN: Final = 3


@command
def remove_demo(*, actor: Actor) -> int:
    """Remove the demo data with all that was done with it since; gives the number of rows.

    History that is never changed elsewhere goes too, in this one transaction: no chain of a
    record that stays is touched. Raises NotFound `no_demo`; Conflict `demo_in_use` with what of
    the real business depends on it; NotPermitted.
    """
    actor.require(MANAGE)
    load = DemoLoad.objects.select_for_update().first()
    if load is None:
        raise NotFound("There is no demo data here.", code="no_demo")
    belonging = Belonging(load.rows)
    _require_free(belonging)
    stored = _files_of(belonging)
    erase(belonging.rows)
    load.delete()
    for name in stored:
        after_commit(discard_content, name)
    SECURITY.info("Demo data removed by %s", actor.user or "the program")
    return sum(len(keys) for keys in belonging.rows.values())


def what_depends_on_demo() -> list[str]:
    """What of the real business stands in the way of removing the demo data."""
    load = DemoLoad.objects.first()
    return Belonging(load.rows).needed_by() if load else []


def _require_free(belonging: Belonging) -> None:
    needed = belonging.needed_by()
    if needed:
        shown = ", ".join(needed[:SHOWN]) + (", …" if len(needed) > SHOWN else "")
        message = f"Records of your own depend on the demo data: {shown}."
        raise Conflict(message, code="demo_in_use", records=needed)


def _files_of(belonging: Belonging) -> list[str]:
    keys = belonging.rows.get(Attachment, set())
    rows = Attachment.objects.filter(pk__in=keys, link="")
    return list(rows.values_list("stored", flat=True))
