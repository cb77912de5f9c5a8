"""Counting at the dock: each scan is kept at once, and one receipt books them all."""

from __future__ import annotations

import pytest

from returns.models import Count, CountScan, Receipt, ReturnLine, ReturnOrder, ScanVerdict
from returns.services import LineInput, add_parcel
from returns.services.counts import (
    Command,
    cancel_count,
    choose_meaning,
    finish_count,
    live_count,
    name_unknown,
    open_count,
    park_count,
    reopen_count,
    resume_count,
    scan_code,
    set_carton,
    step_line,
    step_unexpected,
    tally_of,
    undo_scan,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation
from stock.models import StockItem
from tests.factories import LocationFactory, PartFactory, actor_with, ask_return, goods, sell
from tests.returns.steps import D, dispose, receive, request


@pytest.fixture
def tents(business, bo):
    """Bo sends two of three tents and a stove back."""
    order = sell(
        business,
        bo,
        goods("TENT", "3", "50.00", name="Tent"),
        goods("4006825631142", "2", "9.00", name="Stove"),
        reference="SALE-1",
    )
    tent, stove = order.lines.order_by("number")
    return request(order, LineInput(D("2"), order_line=tent), LineInput(D("1"), order_line=stove))


@pytest.fixture
def drills(business, bo):
    """Bo sends two drills back, one by its serial number and one of the sale."""
    order = sell(
        business,
        bo,
        goods("DRILL", "3", "80.00", name="Drill", serials=("S1", "S2", "S3")),
        reference="SALE-2",
    )
    line = order.lines.get()
    unit = StockItem.objects.get(serial="S1")
    return request(order, LineInput(stock_item=unit), LineInput(D("1"), order_line=line))


def scan(rma, code, **values):
    return scan_code(rma.pk, code, actor=values.pop("actor", SYSTEM), **values)


def verdicts(rma):
    rows = CountScan.objects.filter(count__return_order=rma).order_by("pk")
    return [(row.code, row.verdict, row.quantity) for row in rows]


def tally(rma):
    return tally_of(rma, live_count(rma))


def test_the_first_scan_opens_the_count_and_each_is_kept(tents):
    scan(tents, "tent")
    scan(tents, "(01)04006825631142")

    assert verdicts(tents) == [("tent", "good", D("1")), ("4006825631142", "good", D("1"))]
    assert live_count(tents).state == "open"
    assert [line.part.sku for line in tally(tents).short] == ["TENT"]


def test_one_return_is_counted_by_one_count(tents):
    first = open_count(tents.pk, actor=SYSTEM)

    assert open_count(tents.pk, actor=SYSTEM) == first
    assert Count.objects.count() == 1


def test_a_scan_sent_twice_counts_once(tents):
    scan(tents, "TENT", key="a")
    again = scan(tents, "TENT", key="a")

    assert [row.key for row in again.rows] == ["a"]
    assert tally(tents).units == D("1")


def test_a_scan_repeated_after_the_count_was_finished_opens_no_other(tents):
    scan(tents, "TENT", key="a")
    finish_count(tents.pk, actor=SYSTEM, short_ok=True)

    scan(tents, "TENT", key="a")

    assert live_count(tents) is None


def test_more_than_expected_is_unexpected_and_nothing_is_refused(tents):
    scan(tents, "QTY 3")
    scan(tents, "TENT")

    assert verdicts(tents)[1:] == [("TENT", "good", D("2")), ("TENT", "unexpected", D("1"))]
    assert [pile.quantity for pile in tally(tents).piles] == [D("1")]


def test_a_unit_scanned_twice_is_told_with_who_counted_it(drills, ada):
    scan(drills, "s1", actor=ada)
    (row,) = scan(drills, "S1").rows

    assert row.verdict == ScanVerdict.DUPLICATE
    assert row.facts["by"] == "ada"
    assert tally(drills).units == D("1")


def test_a_unit_that_was_received_before_is_a_duplicate(drills, ada):
    scan(drills, "S1", actor=ada)
    finish_count(drills.pk, actor=ada, short_ok=True)

    (row,) = scan(drills, "S1").rows

    assert (row.verdict, row.facts["by"]) == ("duplicate", "ada")


def test_a_unit_of_the_sale_counts_for_the_line_by_quantity(drills):
    (row,) = scan(drills, "S2").rows
    (surplus,) = scan(drills, "S3").rows

    assert (row.verdict, row.line.number) == ("good", 2)
    assert surplus.verdict == ScanVerdict.UNEXPECTED


def test_a_unit_of_another_customer_is_unexpected(drills, business, cy):
    sell(business, cy, goods("SAW", "1", "5.00", serials=("S9",)), reference="SALE-3")

    (row,) = scan(drills, "S9").rows

    assert (row.verdict, row.serial) == ("unexpected", "S9")


def test_the_sku_of_a_serialized_part_asks_for_its_serial(drills):
    (row,) = scan(drills, "DRILL").rows

    assert (row.verdict, row.facts) == ("unknown", {"why": "serial"})


def test_an_unknown_code_is_kept_until_somebody_says_what_it_is(tents):
    (row,) = scan(tents, "77120").rows
    assert row.verdict == ScanVerdict.UNKNOWN

    name_unknown(tents.pk, row.uuid, description="A brown hat", actor=SYSTEM)

    (pile,) = tally(tents).piles
    assert (pile.first.description, pile.first.code) == ("A brown hat", "77120")
    with pytest.raises(NotFound):
        name_unknown(tents.pk, row.uuid, description="A brown hat", actor=SYSTEM)


def test_an_unknown_code_may_be_another_known_one(tents):
    (row,) = scan(tents, "77120").rows

    name_unknown(tents.pk, row.uuid, code="TENT", actor=SYSTEM)

    assert tally(tents).counted(tents.lines.get(number=1)) == D("1")


def test_saying_nothing_names_nothing(tents):
    (row,) = scan(tents, "77120").rows

    with pytest.raises(RuleViolation) as refused:
        name_unknown(tents.pk, row.uuid, actor=SYSTEM)

    assert refused.value.code == "nothing_named"


def test_a_code_of_several_things_asks_and_swallows_no_next_scan(tents):
    LocationFactory(code="HAT")
    PartFactory(sku="HAT")
    (asked,) = scan(tents, "HAT").rows
    scan(tents, "TENT")

    assert asked.verdict == ScanVerdict.AMBIGUOUS
    kinds = {offer["kind"]: offer["key"] for offer in asked.facts["offered"]}
    assert sorted(kinds) == ["location", "part"]

    choose_meaning(tents.pk, asked.uuid, kinds["part"], actor=SYSTEM)

    assert tally(tents).units == D("2")
    assert [pile.first.part.sku for pile in tally(tents).piles] == ["HAT"]


def test_what_is_expected_here_goes_before_what_else_a_code_may_mean(tents):
    LocationFactory(code="TENT")

    (row,) = scan(tents, "TENT").rows

    assert row.verdict == ScanVerdict.GOOD


def test_a_location_takes_what_is_scanned_after_it_until_it_is_undone(tents):
    LocationFactory(code="W-04")
    scan(tents, "W-04")
    (row,) = scan(tents, "TENT").rows
    assert row.location.code == "W-04"

    undo_scan(tents.pk, actor=SYSTEM)
    undo_scan(tents.pk, actor=SYSTEM)

    assert live_count(tents).location is None
    assert tally(tents).live == []


def test_undo_by_scan_takes_the_last_one_back_and_then_says_that_nothing_is_left(tents):
    scan(tents, "TENT")
    scan(tents, "UNDO")

    assert tally(tents).units == D("0")
    with pytest.raises(Conflict) as refused:
        scan(tents, "UNDO")
    assert refused.value.code == "nothing_to_undo"


def test_finish_and_park_are_for_the_caller_to_follow(tents):
    scan(tents, "TENT")

    assert scan(tents, "FINISH").command is Command.FINISH
    assert scan(tents, "PARK").command is Command.PARK
    assert live_count(tents).state == "open"


def test_a_parked_count_goes_on_with_somebody_else(tents, ada):
    scan(tents, "TENT")
    park_count(tents.pk, actor=SYSTEM)
    assert live_count(tents).state == "parked"

    resume_count(tents.pk, actor=ada)

    count = live_count(tents)
    assert (count.state, count.worker) == ("open", ada.user)
    assert tally(tents).units == D("1")


def test_steps_set_what_a_line_counts(tents):
    line = tents.lines.get(number=1)
    step_line(tents.pk, line, D("2"), actor=SYSTEM)
    step_line(tents.pk, line, D("1"), actor=SYSTEM)

    assert tally(tents).counted(line) == D("1")
    with pytest.raises(RuleViolation) as refused:
        step_line(tents.pk, line, D("3"), actor=SYSTEM)
    assert refused.value.facts == {"expected": "2"}


def test_units_go_out_again_by_their_newest_scan(drills):
    line = drills.lines.get(number=2)
    with pytest.raises(RuleViolation) as refused:
        step_line(drills.pk, line, D("1"), actor=SYSTEM)
    assert refused.value.code == "serial_missing"
    scan(drills, "S2")

    step_line(drills.pk, line, D("0"), actor=SYSTEM)

    assert tally(drills).units == D("0")


def test_unexpected_goods_are_stepped_too(tents):
    PartFactory(sku="HAT")
    (row,) = scan(tents, "HAT").rows
    step_unexpected(tents.pk, row.uuid, D("4"), actor=SYSTEM)
    assert [pile.quantity for pile in tally(tents).piles] == [D("4")]

    step_unexpected(tents.pk, row.uuid, D("0"), actor=SYSTEM)
    assert tally(tents).piles == []


def test_finishing_tells_what_is_short_before_it_books(tents):
    scan(tents, "TENT")

    with pytest.raises(RuleViolation) as refused:
        finish_count(tents.pk, actor=SYSTEM)

    assert refused.value.code == "count_short"
    missing = [(row["number"], row["missing"]) for row in refused.value.facts["short"]]
    assert missing == [(1, "1"), (2, "1")]
    assert not Receipt.objects.exists()


def test_a_count_becomes_one_receipt(tents):
    place = LocationFactory(code="W-04")
    PartFactory(sku="HAT", name="Hat")
    add_parcel(tents.pk, {"tracking_number": "3SABC"}, actor=SYSTEM)
    for code in ("3SABC", "W-04", "TENT", "TENT", "4006825631142", "HAT"):
        scan(tents, code)
    set_carton(tents.pk, "dented", actor=SYSTEM)

    receipt = finish_count(tents.pk, actor=SYSTEM)

    booked = [(row.line.number, row.quantity, row.location) for row in receipt.lines.order_by("pk")]
    assert booked == [(1, D("2"), place), (2, D("1"), place), (3, D("1"), place)]
    assert (receipt.parcel.tracking_number, receipt.note) == ("3SABC", "The carton was dented.")
    assert tents.lines.get(number=3).unexpected
    assert Count.objects.get().receipt == receipt


def test_what_was_received_meanwhile_becomes_unexpected(tents):
    scan(tents, "TENT", quantity=D("2"))
    receive(tents.lines.get(number=1), "1")

    finish_count(tents.pk, actor=SYSTEM, short_ok=True)

    assert tents.lines.get(number=1).received == D("2")
    assert tents.lines.get(unexpected=True).received == D("1")


def test_an_empty_count_is_not_booked(tents):
    open_count(tents.pk, actor=SYSTEM)

    with pytest.raises(RuleViolation) as refused:
        finish_count(tents.pk, actor=SYSTEM)

    assert refused.value.code == "nothing_received"


def test_a_count_is_thrown_away_for_a_reason_and_books_nothing(tents):
    scan(tents, "TENT")
    with pytest.raises(RuleViolation) as refused:
        cancel_count(tents.pk, actor=SYSTEM, reason=" ")
    assert refused.value.code == "reason_required"

    cancel_count(tents.pk, actor=SYSTEM, reason="wrong parcel")

    assert live_count(tents) is None
    assert not Receipt.objects.exists()


def test_a_reopened_receipt_is_counted_again_from_where_it_ended(drills):
    scan(drills, "S1")
    scan(drills, "S2")
    first = finish_count(drills.pk, actor=SYSTEM)

    count = reopen_count(first.pk, actor=SYSTEM, reason="one more was in it")

    assert count.reopens == first
    assert tally(drills).units == D("2")
    assert [row.received for row in drills.lines.order_by("number")] == [D("0"), D("0")]
    second = finish_count(drills.pk, actor=SYSTEM)
    assert second.lines.count() == 2


def test_a_typed_receipt_is_counted_again_too(tents):
    receipt = receive(tents.lines.get(number=1), "2")

    reopen_count(receipt.pk, actor=SYSTEM, reason="typed wrongly")

    assert tally(tents).counted(tents.lines.get(number=1)) == D("2")


def test_a_receipt_whose_goods_have_left_is_not_reopened(business, bo):
    order = sell(business, bo, goods("TENT", "1", "50.00"))
    rma = ask_return(order, issued=True)
    scan(rma, "TENT")
    receipt = finish_count(rma.pk, actor=SYSTEM)
    dispose(rma.lines.get(), "restock")
    item = StockItem.objects.get(part__sku="TENT", state="available")
    StockItem.objects.filter(pk=item.pk).update(quantity=0)

    with pytest.raises(Conflict) as refused:
        reopen_count(receipt.pk, actor=SYSTEM, reason="late")

    assert refused.value.code == "stock_moved_on"
    assert live_count(rma) is None


def test_a_return_that_is_not_received_is_not_counted(business, bo):
    rma = ask_return(sell(business, bo, goods("TENT", "1", "50.00")))

    with pytest.raises(Conflict) as refused:
        scan(rma, "TENT")

    assert refused.value.code == "illegal_transition"


def test_two_people_scan_into_the_same_count(tents, ada):
    bea = actor_with("Manager", username="bea")
    scan(tents, "TENT", actor=ada)
    scan(tents, "TENT", actor=bea)

    assert {row.actor.username for row in tally(tents).counting} == {"ada", "bea"}
    assert ReturnLine.objects.filter(return_order=tents, received__gt=0).count() == 0
    assert ReturnOrder.objects.get(pk=tents.pk).version == tents.version
