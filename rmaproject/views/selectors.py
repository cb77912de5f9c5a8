"""Which saved views somebody may open, and what somebody has chosen for a list."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.shared.errors import NotFound
from rmaproject.views.models import ListPreference, SavedView

SETTINGS = "access.manage_settings"
SHARE = "views.share_view"


def visible_views(actor: Actor, key: str) -> QuerySet[SavedView, SavedView]:
    """The actor's own views of a list and those that are shared, in their order."""
    mine = Q(owner=actor.user_id) | Q(shared=True)
    return SavedView.objects.filter(mine, list_key=key).select_related("owner")


def access_view(actor: Actor, key: str, slug: str) -> SavedView:
    """A view by its name in addresses. Raises NotFound for one that is private to somebody else."""
    found = visible_views(actor, key).filter(slug=slug[:60]).first()
    if found is None:
        message = _("There is no such view, or it is not shared with you.")
        raise NotFound(message, code="not_found")
    return found


def preference_of(actor: Actor, key: str) -> ListPreference | None:
    """What the actor has chosen for a list; None for nothing."""
    rows = ListPreference.objects.filter(user=actor.user_id, list_key=key)
    return rows.select_related("view").first()


def may_share(actor: Actor) -> bool:
    return actor.may(SHARE) or actor.may(SETTINGS)


def may_change(actor: Actor, view: SavedView) -> bool:
    """One's own views, and the shared ones of others for who keeps the settings."""
    return view.owner_id == actor.user_id or (view.shared and actor.may(SETTINGS))
