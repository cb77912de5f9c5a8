"""What was done to people and roles: a row nobody can change, and a line of the security log."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Final

from django.contrib.auth.models import Group

from rmaproject.access.actors import Actor
from rmaproject.access.models import RightsEntry, User
from rmaproject.shared import clock, requestid

SECURITY: Final = logging.getLogger("rmaproject.security")


def note(subject: User | Group, verb: str, *, actor: Actor, **facts: Any) -> None:
    """Keep that somebody did this to a person or a role; facts are names and figures only."""
    person = isinstance(subject, User)
    name = subject.get_username() if isinstance(subject, User) else subject.name
    RightsEntry.objects.create(
        at=clock.now(),
        actor_id=actor.user_id,
        door=actor.door,
        request_id=requestid.current(),
        verb=verb,
        subject="user" if person else "role",
        subject_id=subject.pk,
        name=name,
        facts=facts,
    )
    kind = "User" if person else "Role"
    who = actor.user.get_username() if actor.user else "the program"
    SECURITY.info("%s %s %s by %s%s", kind, name, verb, who, _told(facts))


def _told(facts: dict[str, Any]) -> str:
    told = "; ".join(f"{name} {_words(value)}" for name, value in facts.items())
    return f": {told}" if told else ""


def _words(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value)) or "-"
    return str(value) or "-"
