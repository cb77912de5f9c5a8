"""Nothing is sent twice to who has it: tags of records and lists, and what changed since."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.utils import timezone

from customers.models import Company
from customers.services import edit_company
from returns.services import add_comment
from rmaproject.access.actors import SYSTEM
from rmaproject.rest import syncing
from stock.models import StockItem
from tests.api.caller import Caller, codes, problem
from tests.factories import CompanyFactory, actor_with, ask_return, goods, sell
from tests.returns.steps import receive

pytestmark = pytest.mark.django_db

GENERATED = "X-Page-Generated"


@pytest.mark.parametrize(
    ("tag", "status"),
    [('"1"', 304), ('W/"1"', 304), ('"7", "1"', 304), ("*", 304), ('"2"', 200), ("1", 200)],
)
def test_a_record_that_the_caller_has_is_not_sent_again(
    api: Caller, bo: Any, tag: str, status: int
) -> None:
    answer = api.get(f"/companies/{bo.uuid}/", If_None_Match=tag)

    assert (answer.status_code, answer["ETag"]) == (status, '"1"')
    assert bool(answer.content) == (status == 200)
    assert answer["API-Version"] == "1"


def test_a_changed_record_is_sent(api: Caller, bo: Any) -> None:
    edit_company(bo.pk, {"phone": "1"}, actor=SYSTEM)

    answer = api.get(f"/companies/{bo.uuid}/", If_None_Match='"1"')

    assert (answer.status_code, answer["ETag"]) == (200, '"2"')


def test_compression_does_not_stand_in_the_way_of_a_change(api: Caller, bo: Any) -> None:
    read = api.get(f"/companies/{bo.uuid}/", Accept_Encoding="gzip")

    changed = api.patch(
        f"/companies/{bo.uuid}/", {"phone": "1"}, If_Match=read["ETag"], Accept_Encoding="gzip"
    )
    weakened = api.patch(f"/companies/{bo.uuid}/", {"phone": "2"}, If_Match='W/"2"')

    assert "Content-Encoding" not in read
    assert (changed.status_code, weakened.status_code) == (200, 200)


def test_a_list_has_a_tag_that_lasts_until_a_row_comes_goes_or_changes(
    api: Caller, bo: Any
) -> None:
    tags = [api.get("/companies/")["ETag"]]
    assert api.get("/companies/", If_None_Match=tags[0]).status_code == 304

    edit_company(bo.pk, {"phone": "1"}, actor=SYSTEM)
    tags.append(api.get("/companies/", If_None_Match=tags[-1])["ETag"])
    CompanyFactory(reference="NEW")
    tags.append(api.get("/companies/", If_None_Match=tags[-1])["ETag"])
    other_page = api.get("/companies/?limit=1", If_None_Match=tags[-1])

    assert len({*tags, other_page["ETag"]}) == 4
    assert all(tag.startswith('W/"') for tag in tags)


def test_a_304_keeps_its_links_and_its_watermark(api: Caller, bo: Any, cy: Any) -> None:
    page = api.get("/companies/?limit=1")

    again = api.get("/companies/?limit=1", If_None_Match=page["ETag"])

    assert (again.status_code, again.content) == (304, b"")
    assert again["Link"] == page["Link"]
    assert again[GENERATED]
    assert "Content-Type" not in again


def test_what_is_expanded_in_a_record_is_always_sent(api: Caller, sale: Any) -> None:
    path = f"/sales-orders/{sale.uuid}/"
    tag = api.get(path)["ETag"]

    assert api.get(path, If_None_Match=tag).status_code == 304
    assert api.get(f"{path}?expand=customer", If_None_Match=tag).status_code == 200


def test_a_sync_reads_what_changed_since_the_watermark_of_the_last_one(
    api: Caller, bo: Any, cy: Any
) -> None:
    hour = timezone.now() - timedelta(hours=1)
    Company.objects.update(updated_at=hour)
    first = api.get("/companies/?ordering=created_at")
    edit_company(bo.pk, {"phone": "1"}, actor=SYSTEM)

    second = api.get(f"/companies/?updated_since={first[GENERATED]}")
    third = api.get(f"/companies/?updated_since={quote('2100-01-01T00:00:00+02:00')}")

    assert [row["id"] for row in second.json()["results"]] == [str(bo.uuid)]
    assert third.json()["results"] == []
    generated = datetime.fromisoformat(first[GENERATED])
    assert generated.tzinfo == UTC
    assert timedelta(0) < timezone.now() - generated < timedelta(minutes=1)


def test_later_pages_have_no_watermark_of_their_own(api: Caller, bo: Any, cy: Any) -> None:
    first = api.get("/companies/?limit=1")

    assert GENERATED in first
    assert GENERATED not in api.get(first.json()["next"])


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-22", "2026-11-22T10:00:00", "9" * 30])
def test_an_instant_is_whole_and_has_its_offset(api: Caller, text: str) -> None:
    refused = problem(api.get(f"/companies/?updated_since={text}"), 400)

    assert (refused["code"], codes_of(refused)) == (
        "invalid_parameter",
        {"updated_since": "invalid_parameter"},
    )


def codes_of(refused: dict[str, Any]) -> dict[str, str]:
    return {error["pointer"]: error["code"] for error in refused["errors"]}


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_committed_late_is_not_lost() -> None:
    company = CompanyFactory(reference="LATE")
    made, read = threading.Event(), threading.Event()

    def change() -> None:
        try:
            with transaction.atomic():
                edit_company(company.pk, {"phone": "1"}, actor=SYSTEM)
                made.set()
                assert read.wait(20)
        finally:
            connection.close()

    slow = threading.Thread(target=change)
    slow.start()
    assert made.wait(20)
    changed_after = timezone.now()
    while_it_runs = syncing.instant(syncing.watermark())
    read.set()
    slow.join(20)

    company.refresh_from_db()
    assert while_it_runs < company.updated_at < changed_after


@pytest.fixture
def admin(roles: None) -> Caller:
    return Caller(actor_with("Administrator").user)


PATHS = (
    "accounts addresses allocations approval-limits bank-details bank-files businesses companies"
    " contacts credit-notes custom-fields disposals dispositions inspection-sheets invoices"
    " locations part-categories parts payments policies reasons receipts refunds returns"
    " sales-orders stock-items stock-movements audit"
).split()


@pytest.mark.parametrize("path", PATHS)
def test_every_list_is_asked_for_what_changed(
    admin: Caller, business: Any, bo: Any, path: str
) -> None:
    rma = ask_return(sell(business, bo, goods("TENT", "3", "50.00")), "3", issued=True)
    receive(rma.lines.get(), "1")

    old = admin.get(f"/{path}/?updated_since=2020-01-01T00:00:00Z&count=true")
    new = admin.get(f"/{path}/?updated_since=2100-01-01T00:00:00Z&count=true")
    every = admin.get(f"/{path}/?count=true")

    assert (old.status_code, new.status_code) == (200, 200), old.content
    assert old.json()["count"] == every.json()["count"]
    assert new.json()["count"] == 0


def test_parts_of_a_return_change_with_it(api: Caller, sale: Any) -> None:
    rma = ask_return(sale, issued=True)
    add_comment(rma.pk, text="Hello", actor=SYSTEM)
    rma.refresh_from_db()
    stamp = quote(rma.updated_at.isoformat())

    for part in ("lines", "comments", "history"):
        path = f"/returns/{rma.uuid}/{part}/?updated_since="
        assert api.get(path + stamp).json()["results"]
        assert api.get(f"{path}2100-01-01T00:00:00Z").json()["results"] == []


def test_stock_says_when_it_changed_whoever_changed_it(db: None, unit: StockItem) -> None:
    before = unit.updated_at

    StockItem.objects.filter(pk=unit.pk).update(version=9)

    unit.refresh_from_db()
    assert unit.updated_at > before


@pytest.mark.parametrize("given", ["yes", "1", ""])
def test_a_count_is_asked_for_by_true(api: Caller, given: str) -> None:
    assert problem(api.get(f"/companies/?count={given}"), 400)["code"] == "invalid_parameter"


def test_a_list_counts_only_when_asked_and_not_for_ever(
    api: Caller, bo: Any, cy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = api.get("/companies/?limit=1").json()
    counted = api.get("/companies/?limit=1&count=true").json()
    monkeypatch.setattr("rmaproject.rest.paging.MOST_COUNTED", 1)
    capped = api.get("/companies/?count=true").json()

    assert "count" not in plain
    assert (counted["count"], counted["count_capped"]) == (2, False)
    assert (capped["count"], capped["count_capped"]) == (1, True)


def test_a_parameter_is_given_once(api: Caller) -> None:
    refused = api.get("/companies/?country=NL&country=DE&limit=1&limit=2")

    assert codes(refused) == {"country": "invalid_parameter", "limit": "invalid_parameter"}
    assert api.get("/refunds/?state=sent&state=done").status_code == 200


def test_an_offset_that_no_place_has_is_an_instant_all_the_same(api: Caller) -> None:
    """PostgreSQL takes no offset beyond sixteen hours, and none may become a defect."""
    answer = api.get("/companies/?updated_since=2026-01-05T00:19:01-17:58")

    assert answer.status_code == 200
