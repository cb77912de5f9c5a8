"""Companies with their contacts and addresses."""

from __future__ import annotations

import pytest

from customers.models import Address, Company, Contact
from customers.selectors import visible_companies
from customers.services import (
    create_company,
    edit_company,
    remove_address,
    remove_contact,
    save_address,
    save_contact,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.trail import history
from rmaproject.shared.errors import Conflict, RuleViolation
from tests.changes import picture
from tests.factories import CompanyFactory, actor_with


def test_a_reference_is_taken_once_whatever_its_case(bo):
    before = picture()

    with pytest.raises(Conflict) as refusal:
        create_company({"reference": "bo", "name": "Other"}, actor=SYSTEM)

    assert refusal.value.code == "reference_exists"
    assert picture() == before


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"reference": "X ", "name": "X"}, "invalid_reference"),
        ({"reference": "X", "name": ""}, "name_missing"),
        ({"reference": "X", "name": "X", "country": "nl"}, "invalid_country"),
    ],
)
def test_a_company_is_refused_with_the_reason(db, values, code):
    with pytest.raises(RuleViolation) as refusal:
        create_company(values, actor=SYSTEM)

    assert refusal.value.code == code
    assert not Company.objects.exists()


def test_personal_values_stay_out_of_the_trail(bo):
    edited = edit_company(bo.pk, {"name": "Bo B. Jansen", "active": False}, actor=SYSTEM)

    entry = history(edited)[1]
    assert (edited.name, edited.version) == ("Bo B. Jansen", 2)
    assert entry.facts == {"changed": {"active": [True, False]}, "private": ["name"]}


def test_an_edit_that_changes_nothing_leaves_no_trace(bo):
    before = picture()

    edit_company(bo.pk, {"name": bo.name}, actor=SYSTEM)

    assert picture() == before


def test_who_makes_a_company_sees_it_without_seeing_all(roles):
    ada = actor_with("Service agent")
    CompanyFactory(reference="CY")
    ada.user.groups.first().permissions.remove(
        ada.user.groups.first().permissions.get(codename="see_all_businesses")
    )
    clerk = type(ada)(type(ada.user).objects.get(pk=ada.user.pk), door="web")

    made = create_company({"reference": "NEW", "name": "New"}, actor=clerk)

    after = type(ada)(type(ada.user).objects.get(pk=ada.user.pk), door="web")
    assert list(visible_companies(after)) == [made]


def test_the_first_address_is_the_primary_one_and_a_new_primary_takes_over(bo):
    first = save_address(bo.pk, {"line1": "Dam 1"}, actor=SYSTEM)
    second = save_address(bo.pk, {"line1": "Dam 2"}, actor=SYSTEM)
    assert (first.primary, second.primary) == (True, False)

    save_address(bo.pk, {"primary": True}, address=second, actor=SYSTEM)

    assert list(Address.objects.filter(primary=True)) == [second]
    assert Company.objects.get(pk=bo.pk).version == 4


def test_contacts_come_and_go_and_the_company_remembers_that(bo):
    contact = save_contact(bo.pk, {"name": "Bo"}, actor=SYSTEM)
    save_contact(bo.pk, {"phone": "1"}, contact=contact, actor=SYSTEM)
    remove_contact(contact, actor=SYSTEM)
    address = save_address(bo.pk, {"line1": "Dam 1"}, actor=SYSTEM)
    remove_address(address, actor=SYSTEM)

    assert not Contact.objects.exists()
    assert not Address.objects.exists()
    verbs = [entry.verb for entry in history(bo)]
    assert verbs == [
        "create",
        "edit_contact",
        "edit_contact",
        "remove_contact",
        "edit_address",
        "remove_address",
    ]
    assert all("Bo" not in str(entry.facts) for entry in history(bo)[1:])


def test_how_a_customer_is_marked_stands_in_the_trail(bo):
    edit_company(bo.pk, {"flags": ["vip", "press"]}, actor=SYSTEM)

    entry = history(bo)[-1]
    assert entry.facts == {"changed": {"flags": ["", "vip, press"]}}
