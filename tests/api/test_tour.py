"""A tour of the API: each record read, and the changes that no other test makes over REST."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from returns.models import ReturnOrder
from returns.services import credit_return
from rmaproject.access.actors import SYSTEM
from rmaproject.rest.examples import operations
from rmaproject.shared import clock
from sales.models import CreditNote, Invoice, Refund
from tests.api.caller import ROOT, Caller
from tests.api.record_examples import keep
from tests.api.returning import asked
from tests.factories import LocationFactory, PartFactory, actor_with, ask_return, goods, sell
from tests.refunds.money import bank_of, credited, refund_of
from tests.returns.steps import decided
from tests.world import make_world

pytestmark = pytest.mark.django_db

ALWAYS_APPROVED = {"aspect": "approval", "then": {"needed": "always"}}


@pytest.fixture
def api(roles: None) -> Caller:
    """Ada, who may do everything here."""
    return Caller(actor_with("Administrator", username="ada"))


@pytest.fixture
def readable() -> list[str]:
    """The addresses of the document that show JSON without being told more."""
    document = SchemaGenerator().get_schema(request=None, public=True)
    return [
        name.removeprefix(f"GET {ROOT}")
        for name, operation in operations(document)
        if name.startswith(f"GET {ROOT}/")
        and "application/json" in operation["responses"]["200"].get("content", {})
        and not any(row["in"] == "query" and row.get("required") for row in operation["parameters"])
    ]


def test_every_list_and_record_is_read_as_json(
    api: Caller, business: Any, bo: Any, readable: list[str]
) -> None:
    world = make_world(business, bo)

    answers = {template: api.get(world.address(template)) for template in readable}

    found = {template: answer.status_code for template, answer in answers.items()}
    assert {template: status for template, status in found.items() if status != 200} == {}
    lists = [answer.json() for answer in answers.values() if "results" in answer.json()]
    assert len(lists) > 40
    assert {name for page in lists for name in page} == {"results", "next", "previous"}


def test_addresses_are_kept_below_their_company_and_by_themselves(api: Caller, bo: Any) -> None:
    below = f"/companies/{bo.uuid}/addresses/"
    home = {"title": "Home", "line1": "Oude Delft 1", "postal_code": "2611 BB", "country": "NL"}

    made = api.post(below, home)
    assert (made.status_code, made.json()["primary"], made["ETag"]) == (201, True, '"2"')
    changed = api.patch(made["Location"], {"city": "Delft"}, If_Match='"2"')
    assert (changed.status_code, changed.json()["city"]) == (200, "Delft")
    flat = f"/addresses/{made.json()['id']}/"
    again = api.patch(flat, {"line1": "Oude Delft 2"}, If_Match=changed["ETag"])
    assert (again.status_code, again.json()["line1"]) == (200, "Oude Delft 2")
    assert api.get(below).json()["results"] == [again.json()]
    gone = api.delete(flat, If_Match=again["ETag"])
    assert (gone.status_code, api.get(flat).status_code) == (204, 404)
    second = api.post(below, home)
    assert api.delete(second["Location"], If_Match=second["ETag"]).status_code == 204
    assert api.get("/addresses/").json()["results"] == []


def test_contacts_are_kept_below_their_company_and_by_themselves(api: Caller, bo: Any) -> None:
    told = {"company": "BO", "name": "Bo Jansen", "email": "bo@jansen.example", "role": "Buyer"}

    made = api.post("/contacts/", told)

    assert (made.status_code, made.json()["company"]["reference"]) == (201, "BO")
    below = f"/companies/{bo.uuid}/contacts/{made.json()['id']}/"
    changed = api.patch(below, {"phone": "+31 15 123 45 67"}, If_Match=made["ETag"])
    assert (changed.status_code, changed.json()["phone"]) == (200, "+31 15 123 45 67")
    gone = api.delete(below, If_Match=changed["ETag"])
    assert (gone.status_code, api.get(below).status_code) == (204, 404)


def test_places_and_parts_are_renamed(api: Caller) -> None:
    hall = api.post("/locations/", {"code": "HALL", "name": "Hall"})
    part = PartFactory(sku="TENT", name="Tent")

    place = api.patch(hall["Location"], {"name": "Hall of returns"}, If_Match='"1"')
    named = api.patch(f"/parts/{part.uuid}/", {"name": "Tent, blue"}, If_Match='"1"')

    assert (place.status_code, place.json()["name"]) == (200, "Hall of returns")
    assert (named.status_code, named.json()["name"], named["ETag"]) == (200, "Tent, blue", '"2"')


def test_stock_is_booked_in_counted_and_moved(api: Caller) -> None:
    PartFactory(sku="PEG", name="Peg")
    for code in ("DOCK", "SHELF"):
        LocationFactory(code=code)

    booked = api.post("/stock-items/", {"part": "PEG", "location": "DOCK", "quantity": "10"})
    assert booked.status_code == 201
    path = f"/stock-items/{booked.json()['results'][0]['id']}"
    counted = api.post(f"{path}/correct/", {"quantity": "9", "note": "One bent"}, If_Match='"1"')
    assert (counted.status_code, counted.json()["quantity"]) == (200, "9")
    moved = api.post(f"{path}/move/", {"location": "SHELF"}, If_Match='"2"')
    assert (moved.status_code, moved.json()["location_code"]) == (200, "SHELF")


def test_a_sales_order_is_put_together_and_sent(api: Caller, business: Any, bo: Any) -> None:
    PartFactory(sku="PEG", name="Peg")
    LocationFactory(code="SHELF")
    booked = api.post("/stock-items/", {"part": "PEG", "location": "SHELF", "quantity": "10"})
    item = booked.json()["results"][0]["id"]
    pegs = {"part": "PEG", "quantity": "3", "gross_unit_price": "5.00", "vat_percent": "21"}
    made = api.post("/sales-orders/", {"business": "1000", "customer": "BO", "lines": [pegs]})
    at = made["Location"]

    def verb(name: str, body: Any = None) -> Any:
        answer = api.post(f"{at}{name}/", body or {}, If_Match=api.get(at)["ETag"])
        assert answer.status_code == 200, answer.content
        return answer.json()

    assert api.patch(at, {"note": "Gift"}, If_Match='"1"').json()["note"] == "Gift"
    post = {"kind": "shipping", "name": "Post", "quantity": "1", "gross_unit_price": "4.95"}
    line = api.post(f"{at}lines/", post)
    assert (line.status_code, line.json()["number"]) == (201, 2)
    cheap = api.patch(line["Location"], {"gross_unit_price": "3.95"}, If_Match=line["ETag"])
    assert cheap.json()["gross_unit_price"] == "3.95"
    assert api.delete(line["Location"], If_Match=cheap["ETag"]).status_code == 204
    assert verb("hold", {"reason": "Bo calls back"})["status"] == "on_hold"
    assert verb("resume")["status"] == "pending"
    assert verb("issue")["status"] == "in_progress"
    parcel = api.post(f"{at}shipments/", {"carrier": "PostNL"})
    assert (parcel.status_code, parcel.json()["reference"]) == (201, "1")
    wanted = {"line": made.json()["lines"][0]["id"], "stock_item": item, "quantity": "3"}
    taken = verb("allocate", {"shipment": "1", "lines": [wanted]})
    (allocation,) = taken["shipments"][0]["allocations"]
    assert verb("deallocate", {"allocations": [allocation["id"]]})["lines"][0]["allocated"] == "0"
    verb("allocate", {"shipment": "1", "lines": [wanted]})
    assert verb("ship", {"shipment": "1", "tracking_number": "3S1"})["shipped"] is True
    assert api.post(f"{at}invoice/", {"reference": "INV-TOUR"}).status_code == 201
    assert verb("complete", {"accept_incomplete": False})["status"] == "complete"
    other = api.post("/sales-orders/", {"business": "1000", "customer": "BO", "lines": [pegs]})
    given_up = api.post(f"{other['Location']}cancel/", {"reason": "Too late"}, If_Match='"1"')
    assert given_up.json()["status"] == "cancelled"


def test_one_return_is_refused_one_approved_and_one_taken_away(
    api: Caller, business: Any, bo: Any
) -> None:
    draft = api.post("/policies/", {"business": "1000", "rules": {"rules": [ALWAYS_APPROVED]}})
    today = {"valid_from": str(clock.today(business))}
    assert api.post(f"{draft['Location']}publish/", today, If_Match='"1"').status_code == 200
    sale = sell(business, bo, goods("TENT", "3", "50.00"), on=clock.today(business))
    line = {"order_line": str(sale.lines.get().uuid), "quantity": "1"}
    held, good, mistaken = (
        ReturnOrder.objects.get(uuid=api.post("/returns/", asked(business, bo, line)).json()["id"])
        for _ in range(3)
    )

    waiting = api.verb(held, "issue", {})
    refused = api.verb(held, "reject", {"reason": "Worn for a season"})
    api.verb(good, "issue", {})
    approved = api.verb(good, "approve", {})
    gone = api.delete(f"/returns/{mistaken.uuid}/", If_Match=f'"{mistaken.version}"')

    assert (waiting.status_code, waiting.json()["status"]) == (200, "awaiting_approval")
    assert (refused.status_code, refused.json()["status"]) == (200, "rejected")
    assert (approved.status_code, approved.json()["status"]) == (200, "in_progress")
    assert (gone.status_code, api.get(f"/returns/{mistaken.uuid}/").status_code) == (204, 404)


def test_a_photo_is_hung_on_a_return_and_taken_off(api: Caller, business: Any, bo: Any) -> None:
    rma = ask_return(sell(business, bo, goods("TENT", "1", "50.00")))
    path = f"{ROOT}/returns/{rma.uuid}/attachments/"
    file = BytesIO(b"The pole is bent.")
    file.name = "letter.txt"

    made = api.client.post(path, {"file": file}, headers=api.headers)
    keep("POST", path, None, made)

    assert (made.status_code, made.json()["name"], made.json()["size"]) == (201, "letter.txt", 17)
    content = api.get(f"{path}{made.json()['id']}/content/")
    assert b"".join(content) == b"The pole is bent."
    assert api.delete(f"{path}{made.json()['id']}/").status_code == 204
    assert api.get(path).json()["results"] == []


@pytest.fixture
def refund(business: Any, bo: Any) -> Refund:
    """What Bo gets back by bank, not yet approved."""
    bank_of(bo)
    return refund_of(credited(business, bo))


def settle(api: Caller, refund: Refund, name: str, body: Any = None) -> Any:
    """What a verb on a refund answers."""
    refund.refresh_from_db()
    path = f"/refunds/{refund.uuid}/{name}/"
    answer = api.post(path, body, If_Match=f'"{refund.version}"')
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_refund_that_did_not_arrive_is_tried_again(api: Caller, refund: Refund) -> None:
    changed = settle(api, refund, "change", {"amount": "8.00"})
    settle(api, refund, "approve")
    settle(api, refund, "pay")
    failed = settle(api, refund, "fail", {"reason": "Account closed"})
    ready = settle(api, refund, "retry")

    assert (changed["amount"], changed["state"]) == ("8.00", "waiting_approval")
    assert (failed["state"], failed["failure"]["text"]) == ("failed", "Account closed")
    assert (ready["state"], ready["failure"]) == ("ready", None)


def test_a_gateway_is_asked_what_became_of_a_refund(api: Caller, business: Any, bo: Any) -> None:
    refund = refund_of(credited(business, bo, gateway="sandbox"))
    settle(api, refund, "approve")
    settle(api, refund, "pay")

    asked_again = settle(api, refund, "ask")

    assert (asked_again["via"], asked_again["gateway"]) == ("gateway", "sandbox")
    assert asked_again["state"] in {"sent", "done"}


def test_store_credit_is_paid_out_and_pays_an_invoice(api: Caller, business: Any, bo: Any) -> None:
    rma = decided(sell(business, bo, goods("TENT", "1", "30.00")))
    rma.lines.update(outcome="store_credit")
    credit_return(rma.pk, actor=SYSTEM)
    note = CreditNote.objects.get()
    path = f"/credit-notes/{note.uuid}"

    paid = api.post(f"{path}/pay-out/", {"amount": "7.50"}, If_Match=f'"{note.version}"')
    assert (paid.status_code, paid.json()["kept"]) == (200, "22.50")
    assert paid.json()["refunding"] == "7.50"
    sell(business, bo, goods("ROPE", "1", "50.00"), paid=False)
    invoice = Invoice.objects.get(settled=0)
    used = {"invoice": invoice.reference, "amount": "12.50"}
    applied = api.post(f"{path}/apply/", used, If_Match=paid["ETag"])
    assert (applied.status_code, applied.json()["kept"]) == (200, "10.00")
