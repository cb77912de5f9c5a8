"""The demo's settings: rules for returns, inspection sheets, fields, limits, a bank account."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.conf import settings

from returns.demo.goods import World
from returns.models import Action, Disposition, FieldKind, Target
from returns.services import create_custom_field, create_sheet
from returns.services.codes import create_disposition
from returns.services.policies import create_policy, publish_policy
from returns.setup import GRADES
from rmaproject.access.actors import SYSTEM
from sales.services.banking import BankAccount, keep_bank_details
from sales.services.limits import set_limit
from stock.models import PartCategory

RULES: Final[list[dict[str, Any]]] = [
    {
        "aspect": "final_sale",
        "when": {"category": ["food"]},
        "then": {"final": True},
        "name": "Food and gas stay sold",
    },
    {"aspect": "window", "then": {"days": 30, "from": "shipment"}, "name": "Thirty days"},
    {
        "aspect": "fee",
        "when": {"reason": ["customer_return"]},
        "then": {"percent": "10"},
        "name": "Restocking fee for a changed mind",
    },
    {"aspect": "inspection", "when": {"category": ["electronics"]}, "then": {"required": True}},
    {
        "aspect": "shipping",
        "when": {"reason": ["customer_return"]},
        "then": {"paid_by": "customer", "amount": "4.95", "vat_percent": "21"},
    },
    {
        "aspect": "approval",
        "then": {"needed": "above", "above": "300.00", "four_eyes": True},
        "name": "Two people above 300 euros",
    },
    {"aspect": "refund", "then": {"approval_above": "50.00", "four_eyes_above": "500.00"}},
    {"aspect": "deadline", "then": {"days": 14}, "name": "Two weeks to send it"},
    {"aspect": "replacement", "then": {"in_advance": True}},
]
#: What somebody thinks of for next year: tried on past returns, not in force.
DRAFTED: Final[list[dict[str, Any]]] = [
    {
        "aspect": "window",
        "when": {"customer_flags": ["trade"]},
        "then": {"days": 60, "from": "shipment"},
        "name": "Trade customers have longer",
    },
    {"aspect": "window", "then": {"days": 14, "from": "delivery"}, "name": "Two weeks"},
    {
        "aspect": "fee",
        "when": {"reason": ["customer_return", "other"]},
        "then": {"percent": "15"},
    },
    {"aspect": "approval", "then": {"needed": "above", "above": "150.00", "four_eyes": True}},
]
#: Category, name, questions, photos.
SHEETS: Final[tuple[tuple[str, str, list[dict[str, Any]], int], ...]] = (
    (
        "clothing",
        "Clothing",
        [
            {
                "code": "worn",
                "text": "Signs of wear?",
                "help": "Cuffs, collar, zip",
                "kind": "yes_no",
                "required": True,
                "grades": {"yes": "B", "no": "A"},
            },
            {
                "code": "seams",
                "text": "Seams",
                "kind": "choice",
                "choices": ["sound", "repaired", "torn"],
                "required": True,
                "grades": {"sound": "A", "repaired": "B", "torn": "C"},
            },
        ],
        1,
    ),
    (
        "electronics",
        "Electronics and light",
        [
            {
                "code": "switches_on",
                "text": "Switches on?",
                "kind": "yes_no",
                "required": True,
                "grades": {"yes": "A", "no": "C"},
            },
            {"code": "fault", "text": "What is wrong with it", "kind": "text"},
        ],
        0,
    ),
)
FIELDS: Final[tuple[dict[str, Any], ...]] = (
    {
        "target": Target.RETURN,
        "code": "channel",
        "name": "Asked by",
        "kind": FieldKind.CHOICE,
        "choices": ["Mail", "Phone", "Shop counter"],
    },
    {
        "target": Target.LINE,
        "code": "seal_broken",
        "name": "Seal broken",
        "kind": FieldKind.BOOLEAN,
    },
)
#: Repairing costs something here.
BENCH: Final[dict[str, Any]] = {
    "code": "bench_repair",
    "name": "Repair on the bench",
    "action": Action.REPAIR,
    "handling_cost": Decimal("12.00"),
    "currency": "EUR",
}
#: Roles that may approve and pay in euros up to an amount.
LIMITS: Final = (("Service agent", "250.00"), ("Finance", "1000.00"))
#: An account number that the bank publishes as an example.
OWN_ACCOUNT: Final = BankAccount(owner="Heron Outdoor B.V.", iban="NL91ABNA0417164300")


def make_terms(world: World) -> None:
    """Settle how returns are dealt with from today on."""
    _make_policies(world)
    _make_sheets()
    for values in FIELDS:
        create_custom_field(dict(values), actor=SYSTEM)
    for role, amount in LIMITS:
        if role in world.groups:
            set_limit(world.groups[role], "EUR", Decimal(amount), actor=SYSTEM)
    create_disposition(dict(BENCH), actor=SYSTEM)
    if keeps_accounts():
        keep_bank_details(OWN_ACCOUNT, business=world.businesses["1000"], actor=SYSTEM)


def keeps_accounts() -> bool:
    """Whether there is a key that bank accounts are encrypted with."""
    return bool(settings.FIELD_KEYS)


def _make_policies(world: World) -> None:
    business = world.businesses["1000"]
    rules = create_policy(business, name="Since today", rules={"rules": RULES}, actor=SYSTEM)
    publish_policy(rules.pk, world.today, actor=SYSTEM)
    create_policy(business, name="Next year?", rules={"rules": DRAFTED}, actor=SYSTEM)


def _make_sheets() -> None:
    """The grades of the first sheet, for classes of parts that are asked more about."""
    known = {row.code: row for row in Disposition.objects.all()}
    names = ("code", "name", "criteria", "verdict", "share", "disposition")
    for code, name, questions, photos in SHEETS:
        grades = [dict(zip(names, row, strict=True)) for row in GRADES]
        for grade in grades:
            grade["disposition"] = known[str(grade["disposition"])]
        values = {"name": name, "questions": questions, "photos": photos, "grades": grades}
        category = PartCategory.objects.get(code=code)
        create_sheet({**values, "category": category}, actor=SYSTEM)
