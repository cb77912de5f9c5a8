"""Boards: columns of states, and moves that are verbs."""

from __future__ import annotations

import json

import pytest

from returns.models import ReturnOrder
from returns.services import hold_return, issue_return
from rmaproject.access.actors import SYSTEM
from rmaproject.web.planning import boards
from sales.models import ColumnLimit
from sales.services.board_limits import set_column_limits
from sales.services.orders import create_order
from tests.factories import actor_with, ask_return, goods, sell
from tests.web.browser import queries_of, text_of

JSON = {"headers": {"accept": "application/json"}}


@pytest.fixture
def admin_clerk(client, roles):
    """A browser in which an administrator is logged in."""
    client.force_login(actor_with("Administrator", username="root").user)
    return client


def columns(answer):
    return {
        column["key"]: [card["reference"] for card in column["cards"]]
        for column in answer.context["columns"]
    }


def moves(answer, order):
    cards = [card for column in answer.context["columns"] for card in column["cards"]]
    return json.loads(next(card["moves"] for card in cards if card["uuid"] == order.uuid))


def test_each_return_stands_in_the_column_of_its_authorisation(clerk, tents, business, bo):
    pending = ask_return(tents)
    held = ask_return(sell(business, bo, goods("BAG")), issued=True)
    hold_return(held.pk, actor=SYSTEM, reason="Waits for the maker")

    shown = columns(clerk.get("/returns/board/"))

    assert shown == {
        "pending": [pending.reference],
        "awaiting_approval": [],
        "in_progress": [],
        "on_hold": [held.reference],
        "complete": [],
    }


def test_a_card_knows_where_it_may_go_and_why_not_elsewhere(clerk, tents):
    order = ask_return(tents, issued=True)

    ways = moves(clerk.get("/returns/board/"), order)

    assert ways["on_hold"] == {"verb": "hold", "label": "Hold", "asks": True}
    assert ways["complete"]["why"] == "1 have not come; receive or release them."
    assert set(ways) == {"on_hold", "complete", "cancelled"}


def test_a_held_return_goes_back_only_to_where_it_was(clerk, tents):
    order = ask_return(tents)
    hold_return(order.pk, actor=SYSTEM, reason="Waits for the maker")

    ways = moves(clerk.get("/returns/board/"), order)

    assert ways["pending"]["verb"] == "resume"
    assert "in_progress" not in ways


def test_a_move_is_a_verb_with_its_reason_and_its_version(clerk, tents):
    order = ask_return(tents, issued=True)
    address = f"/returns/{order.uuid}/move/"

    silent = clerk.post(address, {"verb": "hold", "version": order.version}, **JSON)
    assert (silent.status_code, silent.json()["code"]) == (422, "reason_required")
    asked = {"verb": "hold", "version": order.version, "reason": "Waits for the maker"}
    done = clerk.post(address, asked, **JSON)
    assert done.json() == {"said": f"{order.reference}: On hold.", "version": order.version + 1}
    again = clerk.post(address, asked, **JSON)
    assert again.json()["code"] == "stale_version"
    assert clerk.post(address, {"verb": "edit", "version": 1}, **JSON).status_code == 404
    order.refresh_from_db()
    assert (order.status, order.status_reason) == ("on_hold", "Waits for the maker")


def test_a_verb_that_the_status_forbids_is_refused_with_the_reason(clerk, tents):
    order = ask_return(tents, issued=True)
    asked = {"verb": "complete", "version": order.version}

    answer = clerk.post(f"/returns/{order.uuid}/move/", asked, **JSON)

    assert answer.status_code == 409
    assert answer.json() == {"refused": "1 have not come.", "code": "still_expected"}


def test_the_menu_works_without_scripts_and_shows_blocked_ways(clerk, tents):
    order = ask_return(tents, issued=True)
    address = f"/returns/{order.uuid}/move/"

    shown = text_of(clerk.get(address))
    assert "1 have not come; receive or release them." in shown
    asked = {
        "verb": "hold",
        "version": order.version,
        "reason": "Ask Bo",
        "next": "/returns/board/",
    }
    assert clerk.post(address, asked).headers["Location"] == "/returns/board/"
    stale = clerk.post(address, {**asked, "verb": "resume"})
    assert stale.status_code == 412
    assert "changed this since you opened it" in text_of(stale)


def test_the_board_shows_the_most_urgent_and_how_many_more_there_are(
    clerk, business, bo, monkeypatch
):
    monkeypatch.setattr(boards, "MOST_CARDS", 2)
    orders = [ask_return(sell(business, bo, goods(f"P{n}"))) for n in range(3)]
    ReturnOrder.objects.filter(pk=orders[2].pk).update(target_date="2026-01-01")

    pending = clerk.get("/returns/board/").context["columns"][0]

    assert [card["reference"] for card in pending["cards"]] == [
        orders[2].reference,
        orders[0].reference,
    ]
    assert (pending["count"], pending["more"]) == ("3", "1")
    assert pending["more_url"] == "/returns/?queue=all&status=pending"


def test_the_board_costs_the_same_however_many_cards_there_are(clerk, tents, business, bo):
    ask_return(tents)
    few = queries_of(clerk, "/returns/board/")
    for number in range(4):
        ask_return(sell(business, bo, goods(f"P{number}")), issued=number % 2 == 0)

    assert queries_of(clerk, "/returns/board/") == few


def test_a_column_above_its_limit_is_marked_and_takes_more(clerk, ada, tents, business, bo):
    set_column_limits("returns", {"in_progress": 1}, business=None, actor=ada)
    one = ask_return(tents, issued=True)
    two = ask_return(sell(business, bo, goods("BAG")))

    issue_return(two.pk, actor=ada)
    column = clerk.get("/returns/board/").context["columns"][2]

    assert column["over"]
    assert {one.reference, two.reference} == {card["reference"] for card in column["cards"]}
    set_column_limits("returns", {"in_progress": 5}, business=business, actor=ada)
    narrowed = clerk.get("/returns/board/", {"business": str(business.uuid)})
    assert not narrowed.context["columns"][2]["over"]


def test_limits_are_set_on_a_page_of_the_settings(admin_clerk, business):
    asked = {"pending": "7", "in_progress": "", "on_hold": ""}

    done = admin_clerk.post("/settings/board/sales/?next=/sales/board/", asked)

    assert done.headers["Location"] == "/sales/board/"
    assert ColumnLimit.objects.get().most == 7
    assert admin_clerk.get("/sales/board/").context["columns"][0]["limit"] == 7
    assert admin_clerk.post("/settings/board/sales/", {**asked, "pending": "0"}).status_code == 422
    assert admin_clerk.get("/settings/board/nothing/").status_code == 404


def test_sales_orders_have_a_board_of_their_own(clerk, business, bo):
    order = create_order(business=business, customer=bo, actor=SYSTEM)

    shown = clerk.get("/sales/board/")
    assert columns(shown)["pending"] == [order.reference]
    asked = {"verb": "issue", "version": order.version}
    done = clerk.post(f"/sales/{order.uuid}/move/", asked, **JSON)
    assert done.status_code == 200
    assert columns(clerk.get("/sales/board/"))["in_progress"] == [order.reference]
