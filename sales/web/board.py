"""The board of sales orders: a column for each status; a move is a verb."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.errors import DomainError
from rmaproject.shared.transitions import find_verb
from rmaproject.web.people_words import role_name
from rmaproject.web.planning.boards import Board, Card, Move, board_page, told
from rmaproject.web.planning.moving import asked_verb, move_page, moved, way_back
from rmaproject.web.planning.switching import ways
from rmaproject.web.signs import SIGNS
from rmaproject.web.staff import StaffRequest, staff
from sales.actions import actions_for, goods, not_shipped
from sales.board_limits import limits_of
from sales.models import OrderLine, SalesOrder
from sales.selectors import OrderSums, access_order, sums_of
from sales.states import ORDER_VERBS, OrderStatus
from sales.web.actions import SHOWN as SHOWN_VERBS
from sales.web.crumbs import crumbs
from sales.web.planning import narrowed
from sales.web.verbs import DONE, MOST_REASON, SERVICES

MOVING: Final = tuple(row.verb for row in ORDER_VERBS if row.target or row.verb == "resume")
ASKING: Final = ("hold", "cancel")
SHOWN: Final = (
    OrderStatus.PENDING,
    OrderStatus.IN_PROGRESS,
    OrderStatus.ON_HOLD,
    OrderStatus.COMPLETE,
)
BOARD: Final = Board("sales", SIGNS["order"], SHOWN, ended_at="completed_at")


@staff
def board(request: StaffRequest) -> HttpResponse:
    """Sales orders by status, the most urgent of each first, with what each may become."""
    rows, filters = narrowed(request, by_status=False)
    words = {
        "heading": _("Board"),
        "sub": _("sales orders by status"),
        "region": _("Sales orders by status"),
        "filters": filters.context(),
        "switch": ways(request, "sales", "board"),
        "new_url": reverse("sales:create") if request.actor.may("sales.create_order") else "",
        "new_label": _("New sales order"),
    }
    prepared = partial(_prepared, request.actor)
    limits = limits_of(BOARD.key, request.GET.get("business", ""))
    return board_page(request, BOARD, rows.with_parties(), prepared, words, limits=limits)


def _prepared(actor: Actor, shown: Sequence[SalesOrder]) -> Callable[[SalesOrder], Card]:
    _load(shown)
    sums = sums_of(shown)
    return lambda order: _card(order, actor, sums.get(order.pk))


def _load(orders: Sequence[SalesOrder]) -> None:
    """Read the lines that the guards of the verbs look at, for all cards at once."""
    prefetch_related_objects(orders, Prefetch("lines", OrderLine.objects.order_by("number")))


def _card(order: SalesOrder, actor: Actor, sums: OrderSums | None) -> Card:
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
        "owner": role_name(team.name) if team else name,
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
    verb = asked_verb(request, MOVING)
    order = access_order(request.actor, ident, for_action=verb or "view")
    if request.method != "POST":
        return _move_page(request, order)
    reason = request.POST.get("reason", "").strip()[:MOST_REASON]

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
    return move_page(
        request,
        order,
        moves,
        asking=ASKING,
        board_url=reverse("sales:board"),
        crumbs=crumbs(order),
        refusal=refusal,
    )
