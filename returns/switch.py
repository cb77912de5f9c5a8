"""Whether returns are on; off on a new installation."""

from __future__ import annotations

from django.utils.translation import gettext as _

from returns.models import ReturnsSwitch
from rmaproject.shared.errors import NotPermitted


def returns_are_on() -> bool:
    """Whether returns are switched on."""
    return ReturnsSwitch.objects.filter(enabled=True).exists()


def require_returns_on() -> None:
    """Refuse while returns are off. Raises NotPermitted `returns_disabled`."""
    if not returns_are_on():
        message = _(
            "Returns are switched off; an administrator can switch them on in the settings."
        )
        raise NotPermitted(message, code="returns_disabled")
