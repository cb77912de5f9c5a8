"""Sales returns: list, create, retrieve, update, delete."""

from __future__ import annotations

import re
from typing import Any, Final

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from returns.compat.zoho import named, wishes
from returns.compat.zoho.base import ZohoDoor, pointing
from returns.compat.zoho.loading import Papers, loaded, with_receives
from returns.compat.zoho.showing import show_in_list, show_return
from returns.compat.zoho.sold import Sold, orders_of
from returns.compat.zoho.values import Values, invalid
from returns.models import ReturnOrder
from returns.selectors import access_return, permission_for, visible_returns
from returns.services import (
    delete_return,
    edit_return,
    open_return,
    rewrite_lines,
)
from returns.switch import require_returns_on
from rmaproject.rest.writing import Answer
from rmaproject.shared.canonical import digest
from rmaproject.shared.errors import RuleViolation

MOST_ROWS: Final = 200
_COUNT: Final = re.compile("0*[1-9][0-9]{0,5}")


class Returns(ZohoDoor):
    """The sales returns of an organization."""

    def get(self, request: Request) -> Response:
        """A page of them, the newest first."""
        page, rows_a_page = self._count("page", 1), self._count("per_page", MOST_ROWS)
        rows_a_page = min(rows_a_page, MOST_ROWS)
        first = (page - 1) * rows_a_page
        rows = loaded(visible_returns(self.actor).filter(business=self.business))
        found = list(rows.order_by("-pk")[first : first + rows_a_page + 1])
        shown = found[:rows_a_page]
        papers = Papers(shown, self.actor)
        context = {
            "page": page,
            "per_page": rows_a_page,
            "has_more_page": len(found) > rows_a_page,
        }
        return Response(
            {
                "code": 0,
                "message": "success",
                "salesreturns": [show_in_list(row, papers) for row in shown],
                "page_context": context,
            }
        )

    def post(self, request: Request) -> Response | HttpResponse:
        """Ask for a return of what was sold on one sales order, and issue it."""
        require_returns_on()
        for action in ("create", "issue"):
            self.actor.require(permission_for(action))
        body = Values(request.data)
        given = self.asked_for("salesorder_id") or body.ident("salesorder_id")
        sale = named.sales_order(self.actor, self.business, given)
        values = wishes.header(body, self.actor)
        reader = wishes.Reader(Sold([sale.pk]), self.actor)
        wanted = reader.read(body)
        content = digest(["zoho", wishes.content_of(sale.uuid, values, wanted)])

        def act() -> Answer:
            with pointing(reader.places):
                made, _ = open_return(
                    business=self.business,
                    customer=sale.customer,
                    lines=[wish.given for wish in wanted],
                    digest=content,
                    actor=self.actor,
                    **values,
                )
            return Answer(shown(self, made, "Return created successfully"), 201)

        return self.act(act)

    def _count(self, name: str, default: int) -> int:
        given = self.asked_for(name)
        if given and not _COUNT.fullmatch(given):
            raise invalid("a whole number from 1 to 999999", f"/{name}")
        return int(given or default)


class Return(ZohoDoor):
    """One sales return."""

    def get(self, request: Request, ident: str) -> Response:
        return Response(shown(self, self._order(ident, "view"), "success"))

    def put(self, request: Request, ident: str) -> Response | HttpResponse:
        """Say a return anew: lines left out are taken out, what was received stays."""
        order = self._order(ident, "edit")
        body = Values(request.data)
        values = wishes.header(body, self.actor)
        place = order.location or self.business.returns_location
        if values.get("location") == place:
            del values["location"]
        _require_same_day(order, values.pop("requested_on", None))

        def act() -> Answer:
            # Read under the return's lock, so that no line appears or goes meanwhile.
            reader = self._reader(order, body)
            wanted = reader.read(body)
            with pointing(reader.places):
                edit_return(order.pk, values, actor=self.actor)
                changed = rewrite_lines(order.pk, wanted, actor=self.actor)
            return Answer(shown(self, changed, "Return updated successfully"))

        return self.act(act, root=order)

    def delete(self, request: Request, ident: str) -> Response | HttpResponse:
        """Cancel a return and take it out of sight."""

        def act() -> Answer:
            # Looked up only here: the repeat of a delete by its key finds its first answer.
            delete_return(self._order(ident, "delete").pk, actor=self.actor)
            return Answer({"code": 0, "message": "The Sales Return has been deleted."})

        return self.act(act)

    def _order(self, ident: str, action: str) -> ReturnOrder:
        return access_here(self, ident, action)

    def _reader(self, order: ReturnOrder, body: Values) -> wishes.Reader:
        present = wishes.present_lines(order)
        orders = orders_of(present)
        given = self.asked_for("salesorder_id") or body.ident("salesorder_id")
        if given:
            orders.add(named.sales_order(self.actor, self.business, given).pk)
        place = order.location or self.business.returns_location
        return wishes.Reader(Sold(orders), self.actor, present, place)


def access_here(door: ZohoDoor, ident: str, action: str) -> ReturnOrder:
    """A return of the door's organization for an action. Raises NotFound, NotPermitted."""
    order = access_return(door.actor, ident, for_action=action)
    if order.business_id != door.business.pk:
        raise named.unknown("The organization has no such sales return.")
    return order


def shown(door: ZohoDoor, order: ReturnOrder, message: str) -> dict[str, Any]:
    """An answer with a return as it is now."""
    row = with_receives(loaded(ReturnOrder.objects.filter(pk=order.pk))).get()
    found = show_return(row, Papers([row], door.actor))
    return {"code": 0, "message": message, "salesreturn": found}


def _require_same_day(order: ReturnOrder, day: Any) -> None:
    """The day of a return decides which rules hold, so it stays."""
    if day is not None and day != order.requested_on:
        message = f"The return is of {order.requested_on.isoformat()}, which stays."
        raise RuleViolation(message, code="date_stays", pointer="/date")
