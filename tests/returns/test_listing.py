"""A pasted list: every row is understood, or says what is wrong with it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from returns.services import LineInput, request_return
from returns.services.listing import match_list
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import RuleViolation
from tests.factories import ask_return, goods, sell


def read(text, **known):
    return match_list(text, actor=SYSTEM, **known)


def codes(listed):
    return [row.code for row in listed.rows]


@pytest.fixture
def bought(business, bo):
    """Bo bought three tents, and drills D-1 and D-2."""
    return sell(
        business,
        bo,
        goods("TENT", "3", "50.00", name="Tent"),
        goods("DRILL", "2", serials=("D-1", "D-2")),
        reference="SALE-1",
    )


def test_serials_orders_and_skus_become_lines_of_the_customer_who_bought_them(bought, bo):
    listed = read("d-1\nTENT;2")

    tent, drill = listed.lines
    assert listed.customer == bo
    assert codes(listed) == ["", ""]
    assert (tent.order_line.part.sku, tent.quantity) == ("TENT", 2)
    assert drill.stock_item.serial == "D-1"


def test_an_order_number_means_all_that_is_left_of_it(bought):
    ask_return(bought, "1")

    listed = read("sale-1")

    assert [(line.quantity, getattr(line.stock_item, "serial", "")) for line in listed.lines] == [
        (2, ""),
        (1, "D-1"),
    ]


def test_columns_of_a_spreadsheet_are_read_by_tab(bought, business, bo):
    listed = read('TENT\t2\n\n"DRILL"\tD-2', customer=bo, business=business)

    assert codes(listed) == ["", ""]
    assert listed.rows[1].number == 3
    assert [line.quantity for line in listed.lines] == [2, 1]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NOBODY-KNOWS", "not_found"),
        ("TENT;4", "too_many"),
        ("TENT;many", "quantity_unclear"),
        ("TENT;-1", "quantity_unclear"),
        ("TENT;1e400", "quantity_unclear"),
        ("DRILL;1", "serial_needed"),
        ("SALE-1;2", "quantity_of_many"),
    ],
)
def test_a_row_that_means_nothing_says_why(bought, business, bo, text, code):
    listed = read(text, customer=bo, business=business)

    assert codes(listed) == [code]
    assert listed.lines == []
    assert listed.rows[0].message


def test_a_part_alone_does_not_say_whose_it_is(bought):
    assert codes(read("TENT")) == ["customer_needed"]


def test_a_list_never_asks_for_more_than_is_left_in_all_its_rows(bought):
    listed = read("SALE-1\nTENT;1\nD-1")

    assert codes(listed) == ["", "nothing_left", "twice"]


def test_goods_of_two_customers_in_one_list_are_told_apart(bought, business, bo, cy):
    sell(business, cy, goods("DRILL", "1", serials=("D-9",)))

    listed = read("D-1\nD-9")

    assert codes(listed) == ["", "other_customer"]
    assert listed.rows[1].candidates == ["Cy Stranger"]
    assert [who.reference for who, _business in listed.parties] == ["BO", "CY"]


def test_one_serial_on_two_parts_asks_which(bought, business, bo):
    sell(business, bo, goods("SAW", "1", serials=("D-1",)))

    listed = read("D-1\nSAW;D-1")

    assert codes(listed) == ["ambiguous", ""]
    assert sorted(listed.rows[0].candidates) == ["DRILL;D-1", "SAW;D-1"]


def test_a_unit_that_is_announced_already_is_not_found_twice(bought, business, bo):
    item = read("D-1").lines[0].stock_item
    request_return(business=business, customer=bo, actor=SYSTEM, lines=[LineInput(stock_item=item)])

    assert codes(read("D-1\nD-2")) == ["not_found", ""]


def test_more_rows_than_anybody_reads_are_refused(business):
    with pytest.raises(RuleViolation) as refusal:
        match_list("X\n" * 501, actor=SYSTEM)

    assert refusal.value.code == "too_many"


def test_a_long_list_needs_no_more_queries_than_a_short_one(bought, business, bo):
    with CaptureQueriesContext(connection) as few:
        read("TENT;1\nD-1")
    sell(business, bo, *(goods(f"P-{n}", "1") for n in range(20)))
    sell(business, bo, goods("SAW", "9", serials=tuple(f"S-{n}" for n in range(9))))

    rows = [*(f"P-{n}" for n in range(20)), *(f"S-{n}" for n in range(9)), "TENT;1", "D-1"]
    with CaptureQueriesContext(connection) as many:
        listed = read("\n".join(rows))

    assert codes(listed) == [""] * 31
    assert len(many) == len(few)
