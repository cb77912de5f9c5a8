"""Refunds, bank accounts, bank files and limits over REST."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from rmaproject.access.actors import SYSTEM
from rmaproject.access.models import IdempotencyRecord
from sales.api.limits import LimitOutput
from sales.models import BankDetails, CreditNote, Refund
from sales.services.banking import keep_bank_details
from tests.api.caller import Caller, problem
from tests.api.test_shapes import mismatches
from tests.changes import picture
from tests.factories import actor_with, ask_return, goods, sell
from tests.refunds.money import IBAN, OTHER_IBAN, account, bank_of, credited, ready, refund_of

pytestmark = pytest.mark.django_db

WRONG_IBAN = "DE89370400440532013001"


def verb(api: Caller, refund: Refund, name: str, body: Any = None, **headers: str) -> Any:
    """A verb on a refund, based on its present version."""
    refund.refresh_from_db()
    sent = {"If_Match": f'"{refund.version}"', **headers}
    return api.post(f"/refunds/{refund.uuid}/{name}/", body, **sent)


def test_a_refund_is_approved_paid_and_confirmed(api, business, bo):
    bank_of(bo)
    refund = refund_of(credited(business, bo))

    states = [verb(api, refund, name).json()["state"] for name in ("approve", "pay", "confirm")]

    assert states == ["ready", "sent", "done"]
    shown = api.get(f"/refunds/{refund.uuid}/").json()
    assert (shown["amount"], shown["currency"], shown["via"]) == ("10.00", "EUR", "bank")
    assert (shown["approved_by"], shown["paid_by"], shown["requested_by"]) == ("ada", "ada", None)
    assert shown["bank_details"]["masked"] == "DE** **** 3000"
    assert [part["amount"] for part in shown["parts"]] == ["10.00"]
    assert shown["allowed_actions"] == []
    verbs = [row["verb"] for row in api.get(f"/refunds/{refund.uuid}/history/").json()["results"]]
    assert verbs == ["create", "approve", "pay", "confirm"]


@pytest.mark.django_db(transaction=True)
def test_the_answer_to_pay_shows_what_the_gateway_said(api, business, bo):
    refund = ready(business, bo)

    answer = verb(api, refund, "pay")

    assert answer.json()["state"] == "done"
    refund.refresh_from_db()
    assert answer.headers["ETag"] == f'"{refund.version}"'


@pytest.mark.django_db(transaction=True)
def test_pay_repeated_with_its_key_pays_once(api, business, bo):
    refund = ready(business, bo)
    sent = {"If_Match": f'"{refund.version}"', "Idempotency_Key": "once"}

    answers = [api.post(f"/refunds/{refund.uuid}/pay/", **sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].headers["ETag"] == answers[1].headers["ETag"]
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert Refund.objects.get().attempts == 1


def test_an_illegal_verb_names_the_legal_ones(api, business, bo):
    refund = refund_of(credited(business, bo, gateway="sandbox"))

    refused = problem(verb(api, refund, "pay"), 409)

    assert refused["code"] == "illegal_transition"
    assert refused["current_status"] == "waiting_approval"
    assert refused["legal_verbs"] == ["approve", "details", "change", "cancel"]


def test_a_refund_is_found_by_what_it_belongs_to(api, business, bo, cy):
    rma = credited(business, bo, gateway="sandbox")
    refund, other = refund_of(rma), refund_of(credited(business, cy))
    note = refund.credit_note

    for query in (
        "state=waiting_approval",
        "via=gateway",
        "customer=BO",
        f"credit_note={note.reference}",
        f"return_order={rma.reference}",
        f"return_order={rma.uuid}",
        f"search={refund.reference}",
        "business=1000&via=gateway",
    ):
        found = api.get(f"/refunds/?{query}").json()["results"]
        assert [row["id"] for row in found] == [str(refund.uuid)], query
    both = api.get("/refunds/?state=waiting_approval&state=waiting_details").json()["results"]
    assert {row["id"] for row in both} == {str(refund.uuid), str(other.uuid)}


def test_the_rest_of_a_credit_note_is_asked_for_once(api, business, bo):
    refund = refund_of(credited(business, bo))
    verb(api, refund, "cancel")
    note = CreditNote.objects.get()
    path = f"/credit-notes/{note.uuid}/refund/"

    made = api.post(path, {"amount": "4", "currency": "EUR"}, If_Match=f'"{note.version}"')
    note.refresh_from_db()
    too_much = api.post(path, {"amount": "6.01"}, If_Match=f'"{note.version}"')
    api.post(path, {}, If_Match=f'"{note.version}"')
    note.refresh_from_db()
    before = picture()
    again = api.post(path, {}, If_Match=f'"{note.version}"')

    assert (made.status_code, made.json()["refunding"], made.json()["open"]) == (
        200,
        "4.00",
        "10.00",
    )
    told = problem(too_much, 422)
    assert (told["code"], told["facts"]["open"]) == ("exceeds_credit", "6.00")
    told = problem(again, 409)
    assert (told["code"], told["facts"]["refunding"]) == ("nothing_to_refund", "10.00")
    assert picture() == before


@pytest.mark.parametrize("amount", ["0", "-1", "0.001"])
def test_a_refund_of_nothing_is_none(api, business, bo, amount):
    verb(api, refund_of(credited(business, bo)), "cancel")
    note = CreditNote.objects.get()
    before = picture()

    refused = api.post(
        f"/credit-notes/{note.uuid}/refund/", {"amount": amount}, If_Match=f'"{note.version}"'
    )

    assert problem(refused, 422)["code"] == "invalid_amount"
    assert picture() == before


def test_the_account_of_a_refund_is_named_or_told(api, business, bo):
    refund = refund_of(credited(business, bo))
    known = bank_of(bo, OTHER_IBAN)

    by_id = verb(api, refund, "details", {"bank_details": str(known.uuid)})
    told = verb(api, refund, "details", {"bank_details": {"owner": "Bo", "iban": IBAN}})

    assert by_id.json()["bank_details"] == {"id": str(known.uuid), "masked": "NL** **** 4300"}
    assert told.json()["bank_details"]["masked"] == "DE** **** 3000"


def test_a_wrong_iban_is_refused_at_its_place_and_not_repeated(api, business, bo):
    refund = refund_of(credited(business, bo))
    before = picture()

    answer = verb(api, refund, "details", {"bank_details": {"owner": "Bo", "iban": WRONG_IBAN}})

    body = problem(answer, 422)
    assert body["code"] == "invalid_iban"
    assert "/bank_details/iban" in json.dumps(body)
    assert WRONG_IBAN not in json.dumps(body)
    assert picture() == before


def test_an_account_is_shown_as_a_mask_and_in_full_to_few(api, business, bo):
    told = {"customer": "BO", "owner": "Bo Jansen", "iban": IBAN}
    made = api.post("/bank-details/", told, Idempotency_Key="key")
    path = f"/bank-details/{made.json()['id']}"

    seen = api.post(f"{path}/reveal/", {}, Idempotency_Key="seen")
    refused = Caller(actor_with("Service agent", username="sue")).post(f"{path}/reveal/", {})

    assert made.status_code == 201
    assert made.json()["masked"] == "DE** **** 3000"
    assert IBAN not in made.content.decode()
    assert seen.json() == {"owner": "Bo Jansen", "iban": IBAN, "bic": ""}
    assert seen.headers["Cache-Control"] == "no-store"
    assert problem(refused, 403)["code"] == "not_permitted"
    kept = b"".join(bytes(row.body) for row in IdempotencyRecord.objects.all())
    assert IBAN.encode() not in kept


def test_an_account_has_one_holder(api, business, bo):
    told = {"owner": "Bo", "iban": IBAN}

    for holder in ({}, {"customer": "BO", "business": "1000"}):
        assert api.post("/bank-details/", {**told, **holder}).status_code == 400


def test_only_who_manages_settings_says_from_where_a_business_pays(api, business):
    told = {"business": "1000", "owner": "Tents & Co", "iban": IBAN}

    refused = api.post("/bank-details/", told)
    made = Caller(actor_with("Administrator", username="eve")).post("/bank-details/", told)

    assert problem(refused, 403)["facts"] == {"permission": "access.manage_settings"}
    assert made.json()["business"]["reference"] == "1000"


def test_a_retired_account_is_named_no_more(api, business, bo):
    details = bank_of(bo)
    refund = refund_of(credited(business, bo, gateway="sandbox"))

    gone = api.post(f"/bank-details/{details.uuid}/retire/", {}, If_Match=f'"{details.version}"')

    assert gone.json()["retired_at"] is not None
    named = verb(api, refund, "details", {"bank_details": str(details.uuid)})
    assert problem(named, 404)["code"] == "not_found"
    assert api.get("/bank-details/?retired=false").json()["results"] == []


def test_a_bank_file_is_made_read_and_confirmed(api, business, bo):
    keep_bank_details(account(OTHER_IBAN), business=business, actor=SYSTEM)
    bank_of(bo)
    refund = ready(business, bo, gateway="")

    made = api.post("/bank-files/", {"business": "1000", "refunds": [refund.reference]})
    path = f"/bank-files/{made.json()['id']}"
    xml = api.get(f"{path}/content/", Accept="application/xml")
    version = api.get(f"{path}/").headers["ETag"]
    done = api.post(f"{path}/confirm/", {}, If_Match=version)

    assert made.status_code == 201, made.content
    assert (made.json()["amount"], made.json()["paid_from"]["masked"]) == (
        "10.00",
        "NL** **** 4300",
    )
    assert IBAN not in made.content.decode()
    assert xml.headers["Content-Type"] == "application/xml"
    assert xml.headers["Content-Disposition"] == 'attachment; filename="BF-00001.xml"'
    assert f"<IBAN>{IBAN}</IBAN>" in xml.content.decode()
    assert [row["state"] for row in done.json()["refunds"]] == ["done"]


def test_a_limit_of_a_role_is_set_changed_and_lifted(roles):
    api = Caller(actor_with("Administrator"))

    made = api.post("/approval-limits/", {"role": "Manager", "currency": "EUR", "amount": "100"})
    path = f"/approval-limits/{made.json()['id']}/"
    lifted = api.patch(path, {"amount": None}, If_Match=made.headers["ETag"])

    assert (made.status_code, made.json()["amount"]) == (201, "100.00")
    assert mismatches(made.json(), LimitOutput(), path) == []
    assert lifted.json()["amount"] is None
    assert api.get("/approval-limits/?role=manager").json()["results"] == [lifted.json()]


def test_what_is_above_the_limit_is_no_action_and_refused(api, business, bo):
    Caller(actor_with("Administrator", username="eve")).post(
        "/approval-limits/", {"role": "Manager", "currency": "EUR", "amount": "9.99"}
    )
    refund = refund_of(credited(business, bo, gateway="sandbox"))

    shown = api.get(f"/refunds/{refund.uuid}/").json()
    refused = problem(verb(api, refund, "approve"), 403)

    assert shown["allowed_actions"] == ["change", "cancel"]
    assert (refused["code"], refused["facts"]["limit"]) == ("above_limit", "9.99")


def test_the_account_is_chosen_on_the_return_and_waiting_refunds_get_it(api, business, bo):
    rma = ask_return(sell(business, bo, goods("TENT")), issued=True)

    chosen = api.verb(rma, "bank-details", {"bank_details": {"owner": "Bo", "iban": IBAN}})
    none = api.verb(rma, "bank-details", {"bank_details": None})

    assert chosen.json()["bank_details"]["masked"] == "DE** **** 3000"
    assert none.json()["bank_details"] is None
    assert IBAN not in chosen.content.decode()


def test_a_refund_that_waits_for_the_account_of_its_return_gets_it(api, business, bo):
    rma = credited(business, bo)

    api.verb(rma, "bank-details", {"bank_details": {"owner": "Bo", "iban": IBAN}})

    refund = refund_of(rma)
    assert (refund.state, str(refund.bank_details)) == ("waiting_approval", "DE** **** 3000")


def test_a_recorded_return_tells_the_account_of_its_refund(api, business, bo):
    sale = sell(business, bo, goods("TENT", "3", "50.00"))
    told = {
        "business": "1000",
        "customer": "BO",
        "reference": "RET-1",
        "lines": [{"order_line": str(sale.lines.get().uuid), "quantity": "2"}],
        "bank_details": {"owner": "Bo Jansen", "iban": IBAN, "bic": "COBADEFFXXX"},
    }

    first, again = (api.post("/returns/record/", told) for _ in range(2))
    other = {**told, "bank_details": {**told["bank_details"], "iban": OTHER_IBAN}}
    refused = api.post("/returns/record/", other)

    assert (first.status_code, again.status_code) == (201, 200), first.content
    refund = Refund.objects.get()
    assert (refund.amount, refund.state) == (Decimal(100), "waiting_approval")
    assert str(refund.bank_details) == "DE** **** 3000"
    assert problem(refused, 409)["code"] == "reference_exists"
    assert BankDetails.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM returns_returnorder t")
        assert IBAN not in cursor.fetchone()[0]


def test_a_recorded_return_with_a_wrong_account_is_not_booked(api, business, bo):
    sale = sell(business, bo, goods("TENT", "3", "50.00"))
    before = picture()

    refused = api.post(
        "/returns/record/",
        {
            "business": "1000",
            "customer": "BO",
            "lines": [{"order_line": str(sale.lines.get().uuid), "quantity": "2"}],
            "bank_details": {"owner": "Bo", "iban": WRONG_IBAN},
        },
    )

    assert problem(refused, 422)["code"] == "invalid_iban"
    assert WRONG_IBAN not in refused.content.decode()
    assert picture() == before


def test_who_sees_one_business_sees_its_refunds_only(business, bo, roles):
    refund = refund_of(credited(business, bo))
    nobody = Caller(actor_with(username="nil"))

    assert nobody.get("/refunds/").status_code == 403
    assert nobody.get(f"/refunds/{refund.uuid}/").status_code in {403, 404}
