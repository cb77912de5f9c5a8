"""What returns show on a customer's page: the latest ones, with their three axes."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from customers.models import Company
from customers.web.panels import Panel
from returns.models import ReturnOrder
from returns.selectors import VIEW
from returns.states import CLOSED
from returns.switch import returns_are_on
from rmaproject.access.actors import Actor

LATEST = 10


def returns_panel(actor: Actor, company: Company) -> Panel | None:
    """The latest returns of a customer, as far as the actor sees them; none while off."""
    if not actor.may(VIEW) or not returns_are_on():
        return None
    rows = ReturnOrder.objects.visible_to(actor.scope).filter(customer=company).order_by("-pk")
    found = list(rows[: LATEST + 1])
    return Panel(
        "returns",
        _("Returns"),
        "returns/_customer_returns.html",
        {"returns": [_row(row) for row in found[:LATEST]]},
        order=10,
        count=f"{LATEST}+" if len(found) > LATEST else str(len(found)),
        link=f"{reverse('returns:list')}?queue=all&customer={company.uuid}",
        link_label=_("All returns"),
    )


def _row(row: ReturnOrder) -> dict[str, object]:
    return {
        "url": reverse("returns:detail", args=[row.uuid]),
        "reference": row.reference,
        "status": row.status,
        "goods": row.goods,
        "money": row.money,
        "target_date": row.target_date,
        "closed": row.status in CLOSED,
    }
