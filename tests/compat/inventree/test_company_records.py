"""Companies, contacts and addresses as this system's clients know them."""

from __future__ import annotations

import pytest

from customers.models import Address, Company, Contact
from tests.changes import picture
from tests.compat.inventree.calling import Caller, body
from tests.factories import actor_with

pytestmark = pytest.mark.django_db


def test_a_new_company_is_shown_whole(api):
    told = body(
        api.post(
            "company/",
            {
                "name": "Bo Jansen",
                "description": "Buys tents",
                "is_customer": True,
                "is_supplier": False,
                "is_manufacturer": False,
                "email": "bo@example.org",
                "tax_id": "NL1",
            },
        ),
        201,
    )

    row = Company.objects.get()
    assert told == {
        "pk": row.pk,
        "name": "Bo Jansen",
        "description": "Buys tents",
        "website": "",
        "phone": "",
        "email": "bo@example.org",
        "currency": "",
        "contact": "",
        "link": "",
        "image": None,
        "thumbnail": None,
        "active": True,
        "is_customer": True,
        "is_manufacturer": False,
        "is_supplier": False,
        "notes": "",
        "tax_id": "NL1",
        "parts_supplied": 0,
        "parts_manufactured": 0,
    }
    assert body(api.get(f"company/{row.pk}/")) == told
    assert body(api.call("PUT", f"company/{row.pk}/", told)) == told


def test_who_says_nothing_gets_a_supplier(api):
    told = body(api.post("company/", {"name": "Mill"}), 201)

    assert (told["is_customer"], told["is_supplier"], told["active"]) == (False, True, True)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({}, "name"),
        ({"name": "X", "email": "nowhere"}, "email"),
        ({"name": "X", "website": "https://x.example"}, "website"),
        ({"name": "X", "is_manufacturer": True}, "is_manufacturer"),
        ({"name": "X", "color": "red"}, "color"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_field(api, told, field):
    before = picture()

    assert set(body(api.post("company/", told), 400)) == {field}
    assert picture() == before


def test_companies_are_found_by_their_role(api, bo):
    mill = body(api.post("company/", {"name": "Mill"}), 201)["pk"]
    body(api.patch(f"company/{mill}/", {"active": False}))

    def found(query):
        return [row["pk"] for row in body(api.get(f"company/?{query}"))]

    assert found("is_customer=true") == [bo.pk]
    assert found("is_supplier=1") == [mill]
    assert found("active=false") == [mill]
    assert found("is_manufacturer=true") == []
    assert found("search=jans") == [bo.pk]


def test_a_company_is_made_inactive_never_deleted(api, bo):
    refusal = body(api.delete(f"company/{bo.pk}/"), 409)

    assert set(refusal) == {"non_field_errors"}
    assert body(api.get(f"company/{bo.pk}/"))["active"]


def test_contacts_come_and_go(api, bo):
    told = body(api.post("company/contact/", {"company": bo.pk, "name": "An", "role": "Dock"}), 201)
    one = Contact.objects.get()

    assert told == {
        "pk": one.pk,
        "company": bo.pk,
        "company_name": "Bo Jansen",
        "name": "An",
        "phone": "",
        "email": "",
        "role": "Dock",
    }
    assert body(api.patch(f"company/contact/{one.pk}/", {"phone": "1"}))["phone"] == "1"
    assert body(api.get(f"company/contact/?company={bo.pk}&limit=5"))["count"] == 1
    assert api.delete(f"company/contact/{one.pk}/").status_code == 204
    body(api.get(f"company/contact/{one.pk}/"), 404)


def test_a_contact_stays_with_its_company(api, bo, cy):
    one = body(api.post("company/contact/", {"company": bo.pk, "name": "An"}), 201)["pk"]

    refusal = body(api.patch(f"company/contact/{one}/", {"company": cy.pk}), 400)

    assert refusal == {"company": ["This field is read-only."]}


def test_one_address_is_the_primary_one(api, bo):
    first = body(
        api.post(
            "company/address/",
            {"company": bo.pk, "title": "Home", "line1": "Dam 1", "postal_city": "Utrecht"},
        ),
        201,
    )
    second = body(
        api.post("company/address/", {"company": bo.pk, "line1": "Dam 2", "primary": True}), 201
    )

    assert first["primary"] is True
    assert (first["postal_city"], first["country"]) == ("Utrecht", "")
    assert second["primary"] is True
    assert Address.objects.get(primary=True).pk == second["pk"]
    company = body(api.get(f"company/{bo.pk}/?address_detail=true"))
    assert company["primary_address"] == second


def test_a_country_is_two_letters(api, bo):
    told = {"company": bo.pk, "line1": "Dam 1", "country": "nl"}

    body(api.post("company/address/", told), 422)
    body(api.post("company/address/", {**told, "country": "Netherlands"}), 400)


def test_who_only_looks_changes_no_company(roles, bo):
    viewer = Caller(actor_with("Viewer", username="viewer"))
    before = picture()

    body(viewer.get(f"company/{bo.pk}/"))
    for method, path in (
        ("POST", "company/"),
        ("PATCH", f"company/{bo.pk}/"),
        ("POST", "company/contact/"),
        ("POST", "company/address/"),
    ):
        body(viewer.call(method, path, {"name": "X"}), 403)

    assert picture() == before
    body(Caller().get("company/"), 401)


def test_metadata_hangs_on_a_company(api, bo):
    body(api.patch(f"company/{bo.pk}/metadata/", {"metadata": {"a": 1}}))
    told = body(api.patch(f"company/{bo.pk}/metadata/", {"metadata": {"b": 2}}))

    assert told == {"metadata": {"a": 1, "b": 2}}
    assert body(api.get(f"metadata/company/{bo.pk}/")) == told


def test_what_we_do_not_have_is_an_empty_list(api):
    assert body(api.get("project-code/")) == []
    assert body(api.get("report/template/?model_type=salesorder")) == []
    assert body(api.get("parameter/?limit=5"))["count"] == 0
    body(api.post("project-code/", {"code": "X"}), 405)
