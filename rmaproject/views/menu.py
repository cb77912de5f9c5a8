"""The menu "View" of a list: one's own views, the shared ones, and what can be done with them."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse

from rmaproject.views.looking import Look, canonical, unfolded
from rmaproject.views.models import SavedView
from rmaproject.views.selectors import may_change, may_share, visible_views


def views_menu(seen: Look) -> dict[str, Any]:
    """What the template of the menu needs; costs one query."""
    key, actor, path = seen.listing.key, seen.actor, seen.asked.path
    rows = list(visible_views(actor, key))
    first = seen.preference.view_id if seen.preference else None

    def entry(view: SavedView) -> dict[str, Any]:
        return {
            "name": view.name,
            "url": f"{path}?view={view.slug}",
            "current": seen.view is not None and view.pk == seen.view.pk,
            "first": view.pk == first,
        }

    return {
        "mine": [entry(view) for view in rows if view.owner_id == actor.user_id],
        "shared": [entry(view) for view in rows if view.owner_id != actor.user_id],
        "plain_url": f"{path}?{seen.listing.tab_name}={seen.tab.key}" if seen.tab else f"{path}?q=",
        "save_url": reverse("views:save", args=[key]),
        "may_share": may_share(actor),
        "current": _current(seen, first),
    }


def _current(seen: Look, first: int | None) -> dict[str, Any] | None:
    view = seen.view
    if view is None:
        return None
    return {
        "name": view.name,
        "shared": view.shared,
        "mine": view.owner_id == seen.actor.user_id,
        "owner": view.owner.get_full_name() or view.owner.get_username(),
        "changed": canonical(unfolded(view, QueryDict())) != seen.state,
        "may_change": may_change(seen.actor, view),
        "first": view.pk == first,
        "url": reverse("views:change", args=[seen.listing.key, view.slug]),
    }
