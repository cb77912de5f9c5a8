"""Who is responsible for returns and sales orders: the choices of a filter, and what they find."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import Group
from django.db.models import Q
from django.utils.translation import gettext as _

from rmaproject.access.models import User
from rmaproject.web.people_words import role_name

Choices = list[tuple[object, str]]

#: Somebody and the roles of somebody, as an owner to ask for; lists know owners one by one.
US: Final = "us"
#: Nobody at all, in lists.
NOBODY: Final = "none"
#: So many people are offered by their name.
MOST_PEOPLE: Final = 500


def owners() -> Choices:
    """Who can be responsible: groups, then people, as the values `g5` and `u7`."""
    groups = Group.objects.order_by("name").values_list("pk", "name")
    people = User.objects.filter(is_active=True).order_by("username")[:MOST_PEOPLE]
    named: Choices = [(f"g{key}", role_name(name)) for key, name in groups]
    return named + [(f"u{row.pk}", row.get_full_name() or row.get_username()) for row in people]


def us_and_owners() -> Choices:
    """The same, after the one who asks and the roles of them."""
    return [(US, _("Me and my teams")), *owners()]


def owned_by(owner: str, asker: User | None = None) -> Q:
    """The records of an owner as they are chosen; `asker` is who may say US."""
    if owner == NOBODY:
        return Q(responsible_user=None, responsible_group=None)
    if asker is not None and owner == US:
        teams = asker.groups.values("pk")
        return Q(responsible_user=asker) | Q(responsible_group__in=teams)
    field = "responsible_group" if owner[0] == "g" else "responsible_user"
    return Q(**{field: int(owner[1:])})
