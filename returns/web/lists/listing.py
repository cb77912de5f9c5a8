"""Lists of returns: queues with counts, filters, search, columns; a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.db.models import F, Sum
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.selectors import visible_companies
from returns.finding import exact_return, search_returns
from returns.models import LineCredit, ReturnLine, ReturnOrder
from returns.queues import QUEUES
from returns.selectors import visible_returns
from returns.states import CLOSED, Goods, Money, Status
from returns.web.dock.door import counts_under_way
from returns.web.record.custom import filtered
from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money
from rmaproject.views.pages import list_page
from rmaproject.web.lists import Column, Filters, Listing, Tab, searched
from rmaproject.web.people_words import role_name
from rmaproject.web.planning.owning import NOBODY, owned_by, owners
from rmaproject.web.planning.switching import ways
from rmaproject.web.staff import StaffRequest, staff
from sales.selectors import visible_businesses

Found = Any  # a ReturnQuerySet
Row = dict[str, Any]

SEE_CREDIT: Final = "sales.view_creditnote"
#: The queues that are always offered; another one gets its tab when a link leads there.
TABS: Final = ("open", "review", "receive", "inspect", "refund", "hold", "all")


@staff
def returns_list(request: StaffRequest) -> HttpResponse:
    """All returns that may be seen, by queue, newest first."""
    may_create = request.actor.may("returns.create_return")
    return list_page(
        request,
        RETURNS,
        switch=ways(request, "returns", "table"),
        calendar_url=request.build_absolute_uri(reverse("return_calendar")),
        new_url=reverse("returns:new") if may_create else "",
        new_label=_("New return"),
    )


@staff
def to_receive(request: StaffRequest) -> HttpResponse:
    """The returns whose goods are on their way: the dock's list; a row leads to its count."""
    return list_page(
        request,
        RECEIVE,
        template="returns/receive_list.html",
        links=_unknown_link(request.actor),
        under_way=counts_under_way(request),
    )


def may_see_credit(actor: Actor) -> bool:
    """Whether somebody sees what is owed and credited."""
    return actor.may(SEE_CREDIT)


def _unknown_link(actor: Actor) -> list[Row]:
    needed = ("returns.receive_unknown", "customers.view_company")
    if not all(map(actor.may, needed)):
        return []
    url = reverse("returns:unknown")
    return [{"url": url, "label": _("Unknown parcel"), "icon": "receive"}]


def _receivable(actor: Actor) -> Found:
    seen: Found = visible_returns(actor)
    actor.require("returns.receive_return")
    return QUEUES["receive"].narrow(seen, clock.now())


def _narrowed(filters: Filters, actor: Actor, rows: Found) -> Found:
    """Apply search and filters; each costs nothing while it is empty."""
    rows = _matching(filters, actor, rows)
    if customer := filters.record("customer", _("Customer"), lambda: visible_companies(actor)):
        rows = rows.filter(customer=customer)
    businesses = visible_businesses(actor).order_by("code").values_list("uuid", "name")
    if business := filters.choice("business", _("Business"), list(businesses)):
        rows = rows.filter(business__uuid=business)
    if status := filters.choice("status", _("Authorisation"), list(Status.choices)):
        rows = rows.filter(status=status)
    if goods := filters.choice("goods", _("Goods"), list(Goods.choices)):
        rows = rows.filter(goods=goods)
    if may_see_credit(actor) and (
        settled := filters.choice("money", _("Money"), list(Money.choices))
    ):
        rows = rows.filter(money=settled)
    if responsible := filters.choice("responsible", _("Owner"), [(NOBODY, _("Nobody")), *owners()]):
        rows = rows.filter(owned_by(responsible))
    if since := filters.day("due_from", _("Due from")):
        rows = rows.filter(target_date__gte=since)
    if until := filters.day("due_to", _("Due until")):
        rows = rows.filter(target_date__lte=until)
    return filtered(filters, rows)


def _narrowed_dock(filters: Filters, actor: Actor, rows: Found) -> Found:
    """The dock asks only for a word; what it reads from a label."""
    return _matching(filters, actor, rows)


def _matching(filters: Filters, actor: Actor, rows: Found) -> Found:
    text = searched(filters.request)
    return search_returns(rows, text, actor) if text else rows


def _exact(actor: Actor, text: str) -> str:
    found = exact_return(visible_returns(actor), text)
    return reverse("returns:detail", args=[found.uuid]) if found else ""


def _exact_dock(actor: Actor, text: str) -> str:
    found = exact_return(_receivable(actor), text)
    return reverse("returns:count", args=[found.uuid]) if found else ""


def _presented(actor: Actor, rows: Sequence[ReturnOrder], wanted: frozenset[str]) -> list[Row]:
    return _shown(actor, rows, wanted, "returns:detail")


def _presented_dock(actor: Actor, rows: Sequence[ReturnOrder], wanted: frozenset[str]) -> list[Row]:
    return _shown(actor, rows, wanted, "returns:count")


def _shown(
    actor: Actor, rows: Sequence[ReturnOrder], wanted: frozenset[str], page_of: str
) -> list[Row]:
    """Rows with their credits and units, as far as a column wants them."""
    keys = [row.pk for row in rows]
    owed = credits_of(keys) if "credit" in wanted and may_see_credit(actor) else {}
    units = _units(keys) if "goods" in wanted else {}
    return [_row(row, owed.get(row.pk), units.get(row.pk), page_of) for row in rows]


def _row(
    row: ReturnOrder,
    credit: tuple[str, Decimal] | None,
    units: tuple[Decimal, Decimal] | None,
    page_of: str,
) -> Row:
    currency, amount = credit or (row.business.currency, None)
    received, expected = units or (money.ZERO, money.ZERO)
    figures = {"here": money.plain(received), "all": money.plain(expected)}
    return {
        "url": reverse(page_of, args=[row.uuid]),
        "label": row.reference,
        "reference": row.reference,
        "customer_reference": row.customer_reference,
        "customer": row.customer.name,
        "customer_number": row.customer.reference,
        "business": row.business.name,
        "status": row.status,
        "goods": row.goods,
        "goods_text": _("%(here)s of %(all)s") % figures,
        "money": row.money,
        "credit": amount,
        "currency": currency,
        "reason": row.reason.name if row.reason else "",
        "target_date": row.target_date,
        "closed": row.status in CLOSED,
        "deadline": row.deadline,
        "requested_on": row.requested_on,
        "updated_at": row.updated_at,
        "responsible": responsible_name(row),
        "responsible_is_team": row.responsible_group_id is not None,
    }


def responsible_name(row: ReturnOrder) -> str:
    """Who is responsible, a person or a group; "" for nobody."""
    if row.responsible_user is not None:
        return str(row.responsible_user.get_full_name() or row.responsible_user.get_username())
    return role_name(row.responsible_group.name) if row.responsible_group else ""


def credits_of(keys: list[int]) -> dict[int, tuple[str, Decimal]]:
    """What was credited on each return, in the currency of its (largest) credit."""
    found: dict[int, tuple[str, Decimal]] = {}
    for path in ("line__return_order", "extra_line__return_order"):
        rows = LineCredit.objects.filter(**{f"{path}__in": keys}, credit_line__live=True)
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


_COLUMNS: Final = (
    Column("reference", gettext_lazy("Return"), "ref", sort="reference", fixed=True),
    Column("customer", gettext_lazy("Customer"), "name", sort="customer__name"),
    Column(
        "customer_number", gettext_lazy("Customer number"), "code", usual=False, css="wide-only"
    ),
    Column("business", gettext_lazy("Business"), if_several=True, css="wide-only"),
    Column("status", gettext_lazy("Authorisation"), "badge", axis="authorisation"),
    Column("goods", gettext_lazy("Goods"), "badge", axis="goods"),
    Column("money", gettext_lazy("Money"), "badge", axis="money"),
    Column(
        "credit",
        gettext_lazy("Credit"),
        "amount",
        sort="credited_gross",
        right=SEE_CREDIT,
        css="wide-only",
    ),
    Column("reason", gettext_lazy("Reason"), usual=False, titled=True),
    Column(
        "customer_reference", gettext_lazy("Customer’s reference"), "code", usual=False, titled=True
    ),
    Column("deadline", gettext_lazy("Deadline"), "day", usual=False, sort="deadline"),
    Column("requested_on", gettext_lazy("Requested"), "day", usual=False, sort="requested_on"),
    Column("updated_at", gettext_lazy("Updated"), "moment", usual=False, sort="updated_at"),
    Column("target_date", gettext_lazy("Due"), "due", sort="target_date"),
    Column("responsible", gettext_lazy("Owner"), "owner", css="not-dock"),
)


def _tabs() -> tuple[Tab, ...]:
    return tuple(
        Tab(
            queue.key,
            queue.label,
            queue.narrow,
            right=SEE_CREDIT if queue.money else "",
            counted=queue.key != "all",
            usual=queue.key in TABS,
        )
        for queue in QUEUES.values()
    )


RETURNS: Final = Listing(
    key="returns",
    title=gettext_lazy("Returns"),
    path=lambda: reverse("returns:list"),
    placeholder=gettext_lazy("Return, order, customer, serial"),
    columns=_COLUMNS,
    visible=visible_returns,
    narrow=_narrowed,
    present=_presented,
    loaded=lambda rows: rows.with_parties(),
    exact=_exact,
    tabs=_tabs(),
    sorts={"updated": "updated_at"},
    icon="return",
    none_yet=gettext_lazy("Nothing here"),
    none_fits=gettext_lazy("No return fits"),
    next_step=gettext_lazy("Returns that customers ask for appear here."),
    context_name="returns",
)
RECEIVE: Final = Listing(
    key="receive",
    title=gettext_lazy("Receive"),
    path=lambda: reverse("returns:to_receive"),
    placeholder=gettext_lazy("Reference, customer or tracking number"),
    columns=tuple(row for row in _COLUMNS if row.key not in ("money", "credit")),
    visible=_receivable,
    narrow=_narrowed_dock,
    present=_presented_dock,
    loaded=lambda rows: rows.with_parties(),
    exact=_exact_dock,
    sort="target_date",
    icon="receive",
    none_yet=gettext_lazy("Nothing is on its way"),
    none_fits=gettext_lazy("No return fits"),
    next_step=gettext_lazy("Returns are listed here once they are issued."),
    context_name="returns",
)
