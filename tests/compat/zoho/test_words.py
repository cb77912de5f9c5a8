"""Every state of ours has a word of theirs, and every number stands for one refusal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from returns.compat.zoho import codes, words
from returns.compat.zoho.history import ago
from returns.models import ReturnOrder
from returns.states import Goods, Money, Status

FOLDER = Path(__file__).parents[3] / "returns/compat/zoho"


@pytest.mark.parametrize(
    ("status", "held_from", "word"),
    [
        ("pending", "", "draft"),
        ("awaiting_approval", "", "pending_approval"),
        ("in_progress", "", "approved"),
        ("on_hold", "pending", "draft"),
        ("on_hold", "awaiting_approval", "pending_approval"),
        ("on_hold", "in_progress", "approved"),
        ("complete", "", "closed"),
        ("rejected", "", "declined"),
        ("cancelled", "", "void"),
    ],
)
def test_each_status_has_its_word(status, held_from, word):
    assert words.salesreturn_status(ReturnOrder(status=status, held_from=held_from)) == word


def test_the_maps_are_total():
    assert set(words.SALESRETURN_STATUS) == set(Status) - {Status.ON_HOLD}
    assert words.RECEIVE_STATUS == {
        Goods.NONE: "",
        Goods.EXPECTED: "not_received",
        Goods.PARTIALLY_RECEIVED: "partially_received",
        Goods.RECEIVED: "received",
    }
    assert words.REFUND_STATUS == {
        Money.NONE: "",
        Money.DUE: "",
        Money.PARTIALLY_REFUNDED: "partially_refunded",
        Money.REFUNDED: "refunded",
    }


def test_each_number_stands_for_one_refusal_and_none_for_success():
    assert len(set(codes.CODES.values())) == len(codes.CODES)
    assert 0 not in codes.CODES.values()
    assert codes.CODES["exceeds_returnable"] == 900002
    assert codes.CODES["outcome_given"] == 900053


def test_the_readme_tells_every_number():
    told = (FOLDER / "README.md").read_text()

    missing = [
        word for word, number in codes.CODES.items() if f"| {number} | `{word}` |" not in told
    ]

    assert missing == []


def test_a_pointer_leads_into_the_body_that_was_sent():
    places = ["/line_items/0/mapped_items/1"]

    assert codes.their_pointer("/lines/0/waived", places) == (
        "/line_items/0/mapped_items/1/non_receive_quantity"
    )
    assert codes.their_pointer("/reference", places) == "/salesreturn_number"
    assert codes.their_pointer("/lines/7/quantity", places) == "/line_items/quantity"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "few seconds ago"),
        (59.9, "few seconds ago"),
        (60, "1 minute ago"),
        (7300, "2 hours ago"),
        (86_400, "1 day ago"),
        (5_200_000, "2 months ago"),
        (400 * 86_400, "1 year ago"),
    ],
)
def test_time_that_went_by_is_told_in_words(seconds, told):
    assert ago(seconds) == told


def test_nothing_else_of_ours_knows_this_folder():
    root = FOLDER.parents[2]
    named = re.compile(r"returns\.compat\.zoho")
    apps = [root / name for name in ("rmaproject", "customers", "stock", "sales", "returns")]
    files = [path for app in apps for path in app.rglob("*.py") if FOLDER not in path.parents]

    assert [path for path in files if named.search(path.read_text())] == []
