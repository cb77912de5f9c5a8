"""What other systems' clients keep with a record."""

from __future__ import annotations

from typing import Any

import pytest

from returns.models import ReturnOrder
from returns.services import attach_link
from rmaproject.access.actors import SYSTEM
from rmaproject.audit import trail
from rmaproject.files.services import content_of
from rmaproject.files.supplements import keep_with, kept_with
from rmaproject.shared.errors import DomainError
from tests.factories import ask_return, goods, sell

pytestmark = pytest.mark.django_db


@pytest.fixture
def rma(business: Any, bo: Any) -> ReturnOrder:
    return ask_return(sell(business, bo, goods("A")))


def test_values_stand_beside_the_record_and_in_its_trail_only_as_changed(rma: ReturnOrder) -> None:
    keep_with(rma, rma, system="a", values={"link": "x"}, actor=SYSTEM)
    keep_with(rma, rma, system="a", metadata={"colour": "red"}, actor=SYSTEM)
    keep_with(rma, rma, system="b", metadata={"other": 1}, actor=SYSTEM)

    kept = kept_with([rma], system="a")[rma.uuid]

    assert (kept.values, kept.metadata) == ({"link": "x"}, {"colour": "red"})
    rma.refresh_from_db()
    facts = [entry.facts for entry in trail.history(rma) if entry.verb == "supplement"]
    assert [told["private"] for told in facts] == [["link"], ["metadata"], ["metadata"]]
    assert "red" not in str(facts)
    assert rma.version == 4


def test_the_same_again_is_no_change(rma: ReturnOrder) -> None:
    keep_with(rma, rma, system="a", metadata={"colour": "red"}, actor=SYSTEM)
    keep_with(rma, rma, system="a", metadata={"colour": "red"}, actor=SYSTEM)

    rma.refresh_from_db()
    assert rma.version == 2


@pytest.mark.parametrize(
    ("value", "code"), [("x" * 70_000, "too_much_kept"), ("a\x00b", "invalid")]
)
def test_what_cannot_be_kept(rma: ReturnOrder, value: str, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        keep_with(rma, rma, system="a", metadata={"text": value}, actor=SYSTEM)

    assert refusal.value.code == code
    assert kept_with([rma], system="a") == {}


def test_a_link_is_a_file_with_one_address(rma: ReturnOrder) -> None:
    made = attach_link(rma.pk, "https://example.org/a", comment="See", actor=SYSTEM)

    assert (made.link, made.comment) == ("https://example.org/a", "See")
    assert content_of(made) == b"https://example.org/a\r\n"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "", "https://e.org/" + "x" * 2000])
def test_what_is_no_link(rma: ReturnOrder, address: str) -> None:
    with pytest.raises(DomainError) as refusal:
        attach_link(rma.pk, address, actor=SYSTEM)

    assert refusal.value.code == "invalid_link"
