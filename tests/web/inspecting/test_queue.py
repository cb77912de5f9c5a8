"""The queue of what waits for inspection."""

from __future__ import annotations

from returns.models import Inspection
from returns.services import hold_return
from rmaproject.access.actors import SYSTEM
from stock.models import PartCategory
from tests.factories import UserFactory, ask_return, goods, sell
from tests.returns.steps import receive
from tests.web.browser import queries_of, text_of, version_on
from tests.web.inspecting.steps import key


def test_the_queue_offers_what_waits_and_the_next_after_saving(clerk, business, bo, rma):
    other = ask_return(
        sell(business, bo, goods("ROPE", "1", "9.00", name="Rope")), "1", issued=True
    )
    receive(other.lines.get())
    first, second = key(rma), key(other)

    page = text_of(clerk.get("/returns/inspect/"))
    at = f"/returns/{rma.uuid}/inspect/?line={first}"
    assert page.index("Tent") < page.index("Rope"), "the longest here comes first"
    assert "4 units wait" in page
    assert f'href="/returns/{other.uuid}/inspect/?line={second}">Skip' in text_of(clerk.get(at))

    given = {"version": version_on(clerk.get(at)), f"grade_{first}": "A", "do": "next"}
    rest = clerk.post(at, {**given, f"quantity_{first}": "2"})
    assert rest.url == at, "what is left of the line follows"
    done = clerk.post(rest.url, {**given, "version": version_on(clerk.get(at))})
    assert done.url == f"/returns/{other.uuid}/inspect/?line={second}"

    last = {"version": version_on(clerk.get(done.url)), "do": "expected"}
    assert clerk.post(done.url, last).url == "/returns/inspect/"
    assert "Nothing waits for inspection" in text_of(clerk.get("/returns/inspect/"))
    assert [(row.grade, row.quantity) for row in Inspection.objects.order_by("pk")] == [
        ("A", 2),
        ("A", 1),
        ("A", 1),
    ]


def test_a_code_jumps_to_its_goods_and_filters_narrow_the_queue(clerk, business, bo, rma):
    tents = PartCategory.objects.create(code="tents", name="Tents")
    part = rma.lines.get().part
    part.category = tents
    part.save()
    at = f"/returns/{rma.uuid}/inspect/?line={key(rma)}"

    assert clerk.get(f"/returns/inspect/?code={rma.reference.lower()}").url == at
    assert clerk.get("/returns/inspect/?code=tent").url == at
    missed = text_of(clerk.get("/returns/inspect/?code=nothing"))
    narrowed = text_of(clerk.get("/returns/inspect/?category=tents"))
    old = text_of(clerk.get("/returns/inspect/?age=7"))

    place = rma.receipts.get().lines.get().location.code
    here = f"{at}&location={place}"
    given = {"version": version_on(clerk.get(here)), f"grade_{key(rma)}": "A", "do": "next"}
    done = clerk.post(here, given)

    assert done.url == f"/returns/inspect/?location={place}"
    assert clerk.get(done.url).status_code == 200, "a place where nothing waits any more"
    assert "nothing names nothing that waits for inspection." in missed
    assert f"{at}&amp;category=tents" in narrowed, "the filter goes along"
    assert "Nothing waits here" in old
    assert clerk.get("/returns/inspect/?age=9").status_code == 400


def test_the_queue_costs_the_same_with_more_lines(clerk, business, bo, rma):
    one = queries_of(clerk, "/returns/inspect/")
    for number in range(3):
        order = sell(business, bo, goods(f"P{number}", "1", "9.00"))
        receive(ask_return(order, "1", issued=True).lines.get())

    assert queries_of(clerk, "/returns/inspect/") == one


def test_what_is_on_hold_or_out_of_sight_is_not_offered(clerk, client, rma, roles):
    hold_return(rma.pk, actor=SYSTEM, reason="Waiting for the customer")

    assert "Tent" not in text_of(clerk.get("/returns/inspect/"))
    client.force_login(UserFactory(username="vic", roles=["Viewer"]))
    assert client.get("/returns/inspect/").status_code == 403
