"""The staff pages of customers, their contacts and addresses."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from guardian.shortcuts import assign_perm

from customers.models import Address, Company
from customers.services import save_address, save_contact
from rmaproject.access.actors import SYSTEM
from tests.factories import CompanyFactory, actor_with, goods, sell


@pytest.fixture
def clerk(client, ada):
    client.force_login(ada.user)
    return client


def fresh(company):
    return Company.objects.get(pk=company.pk)


def address(name, company, *more):
    return reverse(f"customers:{name}", args=[company.uuid, *more])


def post(client, url, company, **values):
    return client.post(url, {"version": fresh(company).version, **values})


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(seen)


def test_a_customer_is_added_and_made_inactive(clerk, roles):
    given = {"reference": "DEE", "name": "Dee", "country": "nl", "is_customer": "on"}
    clerk.post(reverse("customers:create"), {**given, "active": "on"})
    dee = Company.objects.get(reference="DEE")
    assert (dee.country, dee.active) == ("NL", True)

    post(clerk, address("edit", dee), dee, **given)

    assert not fresh(dee).active
    page = clerk.get(address("detail", dee)).content.decode()
    assert "Only active customers get new orders." in page


def test_a_number_that_is_taken_is_a_conflict_and_the_input_stays(clerk, bo):
    given = {"reference": "bo", "name": "Another Bo", "is_customer": "on"}

    refused = clerk.post(reverse("customers:create"), given)

    assert refused.status_code == 409
    assert "Another company has this reference." in refused.content.decode()
    assert 'value="Another Bo"' in refused.content.decode()


def test_a_new_primary_address_takes_the_place_of_the_old_one(clerk, bo):
    post(clerk, address("add_address", bo), bo, line1="Dock 1", city="Delft")
    post(clerk, address("add_address", bo), bo, line1="Quay 2", primary="on")

    rows = Address.objects.filter(company=bo).order_by("pk")
    assert [(row.line1, row.primary) for row in rows] == [("Dock 1", False), ("Quay 2", True)]


def test_a_contact_is_added_changed_and_forgotten(clerk, bo):
    post(clerk, address("add_contact", bo), bo, name="Ann", email="ann@bo.example")
    ann = bo.contacts.get()
    post(clerk, address("edit_contact", bo, ann.uuid), bo, name="Anna", role="Buyer")
    ann.refresh_from_db()
    assert (ann.name, ann.role) == ("Anna", "Buyer")

    post(clerk, address("remove_contact", bo, ann.uuid), bo)

    assert not bo.contacts.exists()


def test_a_contact_of_another_company_is_not_there(clerk, bo, cy):
    ann = save_contact(cy.pk, {"name": "Ann"}, actor=SYSTEM)

    answer = post(clerk, address("remove_contact", bo, ann.uuid), bo)

    assert answer.status_code == 404
    assert cy.contacts.exists()


def test_a_stale_page_changes_nothing_and_shows_what_was_typed(clerk, bo):
    seen = bo.version
    save_contact(bo.pk, {"name": "Ann"}, actor=SYSTEM)
    given = {"reference": "BO", "name": "Bo the Second", "version": seen}

    refused = clerk.post(address("edit", bo), given)

    assert refused.status_code == 412
    assert 'value="Bo the Second"' in refused.content.decode()
    assert fresh(bo).name == "Bo Jansen"


def test_a_customers_page_shows_orders_units_and_account(clerk, business, bo):
    order = sell(
        business, bo, goods("TENT", price="74.80", serials=("T-9",)), paid=False, reference="S-1"
    )

    page = clerk.get(address("detail", bo)).content.decode()

    assert f'href="/sales/{order.uuid}/"' in page
    assert "T-9" in page
    assert "74.80" in page
    assert "owes us" in page


def test_who_sees_no_invoices_sees_no_account(client, business, bo, roles):
    sell(business, bo, goods("TENT", price="74.80"), paid=False)
    client.force_login(actor_with("Viewer", username="vi").user)

    page = client.get(address("detail", bo)).content.decode()

    assert "Sales orders" in page
    assert "owes us" not in page


def test_a_customer_out_of_sight_is_not_there(client, bo, cy, roles):
    group = Group.objects.get(name="Viewer")
    group.permissions.remove(group.permissions.get(codename="see_all_businesses"))
    viewer = actor_with("Viewer", username="vi").user
    assign_perm("customers.view_company", viewer, cy)
    client.force_login(viewer)

    listed = client.get(reverse("customers:list")).content.decode()

    assert "Cy Stranger" in listed
    assert "Bo Jansen" not in listed
    assert client.get(address("detail", bo)).status_code == 404
    assert client.get(address("detail", cy)).status_code == 200


def test_a_viewer_sees_customers_and_may_not_change_them(client, bo, roles):
    client.force_login(actor_with("Viewer", username="vi").user)

    page = client.get(address("detail", bo))
    refused = post(client, address("edit", bo), bo, reference="BO", name="Mine")

    assert page.status_code == 200
    assert address("edit", bo) not in page.content.decode()
    assert refused.status_code == 403
    assert fresh(bo).name == "Bo Jansen"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, {"Bo Jansen", "Gone Ltd"}),
        ({"active": "yes"}, {"Bo Jansen"}),
        ({"active": "no"}, {"Gone Ltd"}),
        ({"q": "jans"}, {"Bo Jansen"}),
        ({"q": "gon"}, {"Gone Ltd"}),
        ({"role": "supplier"}, set()),
    ],
)
def test_the_list_of_customers_is_narrowed_by_its_filters(clerk, bo, query, shown):
    CompanyFactory(reference="GONE", name="Gone Ltd", active=False)

    page = clerk.get(reverse("customers:list"), query).content.decode()

    assert {name for name in ("Bo Jansen", "Gone Ltd") if name in page} == shown


def test_the_list_and_the_page_cost_the_same_with_many_rows(clerk, business, bo):
    def fill(n):
        company = CompanyFactory(reference=f"N-{n}")
        save_address(company.pk, {"line1": "Street 1", "city": "Delft"}, actor=SYSTEM)
        save_contact(bo.pk, {"name": f"Ann {n}"}, actor=SYSTEM)
        save_address(bo.pk, {"line1": f"Street {n}"}, actor=SYSTEM)
        sell(business, bo, goods("TENT", serials=(f"T-{n}",)))

    fill(0)
    pages = [reverse("customers:list"), address("detail", bo)]
    few = [queries(clerk, url) for url in pages]

    for n in range(1, 12):
        fill(n)

    assert [queries(clerk, url) for url in pages] == few
