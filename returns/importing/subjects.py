"""What a file can bring in, and which columns each needs; with the names they often have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from returns.models import Subject
from rmaproject.access.actors import Actor

RECORD: Final = "sales.record_order"


@dataclass(frozen=True)
class Wanted:
    """One thing to know of a line. `names` are the columns that mostly hold it, without case."""

    key: str
    label: str | Promise
    names: str
    example: tuple[str, str]
    required: bool = False
    help: str | Promise = ""


@dataclass(frozen=True)
class Plan:
    """One kind of file: its columns in their order, which hold figures and days, and the right."""

    subject: Subject
    wanted: tuple[Wanted, ...]
    rights: tuple[str, ...]
    figures: tuple[str, ...] = ()
    days: tuple[str, ...] = ()

    def require(self, actor: Actor) -> None:
        """Raises NotPermitted to whom these files are not open."""
        for right in self.rights:
            actor.require(right)

    def column(self, key: str) -> Wanted | None:
        return next((row for row in self.wanted if row.key == key), None)


SALES: Final = Plan(
    Subject.SALES,
    (
        Wanted(
            "invoice",
            _("Invoice or credit note"),
            "invoiceno invoice invoicenumber number documentnumber documentno belegnummer"
            " rechnungsnummer rechnung",
            ("10001", "C10002"),
            required=True,
            help=_("Lines of one number are one document."),
        ),
        Wanted(
            "sku",
            _("SKU"),
            "stockcode sku item itemno itemnumber article articleno product productcode artikel"
            " artikelnummer",
            ("TENT-2P", "TENT-2P"),
            required=True,
        ),
        Wanted(
            "description",
            _("Name of the part"),
            "description name productname itemname text bezeichnung artikelbezeichnung",
            ("Tent for two", "Tent for two"),
        ),
        Wanted(
            "quantity",
            _("Quantity"),
            "quantity qty units amount menge anzahl stueckzahl",
            ("2", "-1"),
            required=True,
            help=_("Below zero on credit notes."),
        ),
        Wanted(
            "date",
            _("Day"),
            "invoicedate date day documentdate orderdate datum rechnungsdatum belegdatum",
            ("2026-03-02", "2026-03-20"),
            required=True,
        ),
        Wanted(
            "price",
            _("Gross price of one"),
            "unitprice price grossprice priceperunit preis einzelpreis stueckpreis bruttopreis",
            ("119.00", "119.00"),
            required=True,
        ),
        Wanted(
            "customer",
            _("Customer"),
            "customerid customer customerno customernumber customerreference kunde kundennummer"
            " kundennr",
            ("4711", "4711"),
            help=_("Without one the sale is anonymous."),
        ),
        Wanted("country", _("Country"), "country countrycode land", ("DE", "DE")),
    ),
    (RECORD,),
    figures=("quantity", "price"),
    days=("date",),
)

PARTS: Final = Plan(
    Subject.PARTS,
    (
        Wanted(
            "sku",
            _("SKU"),
            "sku stockcode item itemno article partnumber partno artikelnummer artikel",
            ("TENT-2P", "LAMP-1"),
            required=True,
        ),
        Wanted(
            "name",
            _("Name"),
            "name description partname productname bezeichnung",
            ("Tent for two", "Lamp"),
            required=True,
        ),
        Wanted("gtin", _("GTIN"), "gtin ean ean13 upc barcode strichcode", ("4006381333931", "")),
        Wanted("unit", _("Unit"), "unit uom einheit", ("pcs", "pcs")),
        Wanted(
            "tracking",
            _("Counted by"),
            "tracking serialized serialised countedby verfolgung",
            ("serial", ""),
            help=_("serial, batch, or nothing for plain quantities."),
        ),
    ),
    (RECORD, "stock.edit_part"),
)

CUSTOMERS: Final = Plan(
    Subject.CUSTOMERS,
    (
        Wanted(
            "reference",
            _("Number"),
            "reference customerid customer customerno customernumber number kundennummer kunde"
            " kundennr",
            ("4711", "4712"),
            required=True,
        ),
        Wanted(
            "name",
            _("Name"),
            "name companyname fullname customername firma kundenname",
            ("Outdoor Club Utrecht", "Bo Jansen"),
            required=True,
        ),
        Wanted(
            "email", _("Mail"), "email mail emailaddress", ("desk@example.org", "bo@example.org")
        ),
        Wanted("phone", _("Phone"), "phone telephone tel telefon", ("+31 30 1234567", "")),
        Wanted("country", _("Country"), "country countrycode land", ("NL", "NL")),
    ),
    (RECORD, "customers.create_company"),
)

PLANS: Final[Mapping[str, Plan]] = {plan.subject.value: plan for plan in (SALES, PARTS, CUSTOMERS)}


def guess_columns(plan: Plan, header: Sequence[str]) -> dict[str, str]:
    """Which column of a file probably holds what; "" where none looks like it."""
    free = {_plain(name): name for name in reversed(header)}
    found = {}
    for wanted in plan.wanted:
        known = [_plain(wanted.key), *wanted.names.split()]
        name = next((key for key in known if key in free), "")
        found[wanted.key] = free.pop(name) if name else ""
    return found


def _plain(name: str) -> str:
    """A name without case, accents, blanks and signs."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("ü", "ue").replace("ß", "ss"))
    return re.sub(r"[^a-z0-9]", "", letters)
