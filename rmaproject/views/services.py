"""Saved views are made, changed, shared and removed; columns are chosen by each for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import uuid4

from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor, person_of
from rmaproject.shared import clock
from rmaproject.shared.db import command
from rmaproject.shared.errors import NotPermitted, RuleViolation
from rmaproject.views.models import ListPreference, SavedView
from rmaproject.views.selectors import may_change, may_share

LONGEST_QUERY: Final = 2000
LONGEST_NAME: Final = 80


@command
def save_view(
    key: str,
    name: str,
    *,
    actor: Actor,
    query: str,
    columns: Sequence[str] = (),
    sort: str = "",
    shared: bool = False,
) -> SavedView:
    """Keep filters, order and columns of a list under a name.

    Raises Conflict `view_exists`; RuleViolation `invalid_name`, `view_too_long`; NotPermitted
    `not_permitted` for sharing without the right.
    """
    name = _named(name)
    _require_short(query)
    if shared:
        _require_sharing(actor)
    last = SavedView.objects.filter(owner_id=actor.user_id, list_key=key).aggregate(
        last=Max("position")
    )
    return SavedView.objects.create(
        owner=person_of(actor),
        list_key=key,
        name=name,
        slug=_free_slug(key, name),
        query=query,
        columns=list(columns),
        sort=sort,
        shared=shared,
        position=(last["last"] or 0) + 1,
    )


@command
def update_view(
    view_id: int, *, actor: Actor, query: str, columns: Sequence[str], sort: str
) -> SavedView:
    """Let a view be what is looked at now. Raises NotPermitted, RuleViolation `view_too_long`."""
    view = _lock(view_id, actor)
    _require_short(query)
    view.query, view.columns, view.sort = query, list(columns), sort
    return _write(view, "query", "columns", "sort")


@command
def rename_view(view_id: int, name: str, *, actor: Actor) -> SavedView:
    """Call a view something else; its address stays.

    Raises NotPermitted, Conflict `view_exists`, RuleViolation `invalid_name`.
    """
    view = _lock(view_id, actor)
    view.name = _named(name)
    return _write(view, "name")


@command
def share_view(view_id: int, *, shared: bool, actor: Actor) -> SavedView:
    """Show a view to everybody, or to its owner alone again. Raises NotPermitted."""
    view = _lock(view_id, actor)
    if shared:
        _require_sharing(actor)
    view.shared = shared
    return _write(view, "shared")


@command
def delete_view(view_id: int, *, actor: Actor) -> None:
    """Forget a view; who started with it starts with the plain list. Raises NotPermitted."""
    _lock(view_id, actor).delete()


@command
def start_with(key: str, view: SavedView | None, *, actor: Actor) -> ListPreference:
    """Open the list with a view from now on, for oneself; None for the plain list."""
    return _prefer(actor, key, view=view)


@command
def choose_columns(key: str, columns: Sequence[str], *, actor: Actor) -> ListPreference:
    """Show these columns in this order, for oneself; none for the usual ones."""
    return _prefer(actor, key, columns=list(columns))


def _prefer(actor: Actor, key: str, **values: object) -> ListPreference:
    found, _new = ListPreference.objects.update_or_create(
        user=person_of(actor), list_key=key, defaults=values
    )
    return found


def _lock(view_id: int, actor: Actor) -> SavedView:
    view = SavedView.objects.select_for_update().get(pk=view_id)
    if not may_change(actor, view):
        message = _("Only who made this view changes it. Save it under a name of your own.")
        raise NotPermitted(message, code="not_permitted")
    return view


def _write(view: SavedView, *fields: str) -> SavedView:
    view.updated_at = clock.now()
    view.save(update_fields=[*fields, "updated_at"])
    return view


def _require_sharing(actor: Actor) -> None:
    if not may_share(actor):
        message = _("You lack the right to share views.")
        raise NotPermitted(message, code="not_permitted", permission="views.share_view")


def _named(name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())[:LONGEST_NAME]
    if not name:
        raise RuleViolation(_("Give the view a name."), code="invalid_name", pointer="/name")
    return name


def _require_short(query: str) -> None:
    if len(query) > LONGEST_QUERY:
        message = _("These filters are too long to be kept. Take some of them away.")
        raise RuleViolation(message, code="view_too_long")


def _free_slug(key: str, name: str) -> str:
    slug = slugify(name)[:50].strip("-").replace("_", "-") or "view"
    slug = "-".join(filter(None, slug.split("-")))
    if SavedView.objects.filter(list_key=key, slug=slug).exists():
        return f"{slug[:50].strip('-')}-{uuid4().hex[:6]}"
    return slug
