"""Routes of the REST door; each app registers its resources with a router of this kind."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter


def router() -> SimpleRouter:
    """A router whose paths end in a slash; the other spelling is answered too, without redirect."""
    return SimpleRouter(trailing_slash=True)
