"""What sales show on a customer's page: the latest orders, and the accounts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from customers.models import Company
from customers.web.panels import Panel
from rmaproject.access.actors import Actor
from sales.selectors import BOOKS, VIEW, OrderSums, accounts_of, sums_of, visible_orders
from sales.web.rows import list_row

LATEST = 10


def orders_panel(actor: Actor, company: Company) -> Panel | None:
    """The latest orders of a customer, as far as the actor sees them."""
    if not actor.may(VIEW):
        return None
    found = list(
        visible_orders(actor).filter(customer=company).with_parties().order_by("-pk")[: LATEST + 1]  # type: ignore[attr-defined]
    )
    shown, sums = found[:LATEST], sums_of(found)
    return Panel(
        "orders",
        _("Sales orders"),
        "sales/_customer_orders.html",
        {"orders": [list_row(row, sums.get(row.pk, OrderSums())) for row in shown]},
        order=20,
        count=f"{LATEST}+" if len(found) > LATEST else str(len(found)),
        link=f"{reverse('sales:list')}?customer={company.uuid}",
        link_label=_("All orders"),
    )


def accounts_panel(actor: Actor, company: Company) -> Panel | None:
    """What the customer owes each business; only for those who see invoices."""
    if not actor.may("sales.view_invoice"):
        return None
    whole = all(actor.may(permission) for permission in BOOKS)
    rows = [
        {
            "business": str(row.business),
            "currency": row.currency,
            "balance": row.balance,
            "url": reverse("sales:account", args=[row.uuid]) if whole else "",
        }
        for row in accounts_of(actor, company)
    ]
    title = _("Account")
    return Panel(
        "accounts", title, "sales/_customer_accounts.html", {"accounts": rows}, beside=True
    )
