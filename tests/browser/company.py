"""The demo company with somebody of each role, for pictures and sweeps."""

from __future__ import annotations

from typing import Any

from returns.demo import make_demo
from rmaproject.access.models import User
from rmaproject.access.roles import make_roles
from tests.browser.furnishing import furnish
from tests.factories import actor_with

NAMES = {
    "Administrator": ("petrovic", "Ana", "Petrović"),
    "Manager": ("hughes", "Claire", "Hughes"),
    "Warehouse": ("aydin", "Mehmet", "Aydın"),
    "Inspector": ("krueger", "Leonie", "Krüger"),
    "Finance": ("okafor", "Tobe", "Okafor"),
    "Service agent": ("brandt", "Jonas", "Brandt"),
}


def make_company() -> dict[str, Any]:
    """Everything that a visitor could see; gives an actor for each role."""
    make_roles()
    make_demo(lambda line: None)
    people = {role: _person(role, *names) for role, names in NAMES.items()}
    furnish(people)
    return people


def _person(role: str, username: str, first: str, last: str) -> Any:
    actor = actor_with(role, username=username)
    User.objects.filter(pk=actor.user.pk).update(first_name=first, last_name=last)
    actor.user.refresh_from_db()
    return actor
