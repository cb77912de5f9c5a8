"""An answer in part, and with other records inside: what is named, what is seen, what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.module_loading import import_string

from returns.api.returns import ReturnViewSet
from rmaproject.rest.expanding import One
from rmaproject.rest.selecting import names_of
from rmaproject.rest.shaping import Shaped
from sales.api.credit_notes import CreditNoteViewSet
from sales.api.orders import SalesOrderViewSet
from sales.api.refunds import RefundViewSet
from tests.api.caller import Caller, codes, problem
from tests.factories import actor_with, ask_return, goods, sell
from tests.refunds.money import bank_of, credited

pytestmark = pytest.mark.django_db

RESOURCES = [ReturnViewSet, SalesOrderViewSet, CreditNoteViewSet, RefundViewSet]


@pytest.fixture
def rma(business: Any, bo: Any) -> Any:
    """One return, credited, whose refund waits."""
    bank_of(bo)
    return credited(business, bo)


def test_only_the_named_fields_are_shown(api: Caller, rma: Any) -> None:
    whole = api.get(f"/returns/{rma.uuid}/").json()

    some = api.get("/returns/?fields=id,lines.quantity,lines.sku,customer").json()["results"]
    one = api.get(f"/returns/{rma.uuid}/?fields=lines,lines.sku,reference")

    assert some == [
        {
            "id": whole["id"],
            "customer": whole["customer"],
            "lines": [
                {"sku": line["sku"], "quantity": line["quantity"]} for line in whole["lines"]
            ],
        }
    ]
    assert one.json() == {"lines": whole["lines"], "reference": whole["reference"]}
    assert one["ETag"] == f'"{whole["version"]}"'


def test_the_unwanted_fields_are_left_out(api: Caller, rma: Any) -> None:
    whole = api.get(f"/returns/{rma.uuid}/").json()

    shown = api.get(f"/returns/{rma.uuid}/?omit=receipts,customer.name").json()

    del whole["receipts"], whole["customer"]["name"]
    assert shown == whole


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("fields=nonsense", "allowed_actions"),
        ("omit=lines.nonsense", "lines.sku"),
        ("fields=lines.sku.x", "lines.sku"),
        ("fields=id.x", "allowed_actions"),
        ("expand=nonsense", "credit_notes"),
        ("expand=customer.business", "nothing"),
        ("expand=credit_notes.nonsense", "credit_notes/refunds"),
    ],
)
def test_an_unknown_name_is_refused_and_the_known_ones_are_named(
    api: Caller, rma: Any, query: str, named: str
) -> None:
    for path in ("/returns/", f"/returns/{rma.uuid}/"):
        refused = problem(api.get(f"{path}?{query}"), 400)

        assert codes_of(refused) == {query.partition("=")[0]: "invalid_parameter"}
        assert named in refused["errors"][0]["detail"]


def codes_of(refused: dict[str, Any]) -> dict[str, str]:
    return {error["pointer"]: error["code"] for error in refused["errors"]}


def test_a_verb_takes_no_shape(api: Caller, rma: Any) -> None:
    refused = api.post(f"/returns/{rma.uuid}/hold/?fields=id", {"reason": "x"}, If_Match="*")

    assert codes(refused) == {"fields": "unknown_parameter"}


def test_a_record_stands_inside_as_its_own_address_shows_it(api: Caller, rma: Any) -> None:
    path = f"/returns/{rma.uuid}/?expand=customer,business,lines.order_line,lines.part"

    shown = api.get(path).json()

    customer = shown["customer"]
    assert customer == api.get(f"/companies/{customer['id']}/").json()
    business = shown["business"]
    assert business == api.get(f"/businesses/{business['id']}/").json()
    (line,) = shown["lines"]
    assert line["part"] == api.get(f"/parts/{line['part']['id']}/").json()
    sold = line["order_line"]
    at = f"/sales-orders/{line['sales_order']['id']}/lines/{sold['id']}/"
    assert sold == api.get(at).json()


def test_documents_of_money_are_listed_inside_and_inside_of_those(api: Caller, rma: Any) -> None:
    path = f"/returns/{rma.uuid}/?expand=credit_notes.refunds.customer,refunds"

    shown = api.get(path).json()

    (note,), (refund,) = shown["credit_notes"], shown["refunds"]
    assert refund == api.get(f"/refunds/{refund['id']}/").json()
    (inner,) = note.pop("refunds")
    assert note == api.get(f"/credit-notes/{note['id']}/").json()
    assert inner["customer"] == api.get(f"/companies/{refund['customer']['id']}/").json()
    back = api.get(f"/credit-notes/{note['id']}/?expand=returns&fields=returns.reference").json()
    assert back == {"returns": [{"reference": rma.reference}]}


def test_no_more_than_three_records_lie_inside_each_other(api: Caller, rma: Any) -> None:
    three = "credit_notes.refunds.credit_note"

    deep = api.get(f"/returns/?expand={three}")
    deeper = api.get(f"/returns/?expand={three}.customer")

    assert deep.status_code == 200
    assert codes(deeper) == {"expand": "invalid_parameter"}


def test_expanding_opens_nothing_that_the_list_does_not(roles: None, rma: Any) -> None:
    clerk = actor_with("Warehouse")
    assert not clerk.may("sales.view_creditnote")
    caller = Caller(clerk)
    plain = caller.get(f"/returns/{rma.uuid}/")

    refused = caller.get(f"/returns/{rma.uuid}/?expand=credit_notes")

    assert plain.status_code == 200
    assert problem(refused, 403)["code"] == "not_permitted"


@pytest.mark.parametrize(
    "expand",
    [
        "customer,business,lines.order_line,lines.part,lines.stock_item",
        "credit_notes.refunds.customer,refunds.credit_note.returns",
    ],
)
def test_more_rows_cost_no_more_queries(
    api: Caller, business: Any, bo: Any, rma: Any, expand: str
) -> None:
    path = f"/returns/?expand={expand}"
    api.get(path)

    with CaptureQueriesContext(connection) as one:
        assert len(api.get(path).json()["results"]) == 1
    for number in range(3):
        ask_return(sell(business, bo, goods(f"S-{number}", "2", "10.00")), "1", issued=True)
    with CaptureQueriesContext(connection) as four:
        assert len(api.get(path).json()["results"]) == 4

    assert len(four) == len(one)


def expansions() -> Iterator[tuple[type[Shaped], str]]:
    for resource in RESOURCES:
        for name in resource.expansions:
            yield resource, name


@pytest.mark.parametrize(("resource", "name"), list(expansions()))
def test_every_expansion_names_a_resource_and_a_place(resource: Any, name: str) -> None:
    how = resource.expansions[name]

    assert issubclass(import_string(how.resource), Shaped)
    if isinstance(how, One):
        top, _, below = name.partition(".")
        known = names_of(resource.serializer_class)
        assert top in known
        assert not below or below in known[top]
