"""Sections that other apps put on a customer's page: their orders, their units, their account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from customers.models import Company
from rmaproject.access.actors import Actor


@dataclass(frozen=True)
class Panel:
    """One section: a template that shows `context`, and a link to all there is."""

    name: str
    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    count: str = ""
    link: str = ""
    link_label: str = ""
    beside: bool = False
    order: int = 0


#: Each answers within the actor's rights; None for who may see nothing of the kind.
PANELS: Final[list[Callable[[Actor, Company], Panel | None]]] = []


def panels_for(actor: Actor, company: Company) -> list[Panel]:
    """The sections of a customer's page that this actor may see."""
    made = [panel_of(actor, company) for panel_of in PANELS]
    return sorted((panel for panel in made if panel is not None), key=lambda row: row.order)
