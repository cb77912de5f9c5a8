"""Customers, stock and orders: records, forms, and the search over them."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from customers.models import Company
from rmaproject.access.actors import SYSTEM
from sales.actions import allowed_verbs
from sales.models import CreditNote, SalesOrder, Shipment
from stock.models import Location, Part, StockItem
from tests.browser.screens import Screen


def _customer(below: str = "") -> Callable[[], str]:
    def address() -> str:
        row = Company.objects.filter(contacts__isnull=False, addresses__isnull=False).first()
        contact, place = row.contacts.first(), row.addresses.first()
        return f"/customers/{row.uuid}/" + below.format(contact=contact.uuid, place=place.uuid)

    return address


def _part(sku: str, below: str = "") -> Callable[[], str]:
    return lambda: f"/stock/parts/{Part.objects.get(sku=sku).uuid}/{below}"


def _item(state: str, below: str = "") -> Callable[[], str]:
    return lambda: f"/stock/items/{StockItem.objects.filter(state=state)[0].uuid}/{below}"


def _location() -> str:
    return f"/stock/locations/{Location.objects.exclude(parent=None)[0].uuid}/edit/"


def _order(status: str, below: str = "") -> Callable[[], str]:
    def address() -> str:
        row = SalesOrder.objects.filter(status=status).order_by("pk")[0]
        return f"/sales/{row.uuid}/" + below.format(line=row.lines.all()[0].uuid)

    return address


def _open_to(verb: str, below: str) -> Callable[[], str]:
    def address() -> str:
        rows = SalesOrder.objects.order_by("pk")
        row = next(row for row in rows if verb in allowed_verbs(row, row.lines.all(), SYSTEM))
        return f"/sales/{row.uuid}/{below}"

    return address


def _shipped(below: str) -> Callable[[], str]:
    def address() -> str:
        row = Shipment.objects.exclude(shipped_on=None).filter(order__status="in_progress")[0]
        return f"/sales/{row.order.uuid}/{below}"

    return address


def _ship() -> str:
    row = Shipment.objects.filter(shipped_on=None)[0]
    return f"/sales/{row.order.uuid}/shipments/{row.uuid}/ship/"


def _note(below: str) -> Callable[[], str]:
    """A credit that is kept for later."""

    def address() -> str:
        return f"/sales/credit-notes/{CreditNote.objects.filter(kept__gt=0)[0].uuid}/{below}"

    return address


def _empty_form(page: Page) -> None:
    """Send a form in which nothing was filled."""
    button = page.locator("main .form-foot button.primary")
    button.evaluate("button => { button.form.noValidate = true; }")
    button.click()
    page.locator("[aria-invalid=true]").first.wait_for()


def _open_menus(page: Page) -> None:
    for summary in page.locator("main summary").all():
        summary.click()


SCREENS = [
    Screen("search", "/search/?q=tent"),
    Screen("search-nothing", "/search/?q=zeppelin"),
    Screen("search-empty", "/search/"),
    Screen("customer-small", _customer()),
    Screen("customer-new", "/customers/new/"),
    Screen("customer-new-refused", "/customers/new/", _empty_form),
    Screen("order-due", _open_to("hold", "due/")),
    Screen("order-move", _open_to("hold", "move/")),
    Screen("customer-edit", _customer("edit/")),
    Screen("customer-contact-new", _customer("contacts/new/")),
    Screen("customer-contact", _customer("contacts/{contact}/")),
    Screen("customer-address-new", _customer("addresses/new/")),
    Screen("customer-address", _customer("addresses/{place}/")),
    Screen("stock-part", _part("TENT-2P"), _open_menus),
    Screen("stock-kit", _part("CAMP-SET")),
    Screen("stock-part-new", "/stock/parts/new/"),
    Screen("stock-part-edit", _part("TENT-2P", "edit/")),
    Screen("stock-book-in", _part("TENT-2P", "book-in/")),
    Screen("stock-kit-parts", _part("CAMP-SET", "kit-parts/")),
    Screen("stock-assemble", _part("CAMP-SET", "assemble/")),
    Screen("stock-disassemble", _part("CAMP-SET", "disassemble/")),
    Screen("stock-item", _item("held")),
    Screen("stock-item-sold", _item("sold")),
    Screen("stock-correct", _item("held", "correct/")),
    Screen("stock-move", _item("available", "move/")),
    Screen("stock-locations", "/stock/locations/"),
    Screen("stock-location-new", "/stock/locations/new/"),
    Screen("stock-location", _location),
    Screen("order-new", "/sales/new/"),
    Screen("order-pending", _order("pending"), _open_menus),
    Screen("order-in-progress", _order("in_progress")),
    Screen("order-held", _order("on_hold")),
    Screen("order-cancelled", _order("cancelled")),
    Screen("order-edit", _order("pending", "edit/")),
    Screen("order-line-new", _order("pending", "lines/new/")),
    Screen("order-line", _order("pending", "lines/{line}/")),
    Screen("order-shipment-new", _open_to("allocate", "shipments/new/")),
    Screen("order-allocate", _open_to("allocate", "allocate/")),
    Screen("order-ship", _ship),
    Screen("order-invoice", _shipped("invoice/")),
    Screen("order-payment", _order("complete", "payment/")),
    Screen("credit-note-apply", _note("apply/")),
    Screen("credit-note-pay-out", _note("pay-out/")),
]
