"""The account a refund goes to, and which approvals a change of it has made void."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rmaproject.audit.models import AuditEntry
from sales.models import BankDetails, Refund


def name_of(user: Any) -> str:
    """A person as pages name them; "" for nobody."""
    return (user.get_full_name() or user.username) if user else ""


@dataclass(frozen=True)
class AccountChange:
    """An approval that no longer counts because the account is another one now."""

    approved: AuditEntry
    changed: AuditEntry
    before: str
    now: str

    @property
    def approver(self) -> str:
        """Who approved."""
        return name_of(self.approved.actor)

    @property
    def changer(self) -> str:
        """Who chose the other account."""
        return name_of(self.changed.actor)


def account_change(refund: Refund, entries: Sequence[AuditEntry]) -> AccountChange | None:
    """The last change of the account after an approval, with both masks; None without one."""
    approved = None
    found: tuple[AuditEntry, AuditEntry] | None = None
    for entry in entries:
        if entry.verb == "approve":
            approved = entry
        elif entry.verb == "details" and approved is not None and entry.facts.get("before"):
            found, approved = (approved, entry), None
    if found is None:
        return None
    approval, change = found
    keys = (str(change.facts["before"]), str(change.facts["bank_details"]))
    masks = {str(row.uuid): str(row) for row in BankDetails.objects.filter(uuid__in=keys)}
    return AccountChange(approval, change, masks.get(keys[0], "–"), masks.get(keys[1], "–"))


def void_approvals(entries: Sequence[AuditEntry]) -> dict[int, str]:
    """Why approvals no longer count, by the number of their entry."""
    why: dict[int, str] = {}
    standing = 0
    for entry in entries:
        if entry.verb == "approve":
            standing = entry.n
        elif entry.verb in ("details", "change") and standing:
            changed = entry.verb == "details"
            why[standing] = _("void: account changed") if changed else _("void: refund changed")
            standing = 0
    return why
