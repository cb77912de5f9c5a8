"""Bank details, bank files and the secrets of webhooks closed anew with the newest key."""

from __future__ import annotations

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared.db import command
from rmaproject.shared.vault import seal, unseal
from rmaproject.webhooks.services import reseal_secrets
from sales.models import BankDetails, BankFile
from sales.services.banking import reseal


def rotate(*, actor: Actor) -> int:
    """Close every secret with the newest key, each by itself: it can be stopped and run again.

    Gives how many. Raises Conflict `wrong_field_keys` when no key opens one of them.
    """
    details = list(BankDetails.objects.order_by("pk").values_list("pk", flat=True))
    files = list(BankFile.objects.order_by("pk").values_list("pk", flat=True))
    for key in details:
        _rotate_details(key, actor)
    for key in files:
        _rotate_file(key, actor)
    return len(details) + len(files) + reseal_secrets(actor=actor)


@command
def _rotate_details(key: int, actor: Actor) -> None:
    reseal(BankDetails.objects.select_for_update().get(pk=key), actor=actor)


@command
def _rotate_file(key: int, actor: Actor) -> None:
    file = BankFile.objects.select_for_update().get(pk=key)
    fields = {"sealed": seal(unseal(file.sealed))}
    trail.change(file, "reseal", actor=actor, fields=fields)
