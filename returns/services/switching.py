"""Switching returns on and off, which an administrator does."""

from __future__ import annotations

from django.utils.translation import gettext as _

from returns.models import ReturnsSwitch
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared.db import command
from rmaproject.shared.errors import RuleViolation
from sales.models import Business


@command
def turn_returns(*, on: bool, actor: Actor) -> ReturnsSwitch:
    """Switch returns on or off; on needs every business to know where returned goods go.

    Raises RuleViolation `returns_location_missing`.
    """
    homeless = Business.objects.filter(returns_location=None)
    if on and homeless.exists():
        codes = list(homeless.values_list("code", flat=True))
        message = _("Choose a returns location for business %(codes)s first.") % {
            "codes": ", ".join(codes)
        }
        raise RuleViolation(message, code="returns_location_missing", businesses=codes)
    switch = ReturnsSwitch.objects.select_for_update().filter(pk=1).first()
    if switch is None:
        switch = ReturnsSwitch(pk=1, enabled=on)
        trail.create(switch, actor=actor, enabled=on)
    elif switch.enabled != on:
        trail.change(switch, "switch", actor=actor, fields={"enabled": on}, enabled=on)
    return switch
