"""An import taken back as one: all it made goes, or nothing does.

The books refuse to be changed, so this is one of the two places that lift what guards them. Only
rows that nobody has built on are touched; the run itself stays, with its trail and its figures.
"""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError
from django.db.models import F, Model, Sum
from django.utils.translation import gettext as _
from guardian.models import GroupObjectPermission, UserObjectPermission

from returns.importing.footprint import DOOR, Footprint, Rows
from returns.importing.restoring import restore_sales
from returns.importing.runs import lock_run
from returns.models import ImportRun, ReturnOrder
from rmaproject.access.actors import GRANTS, Actor
from rmaproject.audit import trail
from rmaproject.audit.erasing import erase
from rmaproject.jobs.models import Job
from rmaproject.shared import clock
from rmaproject.shared.db import command, lock_rows
from rmaproject.shared.errors import Conflict
from sales.models import (
    Account,
    Invoice,
    InvoiceLine,
    Ledger,
    LedgerLine,
    OrderLine,
    SalesOrder,
)

MANAGE: Final = "access.manage_settings"
#: Locked in this order before anybody looks at what was built on them.
LOCKED: Final[tuple[type[Model], ...]] = (ReturnOrder, SalesOrder, Account, OrderLine, Invoice)


def take_back_all(job: Job, *, actor: Actor) -> int:
    """Remove every row that an import made; gives how many they were.

    Raises Conflict `import_in_use` with what was built on it since; NotPermitted.
    """
    try:
        return _take_back(job, actor)
    except IntegrityError as error:
        message = _("Somebody built on this import just now. Look what stands against it.")
        raise Conflict(message, code="import_in_use") from error


@command
def _take_back(job: Job, actor: Actor) -> int:
    actor.require(MANAGE)
    run = lock_run(job)
    if run.taken_back_at is not None:
        return 0
    _lock(Footprint(run))
    footprint = Footprint(run)
    if footprint.against:
        raise in_use(footprint)
    _lower_balances(footprint.rows)
    gone = erase({**footprint.rows, **_grants(footprint.rows)})
    kept = footprint.kept
    acting = Actor(actor.user, door=DOOR)
    restore_sales(kept[OrderLine], kept[InvoiceLine], kept[Invoice], actor=acting)
    now = clock.now()
    trail.change(run, "take_back", actor=actor, fields={"taken_back_at": now}, rows=gone)
    return gone


def standing_against(run: ImportRun) -> list[str]:
    """What was built on an import since, by what people call it."""
    return Footprint(run).against


def in_use(footprint: Footprint) -> Conflict:
    """The refusal that names what stands against taking an import back."""
    message = _("Others build on this import: %(records)s.") % {
        "records": ", ".join(footprint.against)
    }
    return Conflict(message, code="import_in_use", records=footprint.against)


def _lock(footprint: Footprint) -> None:
    for model in LOCKED:
        lock_rows(model, footprint.rows[model] | footprint.kept[model])


def _lower_balances(rows: Rows) -> None:
    """Accounts that stay owe no more what the import booked on them."""
    lines = LedgerLine.objects.filter(
        pk__in=rows.get(LedgerLine, ()), ledger=Ledger.RECEIVABLE
    ).exclude(entry__account__in=rows.get(Account, ()))
    sums = lines.values("entry__account").annotate(sum=Sum("amount")).order_by("entry__account")
    booked = {row["entry__account"]: row["sum"] for row in sums}
    for account in lock_rows(Account, booked):
        Account.objects.filter(pk=account).update(balance=F("balance") - booked[account])


def _grants(rows: Rows) -> Rows:
    """Who was let see a customer or a return of the import."""
    found: Rows = {}
    for model in (UserObjectPermission, GroupObjectPermission):
        found[model] = {
            pk
            for label, name, _codename in GRANTS.values()
            for own, keys in rows.items()
            if own._meta.label_lower == f"{label}.{name}"
            for pk in model.objects.filter(
                content_type__app_label=label,
                content_type__model=name,
                object_pk__in=[str(key) for key in keys],
            ).values_list("pk", flat=True)
        }
    return found
