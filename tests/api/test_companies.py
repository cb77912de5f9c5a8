"""Companies with their contacts and addresses over REST."""

from __future__ import annotations

from typing import Any

import pytest
from guardian.shortcuts import assign_perm

from customers.models import Address, Company, Contact
from customers.services import save_contact
from rmaproject.access.actors import SYSTEM, Actor
from tests.api.caller import Caller, codes
from tests.factories import CompanyFactory, UserFactory, actor_with, goods, sell

pytestmark = pytest.mark.django_db


def test_a_company_is_made_found_and_changed(ada: Any) -> None:
    caller = Caller(ada)

    made = caller.post("/companies/", {"reference": "NEW-1", "name": "Newcomer BV"})
    assert made.status_code == 201
    assert made["ETag"] == '"1"'
    path = made["Location"]
    assert caller.get(path).json() == made.json()
    found = caller.get("/companies/?search=newco").json()["results"]
    assert [row["reference"] for row in found] == ["NEW-1"]

    changed = caller.patch(path, {"active": False}, If_Match='"1"')
    assert changed.status_code == 200
    assert (changed.json()["active"], changed.json()["version"]) == (False, 2)
    assert changed["ETag"] == '"2"'
    trail = caller.get(path + "history/").json()["results"]
    assert [(row["n"], row["verb"], row["actor"], row["door"]) for row in trail] == [
        (1, "create", "ada", "api"),
        (2, "edit", "ada", "api"),
    ]


def test_a_company_is_never_deleted(ada: Any, bo: Any) -> None:
    refused = Caller(ada).delete(f"/companies/{bo.uuid}/", If_Match="*")

    assert refused.status_code == 405
    assert refused.json()["code"] == "method_not_allowed"
    assert Company.objects.filter(pk=bo.pk).exists()


def test_a_doubled_reference_is_a_conflict_and_a_bad_country_a_broken_rule(
    ada: Any, bo: Any
) -> None:
    caller = Caller(ada)

    doubled = caller.post("/companies/", {"reference": "bo", "name": "Another"})
    country = caller.post("/companies/", {"reference": "X", "name": "X", "country": "nl"})

    assert (doubled.status_code, doubled.json()["code"]) == (409, "reference_exists")
    assert (country.status_code, country.json()["code"]) == (422, "invalid_country")
    assert Company.objects.count() == 1


def test_a_value_too_long_for_its_column_is_named(ada: Any) -> None:
    long = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 20}.example"

    refused = Caller(ada).post("/companies/", {"reference": "X", "name": "X", "email": long})

    assert (refused.status_code, codes(refused)) == (400, {"/email": "max_length"})
    assert not Company.objects.exists()


def test_contacts_carry_the_version_of_their_company(ada: Any, bo: Any) -> None:
    caller = Caller(ada)
    below = f"/companies/{bo.uuid}/contacts/"

    made = caller.post(below, {"name": "Bo", "email": "bo@example.org"})
    assert made.status_code == 201
    assert made["Location"].endswith(f"{below}{made.json()['id']}/")
    assert (made.json()["version"], made["ETag"]) == (2, '"2"')
    flat = f"/contacts/{made.json()['id']}/"
    assert caller.get(flat).json() == caller.get(made["Location"]).json() == made.json()

    stale = caller.patch(flat, {"role": "Buyer"}, If_Match='"1"')
    assert (stale.status_code, stale["Content-Type"]) == (412, "application/problem+json")
    changed = caller.patch(flat, {"role": "Buyer"}, If_Match='"2"')
    assert (changed.json()["role"], changed["ETag"]) == ("Buyer", '"3"')
    assert caller.delete(flat).status_code == 428
    gone = caller.delete(flat, If_Match='"3"')
    assert (gone.status_code, gone.content) == (204, b"")
    assert caller.get(flat).status_code == 404
    bo.refresh_from_db()
    assert (bo.version, Contact.objects.count()) == (4, 0)


def test_a_flat_create_names_the_company_by_reference(ada: Any, bo: Any) -> None:
    caller = Caller(ada)

    made = caller.post("/addresses/", {"company": "bo", "line1": "Dam 1", "country": "NL"})
    missing = caller.post("/addresses/", {"line1": "Dam 1"})
    strange = caller.post(f"/companies/{bo.uuid}/addresses/", {"company": "bo", "line1": "Dam 1"})

    assert made.status_code == 201
    assert made.json()["company"] == {"id": str(bo.uuid), "reference": "BO", "name": "Bo Jansen"}
    assert made.json()["primary"] is True
    assert codes(missing) == {"/company": "required"}
    assert codes(strange) == {"/company": "unknown_field"}
    assert Address.objects.count() == 1


def test_a_list_below_a_company_shows_only_its_own(ada: Any, bo: Any, cy: Any) -> None:
    save_contact(bo.pk, {"name": "Bo"}, actor=SYSTEM)
    save_contact(cy.pk, {"name": "Cy"}, actor=SYSTEM)
    caller = Caller(ada)

    below = caller.get(f"/companies/{bo.uuid}/contacts/").json()["results"]
    narrowed = caller.get("/contacts/?company=CY").json()["results"]

    assert [row["name"] for row in below] == ["Bo"]
    assert [row["name"] for row in narrowed] == ["Cy"]
    assert len(caller.get("/contacts/").json()["results"]) == 2


def test_who_is_granted_one_company_sees_nothing_of_another(roles: None, bo: Any, cy: Any) -> None:
    save_contact(cy.pk, {"name": "Cy"}, actor=SYSTEM)
    clerk = UserFactory(username="clerk")
    for right in ("view_company", "edit_company"):
        assign_perm(f"customers.{right}", clerk)
    assign_perm("customers.view_company", clerk, bo)
    caller = Caller(Actor(clerk))

    assert [row["reference"] for row in caller.get("/companies/").json()["results"]] == ["BO"]
    assert caller.get("/companies/?search=stranger").json()["results"] == []
    assert caller.get("/contacts/").json()["results"] == []
    assert caller.get(f"/companies/{cy.uuid}/").status_code == 404
    assert caller.get(f"/companies/{cy.uuid}/contacts/").status_code == 404
    refused = caller.patch(f"/companies/{cy.uuid}/", {"name": "Mine"}, If_Match="*")
    unknown = caller.post("/contacts/", {"company": "CY", "name": "Spy"})
    assert (refused.status_code, unknown.status_code) == (404, 404)
    cy.refresh_from_db()
    assert (cy.name, Contact.objects.count()) == ("Cy Stranger", 1)


def test_who_is_granted_a_business_sees_its_customers(
    roles: None, business: Any, bo: Any, cy: Any
) -> None:
    sell(business, bo, goods("TENT"))
    clerk = UserFactory(username="clerk")
    assign_perm("customers.view_company", clerk)
    assign_perm("sales.view_business", clerk, business)
    caller = Caller(Actor(clerk))

    assert [row["reference"] for row in caller.get("/companies/").json()["results"]] == ["BO"]


def test_a_viewer_changes_nothing(roles: None, bo: Any) -> None:
    contact = save_contact(bo.pk, {"name": "Bo"}, actor=SYSTEM)
    caller = Caller(actor_with("Viewer"))

    answers = [
        caller.post("/companies/", {"reference": "X", "name": "X"}),
        caller.patch(f"/companies/{bo.uuid}/", {"name": "X"}, If_Match="*"),
        caller.post(f"/companies/{bo.uuid}/contacts/", {"name": "X"}),
        caller.post("/contacts/", {"company": "BO", "name": "X"}),
        caller.patch(f"/contacts/{contact.uuid}/", {"name": "X"}, If_Match="*"),
        caller.delete(f"/contacts/{contact.uuid}/", If_Match="*"),
        caller.post("/addresses/", {"company": "BO", "line1": "X"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 7
    assert {answer.json()["code"] for answer in answers} == {"not_permitted"}
    bo.refresh_from_db()
    assert (bo.name, bo.version, Company.objects.count()) == ("Bo Jansen", 2, 1)
    assert list(Contact.objects.values_list("name", flat=True)) == ["Bo"]
    assert not Address.objects.exists()


def test_filters_take_their_values_only(ada: Any) -> None:
    CompanyFactory(reference="ON")
    CompanyFactory(reference="OFF", active=False)
    caller = Caller(ada)

    off = caller.get("/companies/?active=false").json()["results"]
    maybe = caller.get("/companies/?active=maybe")
    strange = caller.get("/companies/?colour=red")

    assert [row["reference"] for row in off] == ["OFF"]
    assert (maybe.status_code, codes(maybe)) == (400, {"active": "invalid_parameter"})
    assert (strange.status_code, codes(strange)) == (400, {"colour": "unknown_parameter"})
