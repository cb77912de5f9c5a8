"""Return orders, their lines and their extra lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from customers.models import Company
from returns.compat.inventree.base import DOOR
from returns.compat.inventree.codes import OUTCOME, REJECTED, RETURN_STATUS, WISHES, conditions
from returns.compat.inventree.filters import (
    Filter,
    by_code,
    by_day,
    by_flag,
    by_key,
    by_text,
    day,
    key,
)
from returns.compat.inventree.outcomes import decide
from returns.compat.inventree.reading_returns import (
    KEPT_WITH_EXTRA,
    KEPT_WITH_LINES,
    KEPT_WITH_ORDERS,
    ExtraLineForm,
    LineForm,
    OrderForm,
    extra_values,
    kept_values,
    order_values,
    require_same,
)
from returns.compat.inventree.references import (
    business_for,
    next_reference,
    require_on_pattern,
)
from returns.compat.inventree.resources import Records
from returns.compat.inventree.showing_returns import DONE, Lines, Orders, show_extra_line
from returns.models import ExtraLine, ReturnLine, ReturnOrder
from returns.selectors import permission_for, visible_returns
from returns.services import (
    LineInput,
    add_extra_line,
    add_lines,
    delete_return,
    edit_extra_line,
    edit_line,
    edit_return,
    remove_extra_line,
    remove_line,
    request_return,
)
from returns.states import OPEN
from rmaproject.files.supplements import keep_with, kept_with
from rmaproject.shared import clock
from rmaproject.shared.canonical import digest
from sales.models import Business, Document
from sales.selectors import visible_businesses

EDIT = permission_for("edit")


class ReturnOrders(Records):
    """Returns. Their status moves by actions alone."""

    title = "Return Order"
    form = OrderForm
    rights = {"POST": permission_for("create"), "PATCH": EDIT, "DELETE": permission_for("delete")}
    words = {"note": "description", "responsible_user": "responsible"}
    flags = {
        "customer_detail": False,
        "contact_detail": False,
        "address_detail": False,
        "responsible_detail": False,
    }
    filters = {
        "customer": by_key("customer"),
        "status": by_code(conditions("status", RETURN_STATUS)),
        "reference": by_text("reference"),
        "outstanding": by_flag(Q(status__in=OPEN)),
        "created_by": by_key("created_by"),
        "created_before": by_day("requested_on", "lt"),
        "created_after": by_day("requested_on", "gt"),
        "has_target_date": by_flag(Q(target_date__isnull=False)),
        "target_date_before": by_day("target_date", "lt"),
        "target_date_after": by_day("target_date", "gt"),
        "updated_before": by_day("updated_at__date", "lt"),
        "updated_after": by_day("updated_at__date", "gt"),
        "completed_before": by_day("completed_at__date", "lt"),
        "completed_after": by_day("completed_at__date", "gt"),
        "min_date": lambda rows, text: rows.filter(target_date__gte=day(text)),
        "max_date": lambda rows, text: rows.filter(target_date__lte=day(text)),
        "part": lambda rows, text: rows.filter(
            pk__in=ReturnLine.objects.filter(part=key(text), void=False).values("return_order")
        ),
        "has_start_date": by_flag(Q(pk=None)),
        "has_project_code": by_flag(Q(pk=None)),
    }
    orderings = {
        "creation_date": "requested_on",
        "created_by": "created_by__username",
        "reference": "reference",
        "customer__name": "customer__name",
        "customer_reference": "customer_reference",
        "status": "status",
        "target_date": "target_date",
        "complete_date": "completed_at",
        "updated_at": "updated_at",
        "pk": "pk",
    }
    default_ordering = "-reference"

    def visible(self) -> QuerySet[ReturnOrder, ReturnOrder]:
        return visible_returns(self.actor)

    def loaded(self, rows: Any) -> Any:
        return rows.with_parties()

    def all_filters(self) -> Mapping[str, Filter]:
        """Those that depend on who asks, and on what day it is where."""
        mine = Q(responsible_user=self.actor.user_id or 0)
        mine |= Q(responsible_group__in=self.actor.scope.groups or self._groups())
        return {
            **self.filters,
            "assigned_to_me": by_flag(mine),
            "assigned_to": _assigned_to,
            "overdue": by_flag(self._overdue),
        }

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        every = ReturnOrder.objects
        names = Company.objects.filter(name__icontains=text).values("pk")
        found = every.filter(reference__icontains=text).values("pk")
        return rows.filter(
            pk__in=found.union(
                every.filter(customer__in=names).values("pk"),
                every.filter(customer_reference__icontains=text).values("pk"),
                every.filter(note__icontains=text).values("pk"),
            )
        )

    def show_all(self, rows: list[Any], flags: Mapping[str, bool]) -> list[dict[str, Any]]:
        orders = Orders(rows)
        listed = self.request.method == "GET" and "pk" not in self.kwargs
        return [orders.show(row, flags, notes=not listed) for row in rows]

    def defaults(self) -> dict[str, Any]:
        """The next reference, where one business is in sight."""
        seen = list(visible_businesses(self.actor)[:2])
        if len(seen) != 1:
            return {}
        today = clock.today(seen[0])
        return {"reference": next_reference(seen[0], Document.RETURN_ORDER, today)}

    def create(self, values: dict[str, Any]) -> ReturnOrder:
        customer = values.pop("customer")
        business = business_for(self.actor, customer, values.pop("business", ""))
        content = digest([DOOR, self.request.data])
        first = self._first(business, values.get("reference", ""), content)
        if first is not None:
            return first
        ours = order_values(values, {})
        made = request_return(
            business=business, customer=customer, actor=self.actor, content_digest=content, **ours
        )
        self._keep(made, values)
        return made

    def change(self, row: ReturnOrder, values: dict[str, Any]) -> None:
        require_same(values, {"customer": row.customer})
        if values.pop("business", "").lower() not in {"", row.business.code.lower()}:
            require_same({"business": ""}, {"business": row.business.code})
        reference = values.get("reference", row.reference)
        if reference != row.reference:
            require_on_pattern(row.business, Document.RETURN_ORDER, reference)
        shown = Orders([row]).show(row, self.flags, notes=True)
        edit_return(row.pk, order_values(values, shown), actor=self.actor)
        self._keep(row, values)

    def remove(self, row: ReturnOrder) -> None:
        delete_return(row.pk, actor=self.actor)

    def _first(self, business: Business, reference: str, content: str) -> ReturnOrder | None:
        """The return that an earlier request with this reference and this content has made."""
        if not reference:
            return None
        require_on_pattern(business, Document.RETURN_ORDER, reference)
        known = self.visible().filter(business=business, reference__iexact=reference)
        return known.filter(content_digest=content).first()

    def _keep(self, row: ReturnOrder, values: Mapping[str, Any]) -> None:
        kept = kept_values(values, KEPT_WITH_ORDERS)
        if kept:
            keep_with(row, row, system=DOOR, values=kept, actor=self.actor)

    def _groups(self) -> list[int]:
        user = self.actor.user
        return list(user.groups.values_list("pk", flat=True)) if user else []

    def _overdue(self) -> Q:
        late = Q(pk=None)
        for business in visible_businesses(self.actor):
            late |= Q(business=business, target_date__lt=clock.today(business))
        return late & Q(status__in=OPEN)


class ReturnLines(Records):
    """Lines. A new one names a unit that the customer holds, or our line of its sale."""

    title = "Return Order Line Item"
    form = LineForm
    rights = {"POST": EDIT, "PATCH": EDIT, "DELETE": EDIT}
    bulk_delete = True
    words = {"stock_item": "item", "order_line": "sales_order_line", "note": "notes"}
    flags = {"item_detail": True, "part_detail": False, "order_detail": False}
    filters = {
        "order": by_key("return_order"),
        "item": by_key("stock_item"),
        "part": by_key("part"),
        "received": by_flag(Q(received__gt=0)),
        "order_status": by_code(conditions("return_order__status", RETURN_STATUS)),
        "has_pricing": by_flag(Q(order_line__isnull=False)),
        "outcome": by_code({**conditions("outcome", OUTCOME), REJECTED: Q(rejected__gt=0)}),
        "completed": by_flag(DONE),
    }
    orderings = {
        "pk": "pk",
        "line": "number",
        "part": "part__name",
        "IPN": "part__sku",
        "stock": "stock_item__quantity",
        "outcome": "outcome",
    }

    def visible(self) -> QuerySet[ReturnLine, ReturnLine]:
        return ReturnLine.objects.filter(return_order__in=visible_returns(self.actor), void=False)

    def loaded(self, rows: Any) -> Any:
        return rows.select_related(
            "return_order__business", "order_line__order", "stock_item__batch", "part"
        )

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return rows.filter(
            Q(stock_item__serial__icontains=text)
            | Q(part__name__icontains=text)
            | Q(part__sku__icontains=text)
        )

    def show_all(self, rows: list[Any], flags: Mapping[str, bool]) -> list[dict[str, Any]]:
        lines = Lines(rows)
        return [lines.show(row, flags) for row in rows]

    def create(self, values: dict[str, Any]) -> ReturnLine:
        order = values["order"]
        add_lines(order.pk, [_line_input(values)], actor=self.actor)
        made = order.lines.latest("number")  # the service holds the order's lock
        self._keep(made, values)
        return made

    def change(self, row: ReturnLine, values: dict[str, Any]) -> None:
        known = {"order": row.return_order, "item": row.stock_item}
        require_same(values, {**known, "sales_order_line": row.order_line, "part": row.part})
        names = {"quantity": "quantity", "notes": "note"}
        ours = {names[name]: values[name] for name in names if name in values}
        edit_line(row, ours, actor=self.actor)
        code = values.get("outcome")
        if code is not None:
            row.refresh_from_db()
            decide(row, code, actor=self.actor)
        self._keep(row, values)

    def remove(self, row: ReturnLine) -> None:
        remove_line(row, actor=self.actor)

    def _keep(self, row: ReturnLine, values: Mapping[str, Any]) -> None:
        kept = kept_values(values, KEPT_WITH_LINES)
        if kept:
            keep_with(row.return_order, row, system=DOOR, values=kept, actor=self.actor)


class ReturnExtraLines(Records):
    """Extra lines: what is credited or charged and is no goods."""

    title = "Return Order Extra Line"
    form = ExtraLineForm
    rights = {"POST": EDIT, "PATCH": EDIT, "DELETE": EDIT}
    bulk_delete = True
    words = {"name": "description", "gross_unit_price": "price", "currency": "price_currency"}
    filters = {"order": by_key("return_order")}
    orderings = {"pk": "pk", "line": "number", "quantity": "quantity"}

    def visible(self) -> QuerySet[ExtraLine, ExtraLine]:
        return ExtraLine.objects.filter(return_order__in=visible_returns(self.actor), void=False)

    def loaded(self, rows: Any) -> Any:
        return rows.select_related("return_order")

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return rows.filter(name__icontains=text)

    def show_all(self, rows: list[Any], flags: Mapping[str, bool]) -> list[dict[str, Any]]:
        kept = kept_with(rows, system=DOOR)
        return [show_extra_line(row, kept) for row in rows]

    def create(self, values: dict[str, Any]) -> ExtraLine:
        order = values["order"]
        made = add_extra_line(order.pk, extra_values(values, new=True), actor=self.actor)
        self._keep(made, values)
        return made

    def change(self, row: ExtraLine, values: dict[str, Any]) -> None:
        require_same(values, {"order": row.return_order})
        edit_extra_line(row, extra_values(values, new=False), actor=self.actor)
        self._keep(row, values)

    def remove(self, row: ExtraLine) -> None:
        remove_extra_line(row, actor=self.actor)

    def _keep(self, row: ExtraLine, values: Mapping[str, Any]) -> None:
        kept = kept_values(values, KEPT_WITH_EXTRA)
        if kept:
            keep_with(row.return_order, row, system=DOOR, values=kept, actor=self.actor)


def _line_input(values: Mapping[str, Any]) -> LineInput:
    return LineInput(
        stock_item=values.get("item"),
        order_line=values.get("sales_order_line"),
        part=values.get("part"),
        quantity=values.get("quantity", 1),
        note=values.get("notes", ""),
        outcome=WISHES[values.get("outcome", 10)],
    )


def _assigned_to(rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
    owner = key(text)
    column = "responsible_group" if owner % 2 else "responsible_user"
    return rows.filter(**{column: owner // 2})
