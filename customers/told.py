"""What other systems are told of companies: that they changed, nothing of what they are."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from customers.models import Company
from rmaproject.access.actors import Actor
from rmaproject.events.kinds import Kind, register

VERBS = "create edit edit_contact remove_contact edit_address remove_address".split()


def _seen(actor: Actor) -> QuerySet[Any, Any]:
    return Company.objects.visible_to(actor.scope)


def _tell(row: Company) -> dict[str, Any]:
    return {"reference": row.reference}


def register_kinds() -> None:
    """Let events tell of companies."""
    example = {"reference": "BO"}
    kind = Kind("company", "customers.view_company", VERBS, _seen, _tell, example=example)
    register("customers.company", kind)
