"""Lists of returns: queues with counts, filters, search; a fixed number of queries."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.contrib.auth.models import Group
from django.db.models import F, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.models import Company
from customers.selectors import visible_companies
from returns.models import LineCredit, ReturnLine, ReturnOrder
from returns.queues import QUEUES, Queue
from returns.selectors import visible_returns
from returns.states import CLOSED, Status
from returns.web.custom import filtered
from returns.web.door import counts_under_way
from rmaproject.access.models import User
from rmaproject.shared import clock, money
from rmaproject.web.lists import Filters, counted, link, paged, searched
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from sales.selectors import visible_businesses

Found = Any  # a ReturnQuerySet

#: The queues that are always offered; another one gets its tab when a link leads there.
TABS: Final = ("open", "review", "receive", "inspect", "refund", "hold", "all")


@staff
def returns_list(request: StaffRequest) -> HttpResponse:
    """All returns that may be seen, by queue, newest first."""
    seen = visible_returns(request.actor)
    chosen = QUEUES.get(searched(request, "queue"), QUEUES["open"])
    filters = Filters(request, placeholder=_("Reference or customer"), hidden=("queue",))
    narrowed = _narrowed(request, filters, seen)
    context = {
        "tabs": _tabs(request, narrowed, chosen),
        "filters": filters.context(),
        "calendar_url": request.build_absolute_uri(reverse("return_calendar")),
        "new_url": reverse("returns:new") if request.actor.may("returns.create_return") else "",
        "empty": _empty(filters),
        **listed(
            request, chosen.narrow(narrowed, clock.now()), with_credit=may_see_credit(request)
        ),
    }
    return page(request, "returns/list.html", context)


@staff
def to_receive(request: StaffRequest) -> HttpResponse:
    """The returns whose goods are on their way: the dock's list; a row leads to its count."""
    seen = visible_returns(request.actor)
    request.actor.require("returns.receive_return")
    filters = Filters(request, placeholder=_("Reference, customer or tracking number"))
    found = QUEUES["receive"].narrow(_matching(request, seen), clock.now())
    empty = {"icon": "receive", "title": _("Nothing is on its way"), "text": ""}
    context = {
        "heading": _("Receive"),
        "unknown_url": _unknown_url(request),
        "filters": filters.context(),
        "empty": empty,
        "under_way": counts_under_way(request),
        **listed(request, found, with_credit=False, page_of="returns:count"),
    }
    return page(request, "returns/receive_list.html", context)


def _unknown_url(request: StaffRequest) -> str:
    needed = ("returns.receive_unknown", "customers.view_company")
    return reverse("returns:unknown") if all(map(request.actor.may, needed)) else ""


def listed(
    request: HttpRequest, found: Found, *, with_credit: bool, page_of: str = "returns:detail"
) -> dict[str, Any]:
    """The rows of one page with their credits and units, ready for the template."""
    rows = paged(request, found.with_parties())
    keys = [row.pk for row in rows.rows]
    owed, units = credits_of(keys) if with_credit else {}, _units(keys)
    made = [_row(row, owed.get(row.pk), units.get(row.pk), page_of) for row in rows.rows]
    currencies = {row["currency"] for row in made if row["credit"] is not None}
    return {
        "returns": made,
        "page": rows.pager,
        "currency": currencies.pop() if len(currencies) == 1 else "",
        "with_business": len({row["business"] for row in made}) > 1,
    }


def may_see_credit(request: StaffRequest) -> bool:
    return request.actor.may("sales.view_creditnote")


def _row(
    row: ReturnOrder,
    credit: tuple[str, Decimal] | None,
    units: tuple[Decimal, Decimal] | None,
    page_of: str,
) -> dict[str, Any]:
    currency, amount = credit or (row.business.currency, None)
    received, expected = units or (money.ZERO, money.ZERO)
    return {
        "url": reverse(page_of, args=[row.uuid]),
        "reference": row.reference,
        "customer": row.customer.name,
        "business": row.business.name,
        "status": row.status,
        "goods": row.goods,
        "goods_text": _("%(here)s of %(all)s")
        % {"here": money.plain(received), "all": money.plain(expected)},
        "money": row.money,
        "credit": amount,
        "currency": currency,
        "target_date": row.target_date,
        "closed": row.status in CLOSED,
        "responsible": responsible_name(row),
        "responsible_is_team": row.responsible_group_id is not None,
    }


def responsible_name(row: ReturnOrder) -> str:
    """Who is responsible, a person or a group; "" for nobody."""
    if row.responsible_user is not None:
        return str(row.responsible_user.get_full_name() or row.responsible_user.get_username())
    return str(row.responsible_group.name) if row.responsible_group else ""


def credits_of(keys: list[int]) -> dict[int, tuple[str, Decimal]]:
    """What was credited on each return, in the currency of its (largest) credit."""
    found: dict[int, tuple[str, Decimal]] = {}
    for path in ("line__return_order", "extra_line__return_order"):
        rows = LineCredit.objects.filter(
            **{f"{path}__in": keys}, credit_line__credit_note__reversed_by=None
        )
        grouped = rows.values(path, currency=F("credit_line__credit_note__currency"))
        for row in grouped.annotate(gross=Sum("credit_line__gross")):
            before = found.get(row[path], (row["currency"], money.ZERO))
            if before[0] == row["currency"]:
                found[row[path]] = (before[0], before[1] + row["gross"])
    return found


def _units(keys: list[int]) -> dict[int, tuple[Decimal, Decimal]]:
    rows = ReturnLine.objects.filter(return_order__in=keys, void=False, unexpected=False)
    grouped = rows.values("return_order").annotate(
        here=Sum("received"), expected=Sum(F("quantity") - F("released"))
    )
    return {row["return_order"]: (row["here"], row["expected"]) for row in grouped}


def _tabs(request: StaffRequest, rows: Found, chosen: Queue) -> list[dict[str, Any]]:
    offered = [QUEUES[key] for key in TABS if may_see_credit(request) or not QUEUES[key].money]
    if chosen not in offered:
        offered.append(chosen)
    return [
        {
            "label": queue.label,
            "url": link(request, queue="" if queue.key == "open" else queue.key),
            "count": "" if queue.key == "all" else counted(queue.narrow(rows, clock.now())),
            "current": queue == chosen,
        }
        for queue in offered
    ]


def _narrowed(request: StaffRequest, filters: Filters, seen: Found) -> Found:
    """Apply search and filters; each costs nothing while it is empty."""
    rows, actor = _matching(request, seen), request.actor
    if customer := filters.record("customer", _("Customer"), lambda: visible_companies(actor)):
        rows = rows.filter(customer=customer)
    businesses = visible_businesses(actor).order_by("code").values_list("uuid", "name")
    if business := filters.choice("business", _("Business"), list(businesses)):
        rows = rows.filter(business__uuid=business)
    if status := filters.choice("status", _("Authorisation"), list(Status.choices)):
        rows = rows.filter(status=status)
    if responsible := filters.choice("responsible", _("Owner"), owners()):
        rows = rows.filter(_owned(responsible))
    if since := filters.day("due_from", _("Due from")):
        rows = rows.filter(target_date__gte=since)
    if until := filters.day("due_to", _("Due until")):
        rows = rows.filter(target_date__lte=until)
    return filtered(filters, rows)


def owners() -> list[tuple[object, str]]:
    """Who can be responsible: groups, then people, as the values `g5` and `u7`."""
    groups = Group.objects.order_by("name").values_list("pk", "name")
    people = User.objects.filter(is_active=True).order_by("username")
    named: list[tuple[object, str]] = [(f"g{key}", name) for key, name in groups]
    named += [(f"u{user.pk}", user.get_full_name() or user.get_username()) for user in people[:500]]
    return named


def _owned(responsible: str) -> Q:
    kind, key = responsible[0], int(responsible[1:])
    return Q(responsible_group=key) if kind == "g" else Q(responsible_user=key)


def _matching(request: StaffRequest, seen: Found) -> Found:
    """Returns whose reference, customer or parcel fits the typed text, by indexed id sets."""
    query = searched(request)
    if not query:
        return seen
    named = Company.objects.filter(name__icontains=query).order_by().values("pk")
    numbered = Company.objects.filter(reference__icontains=query).order_by().values("pk")
    hits = ReturnOrder.objects.filter(reference__icontains=query).order_by().values("pk")
    by_parcel = ReturnOrder.objects.filter(parcels__tracking_number__icontains=query)
    by_customer = ReturnOrder.objects.filter(customer__in=named.union(numbered))
    parcels = by_parcel.order_by().values("pk")
    return seen.filter(pk__in=hits.union(parcels, by_customer.values("pk")))


def _empty(filters: Filters) -> dict[str, Any]:
    if filters.chips or searched(filters.request):
        text = _("Take a filter away, or search for the reference.")
        return {"icon": "search", "title": _("No return fits"), "text": text}
    text = _("Returns that customers ask for appear here.")
    return {"icon": "return", "title": _("Nothing here"), "text": text}
