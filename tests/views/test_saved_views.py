"""Saved views: whose they are, who opens them, and what becomes of what they cannot find."""

from __future__ import annotations

import pytest

from rmaproject.access.models import User
from rmaproject.shared.errors import NotPermitted
from rmaproject.views.models import ListPreference, SavedView
from rmaproject.views.services import rename_view, save_view, share_view
from tests.factories import UserFactory, actor_with, ask_return, goods, sell
from tests.web.browser import text_of


@pytest.fixture
def clerk(client, ada):
    client.force_login(ada.user)
    return client


@pytest.fixture
def two_returns(business, bo):
    """One that waits to be issued, and one whose goods are on their way."""
    pending = ask_return(sell(business, bo, goods("TENT")))
    coming = ask_return(sell(business, bo, goods("BAG")), issued=True)
    return pending, coming


def references(answer):
    return [row["reference"] for row in answer.context["returns"]]


def test_a_saved_view_opens_the_same_rows_columns_and_order_again(clerk, two_returns):
    state = "queue=all&status=pending&sort=-target_date&cols=customer,deadline"

    saved = clerk.post("/lists/returns/views/", {"name": "Waiting for us", "state": state})

    assert saved.url == "/returns/?view=waiting-for-us"
    opened = clerk.get(saved.url)
    assert references(opened) == [two_returns[0].reference]
    shown = [head["column"].key for head in opened.context["heads"]]
    assert shown == ["reference", "customer", "deadline"]
    assert opened.context["views"]["current"]["changed"] is False


def test_a_view_is_private_until_it_is_shared(clerk, ada, client, two_returns):
    view = save_view("returns", "Mine", actor=ada, query="status=pending")
    other = UserFactory(username="vi", roles=["Viewer"])
    client.force_login(other)

    assert client.get("/returns/?view=mine").status_code == 404
    share_view(view.pk, shared=True, actor=ada)
    assert references(client.get("/returns/?view=mine")) == [two_returns[0].reference]


def test_sharing_needs_the_right(roles, business):
    viewer = actor_with("Viewer", username="vi")
    view = save_view("returns", "Mine", actor=viewer, query="")

    with pytest.raises(NotPermitted):
        share_view(view.pk, shared=True, actor=viewer)
    with pytest.raises(NotPermitted):
        save_view("returns", "Ours", actor=viewer, query="", shared=True)


def test_a_shared_view_is_changed_by_its_owner_and_by_who_keeps_the_settings(ada, roles):
    view = save_view("returns", "Ours", actor=ada, query="", shared=True)
    colleague = actor_with("Manager", username="mo")
    keeper = actor_with("Administrator", username="root")

    with pytest.raises(NotPermitted):
        rename_view(view.pk, "Theirs", actor=colleague)
    assert rename_view(view.pk, "Everybody’s", actor=keeper).name == "Everybody’s"


def test_what_a_view_cannot_find_any_more_is_left_out_with_a_sentence(clerk, ada, two_returns):
    save_view(
        "returns",
        "Old",
        actor=ada,
        query="queue=all&status=pending&custom.gone=1&due_from=soon",
        columns=["customer", "colour"],
    )

    opened = clerk.get("/returns/?view=old")

    assert references(opened) == [two_returns[0].reference]
    assert [head["column"].key for head in opened.context["heads"]] == ["reference", "customer"]
    (note,) = opened.context["notes"]
    assert note.endswith("was left out: Due from, custom.gone, colour.")


def test_the_list_starts_with_the_view_that_somebody_chose(clerk, ada, two_returns):
    view = save_view("returns", "Mine", actor=ada, query="queue=all&status=pending")
    clerk.post("/lists/returns/views/mine/", {"do": "start", "state": ""})

    assert references(clerk.get("/returns/")) == [two_returns[0].reference]
    assert len(references(clerk.get("/returns/?queue=open"))) == 2
    clerk.post("/lists/returns/views/mine/", {"do": "delete", "state": ""})
    assert not SavedView.objects.filter(pk=view.pk).exists()
    assert len(references(clerk.get("/returns/"))) == 2


def test_a_changed_view_is_updated_under_its_own_address(clerk, ada, two_returns):
    save_view("returns", "Mine", actor=ada, query="queue=all&status=pending")
    changed = clerk.get("/returns/?of=mine&queue=all&status=in_progress")
    assert changed.context["views"]["current"]["changed"] is True

    state = changed.context["state"]
    clerk.post("/lists/returns/views/mine/", {"do": "update", "state": state})

    assert references(clerk.get("/returns/?view=mine")) == [two_returns[1].reference]


def test_one_name_is_given_once_by_each(clerk, ada, business):
    save_view("returns", "Mine", actor=ada, query="")

    answer = clerk.post("/lists/returns/views/", {"name": "mine", "state": ""}, follow=True)

    assert "You have a view of this name" in text_of(answer)
    assert SavedView.objects.count() == 1


def test_columns_are_kept_for_each_user_and_reset(clerk, ada, two_returns):
    order = ["target_date", "customer", "status"]
    clerk.post("/lists/returns/columns/", {"order": order, "shown": order[:2], "state": ""})
    shown = clerk.get("/returns/").context["heads"]
    assert [head["column"].key for head in shown] == ["reference", "target_date", "customer"]

    clerk.post("/lists/returns/columns/", {"order": order, "shown": order[:2], "up": "customer"})
    shown = clerk.get("/returns/").context["heads"]
    assert [head["column"].key for head in shown] == ["reference", "customer", "target_date"]

    ListPreference.objects.update(columns=["colour"])
    assert clerk.get("/returns/").status_code == 200
    clerk.post("/lists/returns/columns/", {"reset": "1"})
    assert len(clerk.get("/returns/").context["heads"]) > 5


def test_the_rest_lists_are_narrowed_by_a_view_too(ada, two_returns):
    from tests.api.caller import Caller

    save_view("returns", "Mine", actor=ada, query="queue=all&status=pending")
    caller = Caller(User.objects.get(username="ada"))

    rows = caller.get("/returns/?view=mine").json()["results"]
    assert [row["reference"] for row in rows] == [two_returns[0].reference]
    assert caller.get("/returns/?view=nothing").status_code == 404
