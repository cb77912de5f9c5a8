"""The board of sales orders: a column for each status; a move is a verb."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money
from rmaproject.shared.errors import DomainError, NotFound
from rmaproject.shared.http import status_of
from rmaproject.shared.transitions import find_verb
from rmaproject.web.lists import link
from rmaproject.web.pages import page
from rmaproject.web.planning.boards import (
    DAYS_BACK,
    MOST_CARDS,
    Column,
    Move,
    cards_of,
    column_context,
    told,
)
from rmaproject.web.planning.moving import moved, way_back
from rmaproject.web.planning.switching import US
from rmaproject.web.signs import SIGNS
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import shown_version
from sales.actions import actions_for, goods, not_shipped
from sales.board_limits import limits_of
from sales.models import OrderLine, SalesOrder
from sales.selectors import OrderSums, access_order, sums_of
from sales.states import ORDER_VERBS, OrderStatus
from sales.web.actions import SHOWN as SHOWN_VERBS
from sales.web.planning import narrowed
from sales.web.switching import ways
from sales.web.verbs import DONE, MOST_REASON, SERVICES

BOARD: Final = "sales"
MOVING: Final = tuple(row.verb for row in ORDER_VERBS if row.target or row.verb == "resume")
ASKING: Final = ("hold", "cancel")
SHOWN: Final = (
    OrderStatus.PENDING,
    OrderStatus.IN_PROGRESS,
    OrderStatus.ON_HOLD,
    OrderStatus.COMPLETE,
)


def _column(status: OrderStatus) -> Column:
    sign = SIGNS["order"][status.value]
    if status == OrderStatus.COMPLETE:
        since = clock.now() - timedelta(days=DAYS_BACK)
        return Column(
            status, sign, lambda rows: rows.filter(status=status, completed_at__gte=since), True
        )
    return Column(status, sign, lambda rows: rows.filter(status=status))


@staff
def board(request: StaffRequest) -> HttpResponse:
    """Sales orders by status, the most urgent of each first, with what each may become."""
    rows, filters = narrowed(request, by_status=False)
    limits = limits_of(BOARD, request.GET.get("business", ""))
    found = {status: cards_of(rows.with_parties(), _column(status)) for status in SHOWN}
    shown = [row for rows_ in found.values() for row in rows_[:MOST_CARDS]]
    _load(shown)
    sums = sums_of(shown)
    made = [
        column_context(
            _column(status),
            rows,
            found[status],
            [_card(row, request.actor, sums.get(row.pk)) for row in found[status][:MOST_CARDS]],
            limit=limits.get(status),
            more_url=_list_url(request, status),
        )
        for status in SHOWN
    ]
    mine = request.GET.get("responsible") == US
    context = {
        "heading": _("Board"),
        "sub": _("sales orders by status"),
        "region": _("Sales orders by status"),
        "columns": made,
        "filters": filters.context(),
        "mine_url": link(request, responsible="" if mine else US),
        "mine": mine,
        "switch": ways(request, "board"),
        "limits_url": _limits_url(request),
        "new_url": reverse("sales:create") if request.actor.may("sales.create_order") else "",
        "new_label": _("New sales order"),
        "here": request.get_full_path(),
    }
    return page(request, "planner/board.html", context, part="planner/_board.html")


def _limits_url(request: StaffRequest) -> str:
    if not request.actor.may("access.manage_settings"):
        return ""
    query = {"business": request.GET.get("business", ""), "next": request.get_full_path()}
    return f"{reverse('settings-board', args=[BOARD])}?{urlencode(query)}"


def _list_url(request: StaffRequest, status: OrderStatus) -> str:
    table = next(row["url"] for row in ways(request, "board"))
    return f"{table}{'&' if '?' in table else '?'}status={status.value}"


def _load(orders: Sequence[SalesOrder]) -> None:
    """Read the lines that the guards of the verbs look at, for all cards at once."""
    prefetch_related_objects(orders, Prefetch("lines", OrderLine.objects.order_by("number")))


def _card(order: SalesOrder, actor: Actor, sums: OrderSums | None) -> dict[str, Any]:
    lines = list(order.lines.all())
    moves = moves_of(order, lines, actor)
    person, team = order.responsible_user, order.responsible_group
    name = (person.get_full_name() or person.get_username()) if person else ""
    units = sum((line.quantity for line in goods(lines)), money.ZERO)
    left = {"here": money.plain(units - not_shipped(lines)), "all": money.plain(units)}
    return {
        "uuid": order.uuid,
        "version": order.version,
        "reference": order.reference,
        "customer": order.customer.name,
        "url": reverse("sales:detail", args=[order.uuid]),
        "move_url": reverse("sales:move", args=[order.uuid]) if moves else "",
        "moves": told(moves),
        "owner": team.name if team else name,
        "team": team is not None,
        "due": order.target_date,
        "closed": order.status == OrderStatus.COMPLETE,
        "text": _("%(here)s of %(all)s shipped") % left if units else "",
        "currency": order.currency,
        "credit": sums.total if sums else None,
    }


def moves_of(order: SalesOrder, lines: Sequence[OrderLine], actor: Actor) -> list[Move]:
    """Where a sales order can go by one verb, allowed or blocked with the reason."""
    return [
        Move(
            find_verb(ORDER_VERBS, row.verb).target or order.held_from,
            row,
            SHOWN_VERBS[row.verb]["icon"],
            bool(SHOWN_VERBS[row.verb].get("danger")),
        )
        for row in actions_for(order, lines, actor)
        if row.verb in MOVING
    ]


@staff
def move(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Where a sales order may go from here, and one of these ways taken; each is a verb."""
    verb = request.POST.get("verb", "")
    if request.method == "POST" and verb not in MOVING:
        raise NotFound(_("There is no such step."), code="not_found")
    order = access_order(request.actor, ident, for_action=verb or "view")
    if request.method != "POST":
        return _move_page(request, order)
    reason = request.POST.get("reason", "").replace("\x00", "").strip()[:MOST_REASON]

    def again(refusal: DomainError) -> HttpResponse:
        return _move_page(request, access_order(request.actor, ident), refusal)

    return moved(
        request,
        order,
        lambda: SERVICES[verb](order.pk, request.actor, reason),
        said=f"{order.reference}: {DONE[verb]}",
        back=way_back(request, reverse("sales:board")),
        again=again,
    )


def _move_page(
    request: StaffRequest, order: SalesOrder, refusal: DomainError | None = None
) -> HttpResponse:
    _load([order])
    moves = moves_of(order, list(order.lines.all()), request.actor)
    wanted = request.GET.get("to", "")
    here = reverse("sales:detail", args=[order.uuid])
    context = {
        "heading": _("Move %(reference)s") % {"reference": order.reference},
        "customer": order.customer.name,
        "moves": [row for row in moves if row.target == wanted] or moves,
        "with_reason": ASKING,
        "problem": refusal.message if refusal else "",
        "version": shown_version(request, order, refusal),
        "url": request.path,
        "back": way_back(request, reverse("sales:board")),
        "crumbs": [
            {"label": _("Sales orders"), "url": reverse("sales:list")},
            {"label": order.reference, "url": here},
        ],
    }
    status = status_of(refusal) if refusal else 200
    return page(request, "planner/move.html", context, part="planner/_move.html", status=status)
