"""The board of returns: a column for each state of authorisation; a move is a verb."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from returns.actions import NOT_ASKED, Blocked, actions_for
from returns.counting import still_expected
from returns.models import Outbound, ReturnLine, ReturnOrder
from returns.selectors import access_return
from returns.services.approval import blocked_verbs
from returns.states import VERBS, Status
from returns.web.crumbs import crumbs
from returns.web.lists.listing import responsible_name
from returns.web.planning.shared import narrowed
from returns.web.record.offering import DANGEROUS, ICONS
from returns.web.record.verbs import VERBS as SERVICES
from returns.web.record.verbs import WITH_REASON
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.errors import DomainError
from rmaproject.shared.transitions import Action, find_verb
from rmaproject.web.planning.boards import Board, Card, Move, board_page, told
from rmaproject.web.planning.moving import asked_verb, move_page, moved, way_back
from rmaproject.web.planning.switching import ways
from rmaproject.web.signs import SIGNS
from rmaproject.web.staff import StaffRequest, staff
from sales.board_limits import limits_of

#: The verbs that move a card; deleting takes a return out of sight and is no move.
MOVING: Final = tuple(
    row.verb for row in VERBS if (row.target or row.verb == "resume") and row.verb != "delete"
)
SHOWN: Final = (
    Status.PENDING,
    Status.AWAITING_APPROVAL,
    Status.IN_PROGRESS,
    Status.ON_HOLD,
    Status.COMPLETE,
)
BOARD: Final = Board(
    "returns", SIGNS["authorisation"], SHOWN, ended_at="closed_at", listed={"queue": "all"}
)


def columns() -> list[tuple[str, Any]]:
    """The columns that can have a limit: all but the ended ones, which only look back."""
    return [(status.value, status.label) for status in SHOWN if status != Status.COMPLETE]


@staff
def board(request: StaffRequest) -> HttpResponse:
    """Returns by authorisation, the most urgent of each state first, with what each may become."""
    rows, filters = narrowed(request, by_queue=False)
    words = {
        "heading": _("Board"),
        "sub": _("by authorisation"),
        "region": _("Returns by authorisation"),
        "filters": filters.context(),
        "switch": ways(request, "returns", "board"),
        "new_url": reverse("returns:new") if request.actor.may("returns.create_return") else "",
        "new_label": _("New return"),
    }
    prepared = partial(_prepared, request.actor)
    limits = limits_of(BOARD.key, request.GET.get("business", ""))
    return board_page(request, BOARD, rows.with_parties(), prepared, words, limits=limits)


def _prepared(actor: Actor, shown: Sequence[ReturnOrder]) -> Callable[[ReturnOrder], Card]:
    _load(shown)
    return lambda order: _card(order, actor)


def _load(orders: Sequence[ReturnOrder]) -> None:
    """Read what the guards of the verbs look at, in three queries for all cards."""
    lines = ReturnLine.objects.order_by("number")
    outbound = Outbound.objects.select_related("order_line")
    prefetch_related_objects(
        orders, Prefetch("lines", lines), "extra_lines", Prefetch("outbound", outbound)
    )


def _card(order: ReturnOrder, actor: Actor) -> Card:
    lines = list(order.lines.all())
    moves = moves_of(order, lines, actor)
    counted = [line for line in lines if not line.void and not line.unexpected]
    here = sum((line.received for line in counted), money.ZERO)
    coming = sum((still_expected(line) for line in counted), money.ZERO)
    units = {"here": money.plain(here), "all": money.plain(here + coming)}
    ended = order.status == Status.COMPLETE
    return {
        "uuid": order.uuid,
        "version": order.version,
        "reference": order.reference,
        "customer": order.customer.name,
        "url": reverse("returns:detail", args=[order.uuid]),
        "move_url": reverse("returns:move", args=[order.uuid]) if moves else "",
        "moves": told(moves),
        "owner": responsible_name(order),
        "team": order.responsible_group_id is not None,
        "due": order.closed_at if ended else order.target_date,
        "closed": ended,
        "text": "" if counted or ended else _("Nothing announced"),
        "axis": _axis(order),
        "state": order.money if _axis(order) == "money" else order.goods,
        "words": _("%(here)s of %(all)s") % units if _axis(order) == "goods" else "",
        "units": here + coming,
        "n": 1 if here + coming == 1 else 2,
    }


def _axis(order: ReturnOrder) -> str:
    """What a card tells in its foot: money once it is complete, goods once they are on the way."""
    if order.status == Status.COMPLETE:
        return "money"
    return "goods" if order.status in (Status.IN_PROGRESS, Status.ON_HOLD) else ""


def moves_of(
    order: ReturnOrder, lines: Sequence[ReturnLine], actor: Actor, blocked: Blocked = NOT_ASKED
) -> list[Move]:
    """Where a return can go by one verb, allowed or blocked with the reason."""
    offered = {row.verb: row for row in actions_for(order, lines, actor, blocked)}
    return [
        Move(_target(order, row), row, ICONS[verb], verb in DANGEROUS)
        for verb, row in offered.items()
        if verb in MOVING
    ]


def _target(order: ReturnOrder, action: Action) -> str:
    return find_verb(VERBS, action.verb).target or order.held_from


@staff
def move(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Where a return may go from here, and one of these ways taken; each is a verb."""
    verb = asked_verb(request, MOVING)
    order = access_return(request.actor, ident, for_action=verb or "view")
    if request.method != "POST":
        return _move_page(request, order)
    service, done = SERVICES[verb]
    reason = request.POST.get("reason", "").strip()
    values = {"reason": reason} if verb in WITH_REASON else {}

    def again(refusal: DomainError) -> HttpResponse:
        return _move_page(request, access_return(request.actor, ident), refusal)

    return moved(
        request,
        order,
        lambda: service(order.pk, actor=request.actor, **values),
        said=f"{order.reference}: {done}",
        back=way_back(request, reverse("returns:board")),
        again=again,
    )


def _move_page(
    request: StaffRequest, order: ReturnOrder, refusal: DomainError | None = None
) -> HttpResponse:
    _load([order])
    blocked = blocked_verbs(order, request.actor)
    moves = moves_of(order, list(order.lines.all()), request.actor, blocked)
    return move_page(
        request,
        order,
        moves,
        asking=WITH_REASON,
        board_url=reverse("returns:board"),
        crumbs=crumbs(order),
        refusal=refusal,
    )
