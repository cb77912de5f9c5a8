"""The pages of returns as a clerk without JavaScript uses them: plain forms, plain posts."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from guardian.shortcuts import assign_perm

from returns.models import Comment, Disposition, ReturnOrder
from returns.services import (
    ArrivalInput,
    LineInput,
    ReceiveInput,
    receive_return,
    request_return,
    turn_returns,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.web.lists import paged
from tests.factories import (
    BusinessFactory,
    PartFactory,
    UserFactory,
    actor_with,
    ask_return,
    goods,
    sell,
)


@pytest.fixture
def clerk(client, ada):
    """A browser in which Ada is logged in."""
    client.force_login(ada.user)
    return client


@pytest.fixture
def tents(business, bo):
    """Bo bought two tents for 50.00 each; shipped, invoiced and paid."""
    return sell(business, bo, goods("TENT", "2", "50.00", name="Tent"), reference="SALE-1")


def text_of(answer):
    return answer.content.decode()


def version_on(answer):
    found = re.search(r'name="version" value="(\d+)"', text_of(answer))
    assert found, "The page carries no version."
    return found[1]


def press(client, order, verb, **values):
    """Open the page of the return and press a button of it."""
    opened = client.get(f"/returns/{order.uuid}/")
    given = {"version": version_on(opened), **values}
    return client.post(f"/returns/{order.uuid}/{verb}/", given)


def fill(client, order, verb, **values):
    """Open the form of a verb, and send it."""
    opened = client.get(f"/returns/{order.uuid}/{verb}/")
    assert opened.status_code == 200, text_of(opened)
    given = {"version": version_on(opened), **values}
    return client.post(f"/returns/{order.uuid}/{verb}/", given)


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


def test_the_form_shows_what_the_customer_can_return(clerk, business, bo, tents):
    ask_return(tents, "1")

    shown = text_of(clerk.get(f"/returns/new/?customer={bo.uuid}&business={business.uuid}"))

    assert "SALE-1" in shown
    assert 'value="BO"' in shown
    assert 'data-most="1"' in shown


def test_a_tick_without_a_quantity_means_all_that_is_left(clerk, business, bo, tents):
    line = tents.lines.get()

    clerk.post("/returns/new/", {"customer": "BO", "business": business.uuid, "line": line.uuid})

    assert ReturnOrder.objects.get().lines.get().quantity == 2


def test_more_than_was_sold_is_refused_with_the_figures_and_keeps_the_input(
    clerk, business, bo, tents
):
    line = tents.lines.get()
    asked = {"customer": "BO", "business": business.uuid, "note": "Zipper is broken"}

    answer = clerk.post("/returns/new/", {**asked, f"quantity_{line.uuid}": "3"})

    assert answer.status_code == 422
    assert "Only 2 can be returned, not 3." in text_of(answer)
    assert 'value="3"' in text_of(answer)
    assert "Zipper is broken" in text_of(answer)
    assert not ReturnOrder.objects.exists()


def test_nonsense_in_a_quantity_is_marked_on_its_line_and_never_an_error_page(
    clerk, business, bo, tents
):
    line = tents.lines.get()
    for typed in ("many", "-1", "0", "1e99", "NaN", "1.1234567", "\x00"):
        asked = {"customer": "BO", "business": business.uuid, f"quantity_{line.uuid}": typed}

        answer = clerk.post("/returns/new/", asked)

        assert answer.status_code == 422, typed
        assert not ReturnOrder.objects.exists()


def test_a_part_without_a_known_sale_can_be_asked_back(clerk, business, bo):
    PartFactory(sku="STOVE", name="Stove")
    asked = {"customer": "BO", "business": business.uuid, "blind_1_part": "stove"}

    clerk.post("/returns/new/", {**asked, "quantity_blind_1": "2"})

    line = ReturnOrder.objects.get().lines.get()
    assert (line.part.sku, line.quantity, line.order_line) == ("STOVE", 2, None)


def test_an_ambiguous_customer_name_is_answered_with_the_candidates(clerk, business, bo):
    from tests.factories import CompanyFactory

    CompanyFactory(reference="BO2", name="Bo Jansen")

    answer = clerk.post("/returns/new/", {"customer": "Jans", "business": business.uuid})

    assert answer.status_code == 422
    assert "BO Bo Jansen, BO2 Bo Jansen" in text_of(answer)


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
    from returns.services import edit_return

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


def test_units_that_the_customer_holds_are_ticked_by_serial(clerk, business, bo):
    sell(business, bo, goods("DRILL", "1", serials=("D-1",)))
    form = text_of(clerk.get(f"/returns/new/?customer={bo.uuid}"))
    unit = re.search(r'name="unit" value="([^"]+)"', form)[1]

    clerk.post("/returns/new/", {"customer": "BO", "business": business.uuid, "unit": unit})

    line = ReturnOrder.objects.get().lines.get()
    assert (line.stock_item.serial, line.quantity) == ("D-1", 1)


def test_editing_changes_header_and_lines_together(clerk, business, bo, tents):
    order = ask_return(tents)
    line = order.lines.get()
    PartFactory(sku="STOVE", name="Stove")

    fill(
        clerk,
        order,
        "edit",
        **{
            "target_date": "2026-12-24",
            f"quantity_{line.uuid}": "2",
            "blind_1_part": "STOVE",
            "quantity_blind_1": "1",
        },
    )

    order.refresh_from_db()
    quantities = list(order.lines.order_by("number").values_list("quantity", flat=True))
    assert str(order.target_date) == "2026-12-24"
    assert quantities == [2, 1]


def test_an_edit_that_asks_for_too_much_changes_nothing_and_says_how_much_is_left(clerk, tents):
    order = ask_return(tents)
    line = order.lines.get()

    answer = fill(
        clerk, order, "edit", **{"target_date": "2026-12-24", f"quantity_{line.uuid}": "5"}
    )

    assert answer.status_code == 422
    assert "Only 1 more can be returned." in text_of(answer)
    order.refresh_from_db()
    line.refresh_from_db()
    assert (order.target_date, line.quantity, order.version) == (None, 1, 1)


def test_a_line_is_taken_out_and_its_claim_is_free_again(clerk, tents):
    order = ask_return(tents)
    line = order.lines.get()

    fill(clerk, order, "edit", **{f"remove_{line.uuid}": "on"})

    line.refresh_from_db()
    assert line.void
    assert tents.lines.get().claimed == 0


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


def test_an_extra_line_is_added_changed_and_taken_out(clerk, tents):
    order = ask_return(tents)
    values = {"name": "Restocking fee", "kind": "fee", "quantity": "1", "vat_type": "NORMAL"}
    values |= {"gross_unit_price": "-5", "vat_percent": "21"}

    fill(clerk, order, "extra", **values)
    line = order.extra_lines.get()
    changed = fill(clerk, order, f"extra/{line.uuid}", **{**values, "gross_unit_price": "-7,50"})
    line.refresh_from_db()
    price = line.gross_unit_price
    fill(clerk, order, f"extra/{line.uuid}", remove="on")

    assert changed.status_code == 302
    assert price == Decimal("-7.5")
    line.refresh_from_db()
    assert line.void


def test_an_announced_parcel_is_offered_at_the_dock(clerk, tents):
    order = ask_return(tents, issued=True)

    clerk.post(f"/returns/{order.uuid}/parcels/", {"carrier": "PostNL", "tracking_number": "3SABC"})
    parcel = order.parcels.get()
    fill(clerk, order, "receive", do="all", parcel=parcel.uuid)

    assert order.receipts.get().parcel == parcel
    assert "3SABC" in text_of(clerk.get(f"/returns/{order.uuid}/"))


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
    from django.contrib.auth.models import Group, Permission

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


def test_the_queues_hold_what_belongs_to_them(clerk, tents, business, bo):
    pending = ask_return(tents)
    coming = ask_return(sell(business, bo, goods("BAG")), issued=True)
    here = ask_return(sell(business, bo, goods("MAP")), issued=True)
    receive_return(here.pk, ReceiveInput(lines=[ArrivalInput(here.lines.get())]), actor=SYSTEM)
    queues = {"": 3, "pending": 1, "receive": 1, "decide": 1, "credit": 0, "hold": 0, "closed": 0}

    for queue, size in queues.items():
        shown = clerk.get("/returns/", {"queue": queue})
        assert len(shown.context["returns"]) == size, queue
    counts = {row["label"]: row["count"] for row in clerk.get("/returns/").context["tabs"]}
    assert counts["Pending"] == "1"
    assert counts["To decide"] == "1"
    dock = clerk.get("/returns/receive/")
    assert [row["reference"] for row in dock.context["returns"]] == [coming.reference]
    assert pending.reference not in text_of(dock)


def test_a_return_is_found_by_reference_customer_and_tracking_number(clerk, tents):
    order = ask_return(tents, issued=True)
    clerk.post(f"/returns/{order.uuid}/parcels/", {"tracking_number": "3SABC"})

    for query in (order.reference.lower(), "jansen", "BO", "3sab"):
        shown = clerk.get("/returns/", {"q": query})
        assert len(shown.context["returns"]) == 1, query
    assert not clerk.get("/returns/", {"q": "nobody"}).context["returns"]
    assert clerk.get("/returns/", {"customer": str(order.customer.uuid)}).context["returns"]


def test_the_list_turns_its_pages_without_gap_or_repeat(clerk, business, bo, monkeypatch):
    monkeypatch.setitem(paged.__kwdefaults__, "size", 2)
    made = [
        request_return(business=business, customer=bo, actor=SYSTEM).reference for _ in range(5)
    ]

    first = clerk.get("/returns/")
    second = clerk.get(first.context["page"]["next_url"])
    third = clerk.get(second.context["page"]["next_url"])
    again = clerk.get(third.context["page"]["previous_url"])

    pages = [
        [row["reference"] for row in shown.context["returns"]] for shown in (first, second, third)
    ]
    assert [*pages[0], *pages[1], *pages[2]] == made[::-1]
    assert [row["reference"] for row in again.context["returns"]] == pages[1]
    assert not third.context["page"]["next_url"]
    assert not first.context["page"]["previous_url"]


def queries_of(client, url):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(seen)


def test_the_list_costs_the_same_for_one_return_and_for_twelve(clerk, tents, business, bo):
    ask_return(tents, issued=True)
    one = queries_of(clerk, "/returns/")
    for number in range(11):
        ask_return(sell(business, bo, goods(f"BAG-{number}")), issued=True)

    assert queries_of(clerk, "/returns/") == one
    assert one <= 24


def test_the_page_of_a_return_costs_the_same_for_one_line_and_for_twelve(clerk, business, bo):
    small = sell(business, bo, goods("BAG"))
    large = sell(business, bo, *(goods(f"BAG-{number}") for number in range(12)))
    costs = []
    for sale in (small, large):
        order = ask_return(sale, issued=True)
        arrivals = [ArrivalInput(line) for line in order.lines.all()]
        receive_return(order.pk, ReceiveInput(lines=arrivals), actor=SYSTEM)
        urls = ("", "receive/", "dispose/", "edit/")
        costs.append([queries_of(clerk, f"/returns/{order.uuid}/{url}") for url in urls])

    assert costs[0] == costs[1]
    assert max(costs[0]) <= 36


def test_the_request_form_costs_the_same_for_one_sale_and_for_twelve(clerk, business, bo):
    sell(business, bo, goods("BAG"))
    url = f"/returns/new/?customer={bo.uuid}"
    one = queries_of(clerk, url)
    for number in range(11):
        sell(business, bo, goods(f"BAG-{number}"))

    assert queries_of(clerk, url) == one


def test_a_line_of_the_request_names_its_own_reason(clerk, business, bo, tents):
    from returns.models import Reason

    line, reason = tents.lines.get(), Reason.objects.get(code="defective")
    asked = {"customer": "BO", "business": business.uuid, f"quantity_{line.uuid}": "1"}

    clerk.post("/returns/new/", {**asked, f"reason_{line.uuid}": reason.uuid})

    assert ReturnOrder.objects.get().lines.get().reason == reason


def test_a_unit_asked_back_twice_is_refused_with_a_sentence(clerk, business, bo):
    sell(business, bo, goods("DRILL", "1", serials=("D-1",)))
    form = text_of(clerk.get(f"/returns/new/?customer={bo.uuid}"))
    unit = re.search(r'name="unit" value="([^"]+)"', form)[1]
    given = {"customer": "BO", "business": business.uuid, "unit": unit}
    from stock.models import StockItem

    item = StockItem.objects.get(serial="D-1")
    request_return(business=business, customer=bo, actor=SYSTEM, lines=[LineInput(stock_item=item)])

    answer = clerk.post("/returns/new/", given)

    assert ReturnOrder.objects.filter(lines__stock_item=item).count() == 1
    assert answer.status_code in (302, 409, 422)


def test_editing_keeps_a_reason_that_is_offered_no_more(clerk, business, bo, tents):
    from returns.models import Reason
    from returns.services.codes import save_reason

    reason = Reason.objects.get(code="defective")
    line = LineInput(Decimal(1), order_line=tents.lines.get(), reason=reason)
    order = request_return(business=business, customer=bo, actor=SYSTEM, lines=[line])
    save_reason({"active": False}, actor=SYSTEM, reason=reason)
    form = text_of(clerk.get(f"/returns/{order.uuid}/edit/"))
    key = order.lines.get().uuid
    select = form.split(f'name="reason_{key}"')[1].split("</select>")[0]

    assert f'<option value="{reason.uuid}" selected>' in select
