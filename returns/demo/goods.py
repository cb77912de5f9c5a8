"""The demo's ground: two businesses, their customers, places, parts and stock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.contrib.auth.models import Group

from customers.models import Company
from customers.services import create_company, save_address, save_contact
from rmaproject.access.actors import SYSTEM
from rmaproject.access.models import User
from rmaproject.shared import clock
from sales.models import Business
from sales.services.businesses import create_business
from stock.models import Location, Part, PartCategory, PartKind
from stock.services import book_in, create_category, create_location, create_part
from stock.services.kits import KitPartInput, assemble, set_kit_parts

#: Reference, name, country, street, postal code, city.
COMPANIES: Final = (
    ("C-1001", "Bergpad Buitensport", "NL", "Singelkade 14", "3511 AB", "Utrecht"),
    ("C-1002", "Scouting Groep De Zwaluw", "NL", "Bosrand 3", "6711 CD", "Ede"),
    ("C-1003", "Alpenglück Ausrüster GmbH", "DE", "Marktgasse 27", "80331", "München"),
    ("C-1004", "Sentiers & Sommets SARL", "FR", "8 rue des Tilleuls", "38000", "Grenoble"),
    ("C-1005", "Camping Het Duinhof", "NL", "Zeeweg 101", "1871 EF", "Schoorl"),
    ("C-1006", "Noordkaap Expedities", "NL", "Havenstraat 8", "9711 GH", "Groningen"),
    ("C-1007", "Klimhal Verticaal", "BE", "Fabriekslaan 52", "9000", "Gent"),
    ("C-1008", "Waldläufer Verleih e.K.", "DE", "Am Forst 6", "79098", "Freiburg"),
    ("C-2001", "Fell & Fern Outfitters Ltd", "GB", "12 Mill Lane", "LA22 9AA", "Ambleside"),
    ("C-2002", "Tarnside Walking Club", "GB", "The Old School", "CA12 5AA", "Keswick"),
    ("C-1009", "Regenjas & Zonen", "NL", "Oude Gracht 1", "2011 JK", "Haarlem"),
    ("S-9001", "Nordic Loom Textiles AB", "SE", "Vävarvägen 5", "503 30", "Borås"),
)
SUPPLIER: Final = "S-9001"
#: How customers are marked, which rules may ask for.
FLAGS: Final = {"C-1005": ["trade"], "C-1008": ["trade"]}
#: Made inactive after it bought something.
INACTIVE: Final = "C-1009"

#: Code, name, code of the place it lies in.
LOCATIONS: Final = (
    ("AMS", "Warehouse Amsterdam", None),
    ("AMS-A1", "Aisle A, shelf 1: tents", "AMS"),
    ("AMS-A2", "Aisle A, shelf 2: sleeping", "AMS"),
    ("AMS-B1", "Aisle B, shelf 1: cooking and light", "AMS"),
    ("AMS-DOCK", "Returns dock", "AMS"),
    ("AMS-Q", "Quarantine cage", "AMS"),
    ("LON", "Stockroom London", None),
    ("LON-DOCK", "Returns desk London", "LON"),
)

CATEGORIES: Final = {
    "tents": "Tents",
    "sleeping": "Sleeping bags and mats",
    "clothing": "Clothing",
    "cooking": "Cooking and bottles",
    "electronics": "Electronics and light",
    "food": "Food and gas",
}
#: What class a part is of, and what it cost us.
CLASSES: Final = {
    "TENT-2P": ("tents", "118.00"),
    "TENT-4P": ("tents", "187.50"),
    "PEG-10": ("tents", "4.10"),
    "BAG-M5": ("sleeping", "81.00"),
    "MAT-L": ("sleeping", "31.20"),
    "JACK-W": ("clothing", "48.75"),
    "BOTTLE-1": ("cooking", "8.60"),
    "STOVE-G2": ("cooking", "41.30"),
    "GPS-70": ("electronics", "204.00"),
    "LAMP-L1": ("electronics", "13.90"),
    "GAS-230": ("food", "3.05"),
    "MEAL-6": ("food", "19.80"),
}

#: Who is talked to there: name and role.
CONTACTS: Final = {
    "C-1001": ("Sanne Bakker", "Purchasing"),
    "C-1003": ("Jörg Lindner", "Workshop"),
    "C-1005": ("Wim de Graaf", "Owner"),
    "C-2001": ("Hazel Pryce", "Shop floor"),
}

#: SKU, name, gross price in euros, shelf, quantity or serials' prefix, other values. The numbers
#: are of those that GS1 leaves to each company for use within (they begin with 20).
PARTS: Final[tuple[tuple[str, str, str, str, str, dict[str, Any]], ...]] = (
    ("TENT-2P", "Tent Heron, 2 persons", "249.00", "AMS-A1", "24", {}),
    ("TENT-4P", "Tent Heron, 4 persons", "389.00", "AMS-A1", "12", {}),
    ("PEG-10", "Tent pegs, 10 pieces", "12.50", "AMS-A1", "180", {"unit": "set"}),
    ("BAG-M5", "Sleeping bag Marten -5 °C", "169.00", "AMS-A2", "30", {}),
    ("MAT-L", "Sleeping mat, long", "74.95", "AMS-A2", "45", {"gtin": "2000000000046"}),
    ("PACK-45", "Rucksack Ibex 45 l", "139.00", "AMS-A2", "28", {}),
    ("JACK-W", "Rain jacket Petrel", "119.00", "AMS-A2", "40", {"gtin": "2000000000022"}),
    ("ROPE-10", "Rope 10 mm, by the metre", "3.20", "AMS-B1", "600", {"unit": "m"}),
    ("BOTTLE-1", "Steel bottle 1 l", "24.95", "AMS-B1", "90", {"gtin": "2000000000015"}),
    ("GPS-70", "GPS handheld Waymark 70", "329.00", "AMS-B1", "W70", {"is_serialized": True}),
    ("STOVE-G2", "Gas stove Ember 2", "89.00", "AMS-B1", "E2", {"is_serialized": True}),
    ("GAS-230", "Gas cartridge 230 g", "7.95", "AMS-B1", "240", {"is_batched": True}),
    ("MEAL-6", "Trail meal, box of 6", "44.70", "AMS-B1", "60", {"is_batched": True}),
    ("MAP-ALPS", "Digital map Alps, licence", "39.00", "", "", {"is_virtual": True}),
    ("LAMP-L1", "Camp lamp Glow", "34.95", "AMS-A1", "50", {"gtin": "2000000000039"}),
    ("CAMP-SET", "Camping set Heron", "269.00", "", "", {"kind": PartKind.KIT}),
    ("RENT-TENT", "Rental tent, not for sale", "0", "AMS-A1", "3", {"is_salable": False}),
)
#: What the camping set is made of: SKU, how many in one, weight of one in the set's value.
KIT: Final = "CAMP-SET"
KIT_PARTS: Final = (("TENT-2P", "1", "249"), ("PEG-10", "2", "12.50"), ("LAMP-L1", "1", "34.95"))
UNITS_IN_STOCK: Final = 8
LONDON: Final = (("TENT-2P", "6"), ("JACK-W", "12"), ("BOTTLE-1", "20"))


@dataclass
class World:
    """What the demo's orders are made of."""

    today: date
    businesses: dict[str, Business]
    companies: dict[str, Company]
    parts: dict[str, Part]
    places: dict[str, Location]
    groups: dict[str, Group]
    somebody: User | None

    def day(self, offset: int) -> date:
        """A day so many days from today."""
        return self.today + timedelta(days=offset)


def make_goods() -> World:
    """Make everything that orders are about."""
    places = _places()
    businesses = _businesses(places)
    world = World(
        today=clock.today(businesses["1000"]),
        businesses=businesses,
        companies=make_companies(COMPANIES),
        parts=_parts(),
        places=places,
        groups={group.name: group for group in Group.objects.all()},
        somebody=User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first(),
    )
    _stock(world)
    return world


def price_of(sku: str) -> Decimal:
    """The gross price of a part in euros, as the demo's catalogue has it."""
    return Decimal(next(price for known, _, price, *_ in PARTS if known == sku))


def _places() -> dict[str, Location]:
    made: dict[str, Location] = {}
    for code, name, parent in LOCATIONS:
        values = {"code": code, "name": name, "parent": made[parent] if parent else None}
        made[code] = create_location(values, actor=SYSTEM)
    return made


def _businesses(places: dict[str, Location]) -> dict[str, Business]:
    """Businesses of the demo's own: one that stands already keeps its code and its name."""
    amsterdam = {
        "code": "1000",
        "name": "Heron Outdoor B.V.",
        "currency": "EUR",
        "time_zone": "Europe/Amsterdam",
        "country": "NL",
        "tax_number": "NL000000000B00",
        "address": "Entrepotdok 1\n1018 AD Amsterdam",
        "returns_location": places["AMS-DOCK"],
    }
    london = {
        "code": "2000",
        "name": "Heron Outdoor UK Ltd",
        "currency": "GBP",
        "time_zone": "Europe/London",
        "country": "GB",
        "tax_number": "GB000000000",
        "address": "4 Wharf Road\nLondon N1 7AA",
        "returns_location": places["LON-DOCK"],
    }
    return {str(values["code"]): _business(values) for values in (amsterdam, london)}


def _business(values: dict[str, Any]) -> Business:
    """With its usual code, or another one where a real business has that."""
    code = str(values["code"])
    if Business.objects.filter(code__iexact=code).exists():
        code = f"DEMO-{code}"
    return create_business({**values, "code": code}, actor=SYSTEM)


def make_companies(rows: Iterable[tuple[str, str, str, str, str, str]]) -> dict[str, Company]:
    """Make companies with their address and who is talked to there; by their reference."""
    made = {}
    for reference, name, country, street, postal_code, city in rows:
        values = {
            "reference": reference,
            "name": name,
            "country": country,
            "email": f"returns@{reference.lower()}.example",
            "is_customer": reference != SUPPLIER,
            "is_supplier": reference == SUPPLIER,
            "flags": FLAGS.get(reference, []),
        }
        company = create_company(values, actor=SYSTEM)
        address = {"line1": street, "postal_code": postal_code, "city": city, "country": country}
        save_address(company.pk, address, actor=SYSTEM)
        if reference in CONTACTS:
            name, role = CONTACTS[reference]
            save_contact(company.pk, {"name": name, "role": role}, actor=SYSTEM)
        company.refresh_from_db()
        made[reference] = company
    return made


def _parts() -> dict[str, Part]:
    classes = {
        code: create_category({"code": code, "name": name}, actor=SYSTEM)
        for code, name in CATEGORIES.items()
    }
    made = {
        sku: create_part(
            {"sku": sku, "name": name, **_class_of(sku, classes), **values}, actor=SYSTEM
        )
        for sku, name, _, _, _, values in PARTS
    }
    parts = [KitPartInput(made[sku], Decimal(n), Decimal(worth)) for sku, n, worth in KIT_PARTS]
    set_kit_parts(made[KIT].pk, parts, actor=SYSTEM)
    return made


def _class_of(sku: str, classes: dict[str, PartCategory]) -> dict[str, Any]:
    if sku not in CLASSES:
        return {}
    code, cost = CLASSES[sku]
    return {"category": classes[code], "unit_cost": Decimal(cost), "cost_currency": "EUR"}


def _stock(world: World) -> None:
    for sku, _, _, shelf, amount, _ in PARTS:
        if shelf:
            _book_in(world, sku, shelf, amount)
    for sku, amount in LONDON:
        _book_in(world, sku, "LON", amount)
    tents = world.places["AMS-A1"]
    assemble(world.parts[KIT], Decimal(2), tents, note="For the shop window", actor=SYSTEM)


def _book_in(world: World, sku: str, shelf: str, amount: str) -> None:
    part, place = world.parts[sku], world.places[shelf]
    if part.is_serialized:
        serials = [f"{amount}-{number:04d}" for number in range(1, UNITS_IN_STOCK + 1)]
        book_in(part, place, serials=serials, note="Opening stock", actor=SYSTEM)
        return
    batch = f"{sku}-L1" if part.is_batched else ""
    quantity = Decimal(amount)
    book_in(part, place, quantity=quantity, batch=batch, note="Opening stock", actor=SYSTEM)
