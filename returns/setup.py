"""What an installation needs before the first return: a business, codes, and the switch."""

from __future__ import annotations

from typing import Final

from returns.models import Action, Disposition, Reason, ReturnsSwitch
from returns.services.switching import turn_returns
from returns.switch import returns_are_on
from rmaproject.access.actors import SYSTEM
from rmaproject.audit import trail
from rmaproject.shared.db import command
from sales.models import Business
from sales.services.businesses import create_business, edit_business
from stock.models import Location
from stock.services import create_location

REASONS: Final = {
    "customer_return": "Customer changed their mind",
    "carrier_return": "Carrier could not deliver",
    "defective": "Defective",
    "damaged": "Damaged on the way",
    "wrong_item": "Wrong item sent",
    "not_as_described": "Not as described",
    "other": "Other",
}
DISPOSITIONS: Final = {
    "restock": ("Back to stock", Action.RESTOCK),
    "quarantine": ("Into quarantine", Action.QUARANTINE),
    "scrap": ("Scrap", Action.SCRAP),
}


@command
def make_codes() -> None:
    """Make the reasons and dispositions that are missing; what is there stays as it is."""
    for code, name in REASONS.items():
        if not Reason.objects.filter(code__iexact=code).exists():
            trail.create(Reason(code=code, name=name), actor=SYSTEM, code=code)
    for code, (name, action) in DISPOSITIONS.items():
        if not Disposition.objects.filter(code__iexact=code).exists():
            disposition = Disposition(code=code, name=name, action=action)
            trail.create(disposition, actor=SYSTEM, code=code)


@command
def switch_returns_on() -> bool:
    """Make a first business where there is none, give each a returns location, switch on.

    Who has switched returns off keeps them off. Gives whether they are on.
    """
    make_codes()
    if not Business.objects.exists():
        values = {"code": "1000", "name": "Our company", "currency": "EUR"}
        create_business({**values, "time_zone": "Europe/Amsterdam"}, actor=SYSTEM)
    for business in Business.objects.filter(returns_location=None):
        edit_business(business.pk, {"returns_location": dock()}, actor=SYSTEM)
    if not ReturnsSwitch.objects.exists():
        turn_returns(on=True, actor=SYSTEM)
    return returns_are_on()


def dock() -> Location:
    """Where returns are received unless somebody says otherwise; made when missing."""
    found = Location.objects.filter(code__iexact="RETURNS").first()
    return found or create_location({"code": "RETURNS", "name": "Returns dock"}, actor=SYSTEM)
