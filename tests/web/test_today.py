"""The start page: tiles that open what they count, within rights, at a constant price."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from guardian.shortcuts import assign_perm

from returns.models import ReturnOrder
from returns.services import (
    ReceiveInput,
    SurpriseInput,
    credit_return,
    edit_return,
    hold_return,
    receive_return,
    request_return,
)
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.access.models import User
from rmaproject.access.roles import ROLES, SEE, all_permissions
from rmaproject.shared import clock
from tests.factories import BusinessFactory, UserFactory, actor_with, ask_return, goods, sell
from tests.metrics.past import redate
from tests.refunds.money import bank_of
from tests.returns.steps import decided, receive
from tests.web.browser import queries_of, text_of

MONEY = ("4,321.50", "4321.5", "EUR", "8,643.00", "8643")


@pytest.fixture
def other(business):
    return BusinessFactory(code="1200", name="Heron UK", time_zone="Europe/London")


@pytest.fixture
def desk(business, other, bo):
    """Returns in every queue, in two businesses; one unit costs 4,321.50."""
    bank_of(bo)
    for place in (business, other):
        sales = [sell(place, bo, goods(f"T-{place.code}-{n}", "2", "4321.50")) for n in range(7)]
        ask_return(sales[0])
        late = ask_return(sales[1], issued=True)
        edit_return(late.pk, {"target_date": clock.today(place) - timedelta(days=3)}, actor=SYSTEM)
        here = ask_return(sales[2], issued=True)
        receive(here.lines.get())
        held = ask_return(sales[3], issued=True)
        hold_return(held.pk, actor=SYSTEM, reason="Stock-taking")
        redate(held, updated_at=clock.now() - timedelta(days=9))
        redate(ask_return(sales[4]), status="awaiting_approval")
        credit_return(decided(sales[5]).pk, actor=SYSTEM)
        found = ask_return(sales[6], issued=True)
        surprise = SurpriseInput(Decimal(1), description="A pair of socks")
        receive_return(found.pk, ReceiveInput(unexpected=[surprise]), actor=SYSTEM)


def granted(business):
    """Somebody with all rights of a manager, who was granted one business."""
    user = User.objects.create_user("grace")
    known = all_permissions()
    names = set(ROLES["Manager"]) - {"access.see_all_businesses"}
    user.user_permissions.set([known[name] for name in names])
    assign_perm("sales.view_business", user, business)
    return Actor(user)


def browser_of(actor):
    client = Client()
    client.force_login(actor.user)
    return client


def charts_of(client, query=""):
    """What a script puts into the start page."""
    return text_of(client.get(f"/charts/{query}", headers={"hx-request": "true"}))


def tiles_on(client, address="/"):
    return {tile["key"]: tile for tile in client.get(address).context["tiles"]}


@pytest.mark.parametrize("who", ["Manager", "Warehouse", "granted"])
def test_every_tile_opens_a_list_of_as_many_returns(who, desk, business, roles):
    client = browser_of(granted(business) if who == "granted" else actor_with(who))

    tiles = tiles_on(client)

    counts = {}
    for key, tile in tiles.items():
        shown = client.get(tile["url"])
        counts[key] = tile["count"]
        assert len(shown.context["returns"]) == tile["count"], key
        (tab,) = [row for row in shown.context["tabs"] if row["current"]]
        assert tab["count"] == str(tile["count"]), key
    both = {"open": 14, "overdue": 2, "receive": 6, "inspect": 4, "approval": 2, "stuck": 2}
    one = {"open": 7, "overdue": 1, "receive": 3, "inspect": 2, "approval": 1, "stuck": 1}
    expected = {
        "Manager": {**both, "refund": 2}, "Warehouse": both, "granted": {**one, "refund": 1},
    }  # fmt: skip
    assert counts == expected[who]


def test_an_administrator_finds_the_first_steps_on_the_start_page(clerk, client, business):
    before = text_of(clerk.get("/"))
    client.force_login(UserFactory(username="root", roles=["Administrator"]))
    after = text_of(client.get("/"))

    assert "/settings/start/" not in before
    assert 'hx-get="/settings/start/"' in after


def test_the_counts_in_the_navigation_are_those_of_the_tiles(clerk, desk):
    tiles = tiles_on(clerk)

    shown = text_of(clerk.get("/counts/"))

    for place, key in (("returns", "open"), ("returnsreceive", "receive"), ("refunds", "refund")):
        span = f'id="count-{place}" hx-swap-oob="true">{tiles[key]["count"]}</span>'
        assert span in shown, key
    assert 'id="count-notices" hx-swap-oob="true"></span>' in shown
    assert queries_of(clerk, "/counts/") <= 8


def test_who_may_not_see_money_finds_no_amount_anywhere(desk, roles):
    clerk = browser_of(actor_with("Warehouse"))
    addresses = ["/", "/?team=1", "/reports/", "/reports/export/?table=part", "/counts/"]

    for address in addresses:
        body = text_of(clerk.get(address))
        assert [amount for amount in MONEY if amount in body] == [], address
        assert "refund-due" not in body
    assert [amount for amount in MONEY if amount in charts_of(clerk)] == []
    assert "refund" not in tiles_on(clerk)
    assert clerk.get("/reports/export/?table=refunds").status_code == 404
    # The same search finds them on the page of somebody who may.
    mo = browser_of(actor_with("Manager", username="mo"))
    assert "8,643.00 EUR" in text_of(mo.get("/"))
    assert "8,643.00" in charts_of(mo)


def test_one_business_can_be_looked_at_alone(clerk, desk, business, other):
    page = clerk.get("/", {"business": str(other.uuid)})

    tiles = {tile["key"]: tile["count"] for tile in page.context["tiles"]}
    assert tiles["open"] == 7
    assert all(f"business={other.uuid}" in tile["url"] for tile in page.context["tiles"])
    assert f'hx-get="/charts/?business={other.uuid}"' in text_of(page)
    assert "T-1200-5" in charts_of(clerk, f"?business={other.uuid}")
    assert "T-1100-5" not in charts_of(clerk, f"?business={other.uuid}")
    assert clerk.get("/", {"business": "nothing"}).status_code == 400


def test_without_a_script_the_charts_are_in_the_reports(clerk, desk):
    page = text_of(clerk.get("/"))

    assert '<a href="/reports/">All charts are in the reports</a>' in page
    assert clerk.get("/charts/").url == "/reports/"


def test_a_business_out_of_sight_is_neither_offered_nor_counted(desk, business, other):
    grace = browser_of(granted(business))

    page = grace.get("/")

    assert "Heron UK" not in text_of(page)
    assert grace.get("/", {"business": str(other.uuid)}).status_code == 400


def test_everybody_is_told_what_they_should_do_next_and_no_more(desk, business, roles, bo):
    def verbs(actor, address="/"):
        rows = browser_of(actor).get(address).context["tasks"]["rows"]
        return sorted({row["text"].split(":")[0] for row in rows})

    manager = actor_with("Manager")
    assert verbs(actor_with("Viewer")) == []
    assert verbs(actor_with("Warehouse")) == ["Decide unexpected goods"]
    assert verbs(actor_with("Inspector")) == ["Decide unexpected goods", "Inspect 1 unit"]
    finance = verbs(actor_with("Finance"))
    assert finance == []  # the refunds wait for approval first
    assert verbs(manager) == [
        "Approve",
        "Approve 4,321.50 EUR",
        "Decide unexpected goods",
        "Inspect 1 unit",
    ]
    alone = f"/?business={business.uuid}"
    more = set(verbs(manager, f"{alone}&team=1")) - set(verbs(manager, alone))
    assert more == {"Follow up", "On hold for 9 days"}


def test_nobody_is_told_to_approve_what_they_asked_for_or_what_another_person_owns(
    business, bo, roles
):
    mia, leo = actor_with("Manager", username="mia"), actor_with("Manager", username="leo")
    made = request_return(business=business, customer=bo, actor=mia)
    redate(made, status="awaiting_approval")

    def tasks(actor, address="/"):
        return browser_of(actor).get(address).context["tasks"]["count"]

    assert (tasks(mia), tasks(leo)) == (0, 1)
    redate(made, responsible_user=mia.user)
    assert (tasks(leo), tasks(leo, "/?team=1")) == (0, 1)


def test_what_is_late_waits_for_its_owner_first(clerk, ada, desk, business):
    late = ReturnOrder.objects.get(business=business, target_date__lt=clock.today(business))
    edit_return(late.pk, {"responsible_user": ada.user}, actor=SYSTEM)

    first = clerk.get("/").context["tasks"]["rows"][0]

    assert first["reference"] == late.reference
    assert first["text"].startswith("Follow up")


def test_a_script_gets_only_the_list_of_what_waits(clerk, desk):
    part = clerk.get("/?team=1", headers={"hx-request": "true"})

    assert text_of(part).lstrip().startswith('<section class="section" id="waiting"')
    assert "Only mine" in text_of(part)


def test_the_start_page_costs_fifteen_statements_at_most_whatever_the_rows(
    clerk, desk, business, bo
):
    many = queries_of(clerk, "/")
    for number in range(4):
        ask_return(sell(business, bo, goods(f"MORE-{number}")), issued=True)

    assert many <= 15
    assert queries_of(clerk, "/") == many
    assert queries_of(browser_of(granted(business)), "/") <= 15
    assert queries_of(clerk, "/reports/?days=365") <= 15


def test_who_sees_no_returns_goes_to_the_first_open_place(client, business, roles):
    user = UserFactory(username="stef")
    known = all_permissions()
    user.user_permissions.set([known[name] for name in SEE if name != "returns.view_return"])
    client.force_login(user)

    assert client.get("/").status_code == 302
    assert client.get("/reports/").status_code == 403
    assert client.get("/counts/").status_code == 403
    assert client.get("/charts/", headers={"hx-request": "true"}).status_code == 403


def test_every_figure_is_explained_where_it_stands(clerk, desk):
    page = text_of(clerk.get("/"))

    assert "Open returns whose target date has passed" in page
    assert 'popovertarget="definitions"' in page
    assert "percentile_cont" in page
    page += charts_of(clerk)
    for key in ("flow", "resolution", "reason", "part", "ages", "refunds"):
        assert f'popovertarget="how-{key}"' in page, key
