"""Who sees what: granted one by one, counted, and nothing beyond."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from tests.factories import UserFactory, ask_return, goods, sell


@pytest.fixture
def admin(client, roles):
    """A browser in which an administrator is logged in."""
    client.force_login(UserFactory(username="ada", roles=["Administrator"]))
    return client


@pytest.fixture
def joost(roles):
    """Somebody who may look at returns, but at none in particular."""
    group = Group.objects.create(name="Partner")
    names = ("view_return", "view_company", "view_business")
    group.permissions.set(Permission.objects.filter(codename__in=names))
    return UserFactory(username="joost", roles=["Partner"])


@pytest.fixture
def two(business, bo, cy):
    """A return of Bo's and one of Cy's."""
    return [
        ask_return(sell(business, who, goods("TENT"), reference=who.reference)) for who in (bo, cy)
    ]


def text_of(answer):
    return answer.content.decode()


def counts_of(answer):
    return {str(row["label"]): row["count"] for row in answer.context["chosen"]["counts"]}


@pytest.mark.parametrize("holder", ["user", "role"])
def test_who_was_granted_one_return_sees_that_one_alone(admin, joost, two, holder):
    mine, other = two
    key = joost.pk if holder == "user" else joost.groups.get().pk
    partner = Client()
    partner.force_login(joost)
    before = [partner.get(f"/returns/{row.uuid}/").status_code for row in two]

    admin.post("/settings/sight/grant/", {holder: key, "kind": "returns", "record": mine.reference})

    after = [partner.get(f"/returns/{row.uuid}/").status_code for row in two]
    listed = text_of(partner.get("/returns/"))
    assert before == [404, 404]
    assert after == [200, 404]
    assert mine.reference in listed
    assert other.reference not in listed
    assert counts_of(admin.get(f"/settings/sight/?{holder}={key}"))["Returns"] == "1"


def test_what_was_withdrawn_is_out_of_sight_again(admin, joost, two, bo):
    grant = {"user": joost.pk, "kind": "companies", "record": bo.reference}
    admin.post("/settings/sight/grant/", grant)
    seen = counts_of(admin.get(f"/settings/sight/?user={joost.pk}"))

    admin.post(
        "/settings/sight/withdraw/", {"user": joost.pk, "kind": "companies", "key": str(bo.pk)}
    )

    left = counts_of(admin.get(f"/settings/sight/?user={joost.pk}"))
    assert (seen["Customers"], seen["Returns"]) == ("1", "1")
    assert (left["Customers"], left["Returns"]) == ("0", "0")


def test_who_sees_all_is_said_to_by_which_role(admin, two):
    viewer = UserFactory(username="vera", roles=["Viewer"])

    page = admin.get(f"/settings/sight/?user={viewer.pk}")

    assert counts_of(page)["Returns"] == "2"
    assert "Everything of every business" in text_of(page)
    assert "of Viewer." in text_of(page)


def test_a_record_that_is_not_there_is_said_at_its_field(admin, joost):
    answer = admin.post(
        "/settings/sight/grant/", {"user": joost.pk, "kind": "returns", "record": "RMA-0"}
    )

    assert answer.status_code == 422
    assert "There is no such record." in text_of(answer)
