"""Goods at the dock and the credit for them, by plain forms."""

from __future__ import annotations

from returns.models import Disposition
from returns.services import (
    ArrivalInput,
    ReceiveInput,
    edit_return,
    receive_return,
)
from rmaproject.access.actors import SYSTEM
from tests.factories import (
    UserFactory,
    actor_with,
    ask_return,
    goods,
    sell,
)
from tests.returns.steps import receive
from tests.web.browser import fill, text_of, version_on


def test_more_than_is_expected_is_refused_at_the_dock_with_the_figure(clerk, tents):
    order = ask_return(tents, issued=True)
    line = order.lines.get()

    answer = fill(clerk, order, "receive", **{f"quantity_{line.uuid}": "2"})

    assert answer.status_code == 422
    assert "Only 1 of this line are expected, not 2" in text_of(answer)
    assert 'value="2"' in text_of(answer)
    line.refresh_from_db()
    assert line.received == 0


def test_surplus_wrong_and_unknown_goods_are_kept(clerk, tents):
    order = ask_return(tents, issued=True)
    given = {
        "unexpected_1_code": "tent",
        "unexpected_1_quantity": "1",
        "unexpected_2_description": "A red mug",
    }

    fill(clerk, order, "receive", do="all", **given)

    lines = list(order.lines.order_by("number"))
    assert [(line.unexpected, line.received) for line in lines] == [
        (False, 1),
        (True, 1),
        (True, 1),
    ]
    assert lines[1].part.sku == "TENT"
    assert lines[2].description == "A red mug"


def test_the_dock_names_the_units_of_a_serialized_part(clerk, business, bo):
    sale = sell(business, bo, goods("DRILL", "2", serials=("D-1", "D-2")))
    order = ask_return(sale, "2", issued=True)
    key = order.lines.get().uuid

    none = fill(clerk, order, "receive", do="all")
    both = fill(clerk, order, "receive", **{f"serial_{key}": "d-1, D-2"})

    assert none.status_code == 422
    assert "2 units need 2 serial numbers; 0 are given." in text_of(none)
    assert both.status_code == 302
    assert "D-1, D-2" in text_of(clerk.get(f"/returns/{order.uuid}/"))


def test_released_and_waived_goods_are_counted_apart(clerk, tents):
    order = ask_return(tents, issued=True)
    line = order.lines.get()

    fill(clerk, order, "release", **{f"quantity_{line.uuid}": "1"})
    fill(clerk, order, "waive", **{f"quantity_{line.uuid}": "1", "reason": "Lost by the carrier"})

    line.refresh_from_db()
    assert (line.released, line.waived) == (1, 1)
    shown = text_of(clerk.get(f"/returns/{order.uuid}/"))
    assert "1 released" in shown
    assert "Lost by the carrier" in shown


def test_an_announced_parcel_is_offered_at_the_dock(clerk, tents):
    order = ask_return(tents, issued=True)

    clerk.post(f"/returns/{order.uuid}/parcels/", {"carrier": "PostNL", "tracking_number": "3SABC"})
    parcel = order.parcels.get()
    fill(clerk, order, "receive", do="all", parcel=parcel.uuid)

    assert order.receipts.get().parcel == parcel
    assert "3SABC" in text_of(clerk.get(f"/returns/{order.uuid}/"))


def test_who_edits_returns_and_receives_none_announces_a_parcel(client, tents, roles):
    order = ask_return(tents, issued=True)
    client.force_login(UserFactory(username="cleo", roles=["Service agent"]))

    page = text_of(client.get(f"/returns/{order.uuid}/"))
    answer = client.post(f"/returns/{order.uuid}/parcels/", {"tracking_number": "3SABC"})

    assert "Announce a parcel" in page
    assert answer.status_code == 302
    assert order.parcels.get().tracking_number == "3SABC"


def test_what_is_shown_before_booking_is_what_is_booked(clerk, tents):
    order = ask_return(tents, issued=True)
    line = order.lines.get()
    receive_return(order.pk, ReceiveInput(lines=[ArrivalInput(line)]), actor=SYSTEM)
    restock = Disposition.objects.get(code="restock")
    fill(clerk, order, "dispose", **{f"disposition_{line.uuid}": restock.uuid})

    shown = text_of(clerk.get(f"/returns/{order.uuid}/credit/"))
    before = tents.business.accounts.get().credit_notes.count()
    fill(clerk, order, "credit")

    note = tents.business.accounts.get().credit_notes.get()
    assert before == 0
    assert (str(note.net), str(note.gross)) == ("41.3200", "50.0000")
    assert "41.32" in shown
    assert note.reference.endswith("00001")


def test_a_count_goes_on_after_somebody_else_changed_the_return(clerk, tents):
    order = ask_return(tents, "2", issued=True)
    line = order.lines.get()
    page = f"/returns/{order.uuid}/receive/"
    given = {"version": version_on(clerk.get(page)), f"quantity_{line.uuid}": "2"}
    leonie = actor_with("Manager", username="leonie", first_name="Leonie")
    edit_return(order.pk, {"customer_reference": "PO-7"}, actor=leonie)

    met = clerk.post(page, given)
    again = clerk.post(page, {**given, "version": version_on(met)})

    told = text_of(met)
    assert met.status_code == 412
    assert "<b>Leonie</b> changed the return" in told
    assert "What you entered is still below." in told
    assert 'value="2"' in told
    assert again.status_code == 302
    assert order.lines.get().received == 2


def test_an_inspection_is_kept_after_somebody_else_changed_the_return(clerk, tents):
    order = ask_return(tents, "1", issued=True)
    line = order.lines.get()
    receive(line)
    page = f"/returns/{order.uuid}/inspect/?line={line.uuid}"
    given = {"version": version_on(clerk.get(page)), f"note_{line.uuid}": "Torn seam"}
    leonie = actor_with("Manager", username="leonie", first_name="Leonie")
    edit_return(order.pk, {"customer_reference": "PO-7"}, actor=leonie)

    met = clerk.post(page, {**given, f"verdict_{line.uuid}": "accepted"})

    assert met.status_code == 412
    assert "<b>Leonie</b> changed the return" in text_of(met)
    assert "Torn seam" in text_of(met)
