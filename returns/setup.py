"""What an installation needs before the first return: a business, codes, and the switch."""

from __future__ import annotations

from typing import Final

from returns.models import Action, Disposition, Reason, ReturnsSwitch, Sheet
from returns.services.codes import new_disposition
from returns.services.sheets import create_sheet
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
#: The first dispositions; their codes are the actions' words.
DISPOSITIONS: Final = {
    Action.RESTOCK: "Back to stock",
    Action.QUARANTINE: "Into quarantine",
    Action.SCRAP: "Scrap",
    Action.REPAIR: "Repair",
    Action.REFURBISH: "Refurbish",
    Action.RETURN_TO_VENDOR: "Return to the vendor",
    Action.SEND_BACK: "Send back to the customer",
    Action.DONATE: "Donate",
    Action.CUSTOMER_KEEPS: "Customer keeps it",
}
#: Code, name, criteria, verdict, share of the price in percent, disposition.
GRADES: Final = (
    (
        "A",
        "As new",
        "Unopened, or without any trace of use.",
        "accepted",
        100,
        "restock",
    ),
    (
        "B",
        "Opened",
        "Opened; complete and working.",
        "accepted",
        100,
        "quarantine",
    ),
    ("C", "Damaged", "Traces of use, parts missing or damaged.", "accepted", 70, "refurbish"),
    ("R", "Refused", "Not ours, worn out, or not what was sold.", "rejected", 0, "send_back"),
)


@command
def make_codes() -> None:
    """Make the reasons and dispositions that are missing; what is there stays as it is."""
    reasons = [Reason(code=code, name=name) for code, name in _missing(Reason, REASONS)]
    actions = {str(action): name for action, name in DISPOSITIONS.items()}
    dispositions = [
        new_disposition({"code": action, "name": name, "action": action})
        for action, name in _missing(Disposition, actions)
    ]
    for rows in (reasons, dispositions):
        trail.create_all([(row, {"code": row.code}) for row in rows], actor=SYSTEM)


def _missing(model: type[Reason | Disposition], names: dict[str, str]) -> list[tuple[str, str]]:
    there = {code.lower() for code in model.objects.values_list("code", flat=True)}
    return [row for row in names.items() if row[0].lower() not in there]


@command
def make_sheet() -> None:
    """Make a first inspection sheet for all parts, where there is no sheet at all."""
    if Sheet.objects.exists():
        return
    known = {row.code: row for row in Disposition.objects.all()}
    names = ("code", "name", "criteria", "verdict", "share", "disposition")
    grades = [dict(zip(names, row, strict=True)) for row in GRADES]
    for grade in grades:
        grade["disposition"] = known.get(str(grade["disposition"]))
    create_sheet({"name": "All parts", "grades": grades}, actor=SYSTEM)


@command
def switch_returns_on() -> bool:
    """Make a first business where there is none, give each a returns location, switch on.

    Who has switched returns off keeps them off. Gives whether they are on.
    """
    make_codes()
    make_sheet()
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
