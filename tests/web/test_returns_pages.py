"""The page of a return and its verbs, as a clerk without JavaScript uses them: plain forms."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from guardian.shortcuts import assign_perm

from returns.models import Comment, Disposition, ReturnOrder
from returns.services import (
    ArrivalInput,
    ReceiveInput,
    edit_return,
    receive_return,
    turn_returns,
)
from rmaproject.access.actors import SYSTEM
from tests.factories import (
    BusinessFactory,
    UserFactory,
    actor_with,
    ask_return,
    goods,
    sell,
)
from tests.web.browser import fill, press, text_of


def test_a_return_goes_from_the_wish_to_complete_by_plain_forms(clerk, business, bo, tents):
    line = tents.lines.get()
    asked = {"customer": "BO", "business": business.uuid, "line": line.uuid, "do": "issue"}
    clerk.post("/returns/new/", {**asked, f"quantity_{line.uuid}": "1"})
    order = ReturnOrder.objects.get()
    back = order.lines.get()
    restock = Disposition.objects.get(code="restock")

    fill(clerk, order, "receive", **{f"quantity_{back.uuid}": "1", "do": "receive"})
    fill(clerk, order, "dispose", **{f"disposition_{back.uuid}": restock.uuid})
    fill(clerk, order, "credit")
    done = press(clerk, order, "complete")

    assert done.status_code == 302
    order.refresh_from_db()
    assert (order.status, order.goods) == ("complete", "received")
    shown = text_of(clerk.get(done.url))
    for words in (
        "asked for the return",
        "issued the return",
        "received goods",
        "decided what becomes of goods",
        "booked the credit",
        "completed the return",
        "on the web",
        "50.00",
        "41.32",
        "8.68",
    ):
        assert words in shown, words


def test_an_illegal_verb_shows_the_return_with_the_reason_and_409(clerk, tents):
    order = ask_return(tents)

    answer = press(clerk, order, "complete")

    assert answer.status_code == 409
    assert "Cannot complete while the status is pending." in text_of(answer)
    order.refresh_from_db()
    assert order.status == "pending"


def test_a_page_opened_before_somebodys_change_cannot_act(clerk, tents):
    order = ask_return(tents)
    bea = actor_with("Manager", username="bea", first_name="Bea", last_name="Boss")
    edit_return(order.pk, {"note": "Call first"}, actor=bea)

    answer = clerk.post(f"/returns/{order.uuid}/issue/", {"version": "1"})

    assert answer.status_code == 412
    assert "Bea Boss changed this since you opened it." in text_of(answer)
    order.refresh_from_db()
    assert order.status == "pending"


def test_a_post_without_a_version_is_refused(clerk, tents):
    order = ask_return(tents)

    answer = clerk.post(f"/returns/{order.uuid}/issue/")

    assert answer.status_code == 428
    order.refresh_from_db()
    assert order.status == "pending"


def test_a_verb_that_does_not_exist_is_not_found(clerk, tents):
    order = ask_return(tents)

    assert clerk.post(f"/returns/{order.uuid}/explode/", {"version": "1"}).status_code == 404
    assert clerk.get(f"/returns/{order.uuid}/issue/").status_code == 405


def test_holding_needs_a_reason_and_shows_it(clerk, tents):
    order = ask_return(tents)

    without = press(clerk, order, "hold", reason=" ")
    held = press(clerk, order, "hold", reason="Waiting for the police report")

    assert without.status_code == 422
    assert held.status_code == 302
    shown = text_of(clerk.get(f"/returns/{order.uuid}/"))
    assert "Held from pending: Waiting for the police report" in shown


def test_a_blocked_verb_says_what_stands_in_its_way(clerk, tents):
    order = ask_return(tents, issued=True)

    shown = text_of(clerk.get(f"/returns/{order.uuid}/"))

    assert "1 have not come; receive or release them." in shown


def test_notes_are_internal_unless_said_otherwise(clerk, tents):
    order = ask_return(tents)

    clerk.post(f"/returns/{order.uuid}/notes/", {"text": "Box is wet"})
    clerk.post(
        f"/returns/{order.uuid}/notes/", {"text": "We look into it", "customer_visible": "on"}
    )
    empty = clerk.post(f"/returns/{order.uuid}/notes/", {"text": "  "})

    notes = list(Comment.objects.order_by("pk").values_list("text", "audience"))
    assert notes == [("Box is wet", "internal"), ("We look into it", "customer")]
    assert empty.status_code == 422


def test_a_viewer_sees_no_buttons_and_is_refused(client, roles, tents):
    order = ask_return(tents, issued=True)
    client.force_login(UserFactory(username="cy", roles=["Viewer"]))

    shown = text_of(client.get(f"/returns/{order.uuid}/"))
    answer = client.post(
        f"/returns/{order.uuid}/cancel/", {"version": str(order.version), "reason": "x"}
    )

    for words in ("Receive goods", "Cancel", "Complete", "Add note", "Announce a parcel"):
        assert words not in shown
    assert answer.status_code == 403
    assert client.get("/returns/new/").status_code == 403
    assert client.get(f"/returns/{order.uuid}/receive/").status_code == 403
    order.refresh_from_db()
    assert order.status == "in_progress"


def test_amounts_are_shown_to_those_who_may_see_credit_notes(client, clerk, roles, tents):
    order = ask_return(tents, issued=True)
    line = order.lines.get()
    receive_return(order.pk, ReceiveInput(lines=[ArrivalInput(line)]), actor=SYSTEM)
    restock = Disposition.objects.get(code="restock")
    fill(clerk, order, "dispose", **{f"disposition_{line.uuid}": restock.uuid})
    fill(clerk, order, "credit")

    client.force_login(UserFactory(username="cy", roles=["Viewer"]))
    pages = [text_of(client.get(f"/returns/{order.uuid}/")), text_of(client.get("/returns/"))]

    assert all("50.00" not in shown and "41.32" not in shown for shown in pages)


def test_what_is_out_of_sight_does_not_exist(client, roles, bo, business, tents):
    mine = ask_return(tents)
    other = BusinessFactory(code="2000", name="Boats & Co")
    theirs = ask_return(sell(other, bo, goods("BOAT")))
    user = UserFactory(username="cy", roles=["Manager"])
    Group.objects.get(name="Manager").permissions.remove(
        Permission.objects.get(codename="see_all_businesses")
    )
    assign_perm("sales.view_business", user, business)
    client.force_login(user)

    listed = text_of(client.get("/returns/"))

    assert str(mine.uuid) in listed
    assert str(theirs.uuid) not in listed
    assert client.get(f"/returns/{theirs.uuid}/").status_code == 404
    for verb in ("edit", "receive", "dispose", "credit", "waive", "release", "parcels", "extra"):
        assert client.get(f"/returns/{theirs.uuid}/{verb}/").status_code == 404, verb
    gone = client.post(f"/returns/{theirs.uuid}/issue/", {"version": "1"})
    assert gone.status_code == 404
    assert text_of(client.get("/search/?q=RMA")).count("RMA-0001") <= 3


def test_while_returns_are_off_every_page_of_a_return_says_so(clerk, tents):
    order = ask_return(tents)
    turn_returns(on=False, actor=SYSTEM)

    for path in ("", "new/", "receive/", f"{order.uuid}/", f"{order.uuid}/receive/"):
        answer = clerk.get(f"/returns/{path}")
        assert answer.status_code == 403, path
        assert "Returns are switched off" in text_of(answer), path
    refused = clerk.post(f"/returns/{order.uuid}/issue/", {"version": "1"})
    assert refused.status_code == 403
    order.refresh_from_db()
    assert order.status == "pending"


def test_what_the_program_did_itself_is_said_once(clerk, tents):
    order = ask_return(tents)

    entry = clerk.get(f"/returns/{order.uuid}/").context["entries"][0]

    assert (entry["who"], entry["text"], entry["door"]) == (
        "The program",
        "asked for the return",
        "",
    )


def test_cancelling_may_be_given_a_reason(clerk, tents):
    order = ask_return(tents)

    shown = text_of(clerk.get(f"/returns/{order.uuid}/"))
    press(clerk, order, "cancel", reason="Asked for it twice")

    order.refresh_from_db()
    assert 'id="reason-cancel"' in shown
    assert (order.status, order.status_reason) == ("cancelled", "Asked for it twice")
