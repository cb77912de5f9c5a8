"""The inspector's queue: what waits, the longest here first; a scanned code jumps to its goods."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from returns import to_inspect
from returns.counting import undecided
from returns.models import Condition, ReceiptLine, ReturnLine, ReturnOrder
from returns.web.record.naming import goods_of
from rmaproject.shared import clock
from rmaproject.web.lists import Filters, searched
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from stock.models import Location, PartCategory

MOST_SHOWN: Final = 100
MOST_PLACES: Final = 200
AGES: Final = (
    ("1", gettext_lazy("since yesterday or longer")),
    ("3", gettext_lazy("3 days or longer")),
    ("7", gettext_lazy("a week or longer")),
)
FILTERS: Final = ("location", "category", "age")


class Queue:
    """What waits for this inspector, narrowed as the address says, and the way through it."""

    def __init__(self, request: StaffRequest) -> None:
        self.request = request
        self.filters = Filters(request)
        self.rows = self._narrowed()

    def _narrowed(self) -> to_inspect.Lines:
        rows = to_inspect.waiting_lines(self.request.actor)
        chosen = Q(code=searched(self.request, "location"))
        places = Location.objects.filter(Q(pk__in=_places()) | chosen).order_by("code")
        codes = places.values_list("code", flat=True)[:MOST_PLACES]
        if place := self.filters.choice("location", _("Place"), [(code, code) for code in codes]):
            rows = rows.filter(lies_at=place)
        classes = PartCategory.objects.order_by("name").values_list("code", "name")
        if category := self.filters.choice("category", _("Category"), list(classes)):
            rows = rows.filter(part__category__code=category)
        if age := self.filters.choice(
            "age", _("Here for"), [(key, str(words)) for key, words in AGES]
        ):
            rows = rows.filter(since__lte=clock.now() - timedelta(days=int(age)))
        return rows

    @cached_property
    def kept(self) -> dict[str, str]:
        """The filters of the address."""
        given = {name: searched(self.request, name) for name in FILTERS}
        return {name: value for name, value in given.items() if value}

    def url(self) -> str:
        """The queue itself, narrowed as it is."""
        query = f"?{urlencode(self.kept)}" if self.kept else ""
        return reverse("returns:to_inspect") + query

    def place(self, line: ReturnLine, order: ReturnOrder | None = None) -> str:
        """Where this line is inspected; the queue stays as narrowed as it is."""
        order = order or line.return_order
        query = urlencode({"line": line.uuid, **self.kept})
        return reverse("returns:inspect", args=[order.uuid]) + f"?{query}"

    def past(self, line: ReturnLine | None) -> str:
        """The next that waits beside this line; "" where nothing else does."""
        found = self._next(line)
        return self.place(found) if found else ""

    def after(self, line: ReturnLine | None) -> str:
        """Where to go on after this line was saved: its own rest first. "" for the end."""
        if line is not None:
            rest = self.rows.filter(pk=line.pk).first()
            if rest is not None:
                return self.place(rest)
        return self.past(line)

    def _next(self, line: ReturnLine | None) -> ReturnLine | None:
        rows = self.rows.select_related("return_order")
        if line is None:
            return rows.first()
        here = self._since(line)
        return to_inspect.following(rows, line, here)

    def _since(self, line: ReturnLine) -> Any:
        came = ReceiptLine.objects.filter(line=line, receipt__reversed_by=None)
        first = came.order_by("pk").select_related("receipt").first()
        return first.receipt.at if first else None

    def units(self) -> str:
        """How many units wait."""
        return to_inspect.units_waiting(self.rows)

    def done_today(self) -> str:
        """How many units this inspector did today."""
        return to_inspect.done_today(self.request.actor)


def queue_of(request: StaffRequest) -> Queue:
    """The queue that the address asks for. Raises Malformed `invalid_filter`, NotPermitted."""
    return Queue(request)


def _places() -> Any:
    """The places where goods that wait may lie: those that receipts name."""
    waiting = to_inspect.waiting_of(ReturnLine.objects.all()).order_by()
    return ReceiptLine.objects.filter(line__in=waiting.values("pk")).values("location")


@staff
def to_inspect_list(request: StaffRequest) -> HttpResponse:
    """All that waits, the longest here first; a code in the box jumps to what it names."""
    queue, code = queue_of(request), searched(request, "code")
    found = to_inspect.named(queue.rows, code)
    if len({line.return_order_id for line in found}) == 1:
        return redirect(queue.place(found[0]))
    rows = queue.rows.filter(pk__in=[line.pk for line in found]) if found else queue.rows
    listed = list(to_inspect.shown(rows)[: MOST_SHOWN + 1])
    waiting = queue.units()
    context = {
        "rows": [_row(line, queue) for line in listed[:MOST_SHOWN]],
        "more": len(listed) > MOST_SHOWN,
        "most": MOST_SHOWN,
        "code": code,
        "missed": bool(code) and not found,
        "search_for": f"{reverse('search')}?{urlencode({'q': code})}",
        "filters": queue.filters.context(),
        "waiting": waiting,
        "counter": 1 if waiting == "1" else 2,
        "done_today": queue.done_today(),
        "queue_empty": _empty(queue),
    }
    return page(request, "returns/to_inspect.html", context)


def _row(line: ReturnLine, queue: Queue) -> dict[str, Any]:
    order, found = line.return_order, str(getattr(line, "condition", "") or "")
    seen = Condition(found) if found in Condition.values else Condition.UNKNOWN
    return {
        "url": queue.place(line),
        **goods_of(line),
        "reference": order.reference,
        "customer": order.customer.name,
        "reason": line.reason.name if line.reason else "",
        "quantity": undecided(line),
        "since": getattr(line, "since", None),
        "place": getattr(line, "lies_at", "") or "",
        "condition": str(seen.label) if seen != Condition.UNKNOWN else "",
        "bad": seen == Condition.DAMAGED,
        "category": line.part.category.name if line.part and line.part.category else "",
        "unexpected": line.unexpected,
    }


def _empty(queue: Queue) -> dict[str, Any]:
    if queue.kept:
        text = _("Take a filter away to see the rest.")
        return {"icon": "search", "title": _("Nothing waits here"), "text": text}
    text = _("Goods come here when they are received and somebody has to look at them.")
    return {"icon": "inspect", "title": _("Nothing waits for inspection"), "text": text}
