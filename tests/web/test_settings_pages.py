"""The settings: who may change them, what stands in the way, and that changes leave a trail."""

from __future__ import annotations

import logging
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from returns.models import Disposition, Reason
from returns.services import turn_returns
from returns.services.codes import create_reason
from returns.switch import returns_are_on
from rmaproject.access.actors import SYSTEM
from rmaproject.access.models import User
from rmaproject.audit import trail
from rmaproject.shared.errors import Conflict
from sales.models import Business
from sales.services.businesses import edit_business
from tests.factories import BusinessFactory, LocationFactory, UserFactory


@pytest.fixture
def admin(client, roles):
    """A browser in which an administrator is logged in."""
    client.force_login(UserFactory(username="ada", roles=["Administrator"]))
    return client


def text_of(answer):
    return answer.content.decode()


def test_who_may_only_deal_with_people_finds_them_in_the_navigation(client, admin, business):
    keeper = Group.objects.create(name="Keeper")
    keeper.permissions.add(Permission.objects.get(codename="manage_users"))
    client.force_login(UserFactory(username="kim", roles=["Keeper"]))

    start = client.get("/")
    page = text_of(client.get(start.url))

    assert start.url == "/settings/users/"
    assert '<a href="/settings/"' not in page
    client.force_login(User.objects.get(username="ada"))
    places = [row["url"] for row in client.get("/settings/").context["nav"]]
    assert "/settings/" in places
    assert "/settings/users/" not in places


def test_an_administrator_switches_returns_on_and_off(admin, db):
    BusinessFactory()

    admin.post("/settings/switch/", {"enabled": "on"})
    on = returns_are_on()
    admin.post("/settings/switch/")

    assert on
    assert not returns_are_on()


def test_a_business_without_a_returns_location_stands_in_the_way_and_is_linked(admin):
    homeless = BusinessFactory(name="Boats & Co", returns_location=None)

    answer = admin.post("/settings/switch/", {"enabled": "on"})

    assert answer.status_code == 422
    assert f"/settings/businesses/{homeless.uuid}/" in text_of(answer)
    assert "Choose a returns location" in text_of(answer)
    assert not returns_are_on()


def test_settings_stay_reachable_while_returns_are_off(admin, business):
    turn_returns(on=False, actor=SYSTEM)

    for path in ("", "businesses/", "reasons/", "dispositions/", "roles/"):
        assert admin.get(f"/settings/{path}").status_code == 200, path


def test_a_manager_may_not_change_settings(client, ada, business):
    client.force_login(ada.user)

    for path in ("", "businesses/", "reasons/new/", "roles/"):
        assert client.get(f"/settings/{path}").status_code == 403, path
    assert client.post("/settings/switch/").status_code == 403
    assert returns_are_on()


BOATS = {"code": "2000", "name": "Boats & Co", "currency": "JPY", "time_zone": "Asia/Tokyo"}


def test_a_business_is_made_with_its_patterns(admin):
    dock = LocationFactory(code="DOCK")

    answer = admin.post(
        "/settings/businesses/new/",
        {**BOATS, "returns_location": dock.uuid, "pattern_return_order": "R{year}-{ref:05d}"},
    )

    assert answer.status_code == 302
    made = Business.objects.get(code="2000")
    assert (made.currency, made.returns_location) == ("JPY", dock)
    assert made.patterns.get().pattern == "R{year}-{ref:05d}"
    assert "R{year}-{ref:05d}" in text_of(admin.get("/settings/businesses/"))


def test_who_keeps_the_settings_and_sees_no_customers_changes_a_business_all_the_same(
    client, roles, business, bo
):
    edit_business(business.pk, {"anonymous_customer": bo}, actor=SYSTEM)
    Group.objects.get(name="Administrator").permissions.remove(
        Permission.objects.get(codename="view_company")
    )
    client.force_login(UserFactory(username="ada", roles=["Administrator"]))
    path = f"/settings/businesses/{business.uuid}/"

    page = client.get(path)
    version = page.context["version"]
    answer = client.post(path, {**BOATS, "anonymous_customer": "", "version": version})

    assert "Bo Jansen" not in text_of(page)
    assert answer.status_code == 302
    business.refresh_from_db()
    assert business.name == "Boats & Co"
    assert business.anonymous_customer == bo


def test_a_pattern_that_cannot_count_is_refused_and_makes_no_business(admin):
    answer = admin.post(
        "/settings/businesses/new/", {**BOATS, "pattern_return_order": "RMA-{year}"}
    )

    assert answer.status_code == 422
    assert "It needs {ref}" in text_of(answer)
    assert not Business.objects.exists()


def test_a_business_changed_meanwhile_is_not_overwritten(admin):
    boats = BusinessFactory(**BOATS)

    edit_business(boats.pk, {"name": "Ships & Co"}, actor=SYSTEM)

    answer = admin.post(f"/settings/businesses/{boats.uuid}/", {**BOATS, "version": "1"})

    assert answer.status_code == 412
    boats.refresh_from_db()
    assert boats.name == "Ships & Co"


def test_a_reason_is_added_changed_and_offered_no_more_with_a_trail(admin, business):
    admin.post("/settings/reasons/new/", {"code": "late", "name": "Came late", "active": "on"})
    made = Reason.objects.get(code="late")

    admin.post(
        f"/settings/reasons/{made.uuid}/", {"code": "late", "name": "Too late", "version": "1"}
    )

    made.refresh_from_db()
    assert (made.name, made.active, made.version) == ("Too late", False, 2)
    assert [entry.verb for entry in trail.history(made)] == ["create", "edit"]
    assert "Too late" not in text_of(admin.get("/returns/new/"))


def test_a_code_that_is_taken_is_refused_with_a_sentence(admin, business):
    answer = admin.post("/settings/reasons/new/", {"code": "DEFECTIVE", "name": "Broken"})

    assert answer.status_code == 409
    assert "Another reason has this code." in text_of(answer)
    with pytest.raises(Conflict) as refusal:
        create_reason({"code": "Defective", "name": "Broken"}, actor=SYSTEM)
    assert refusal.value.code == "code_exists"


def test_a_disposition_maps_to_one_of_the_fixed_actions(admin, business):
    values = {"code": "outlet", "name": "Outlet", "action": "restock", "active": "on"}

    wrong = admin.post("/settings/dispositions/new/", {**values, "action": "burn"})
    admin.post("/settings/dispositions/new/", values)

    assert wrong.status_code == 422
    assert Disposition.objects.get(code="outlet").action == "restock"


def test_a_role_gets_and_loses_rights_and_the_security_log_keeps_it(admin, caplog):
    viewer = Group.objects.get(name="Viewer")

    with caplog.at_level(logging.INFO, logger="rmaproject.security"):
        admin.post(f"/settings/roles/{viewer.pk}/", {"rights": ["returns.view_return"]})

    held = set(viewer.permissions.values_list("codename", flat=True))
    assert held == {"view_return"}
    assert "Role Viewer changed by ada: given -; taken access.see_all" in caplog.text


def test_the_last_role_that_manages_users_keeps_that_right(admin):
    group = Group.objects.get(name="Administrator")

    answer = admin.post(f"/settings/roles/{group.pk}/", {"rights": ["access.manage_settings"]})

    assert answer.status_code == 422
    assert group.permissions.filter(codename="manage_users").exists()


def test_a_right_that_does_not_exist_is_refused(admin):
    viewer = Group.objects.get(name="Viewer")

    answer = admin.post(f"/settings/roles/{viewer.pk}/", {"rights": ["auth.delete_user"]})

    assert answer.status_code == 422
    assert viewer.permissions.exists()


def test_rights_read_as_people_say_them_also_where_they_were_called_otherwise(admin):
    Permission.objects.filter(codename="edit_return").update(name="Edit: returns")

    import_module("returns.migrations.0011_words_of_rights").rename(apps, None)

    page = text_of(admin.get(f"/settings/roles/{Group.objects.get(name='Manager').pk}/"))
    assert "<span>Edit returns</span>" in page
    assert ": returns" not in page


def test_the_way_to_the_first_of_a_kind_stands_on_a_page_once(admin):
    for kind in ("tokens", "webhooks", "policies"):
        page = text_of(admin.get(f"/settings/{kind}/"))
        assert page.count(f'href="/settings/{kind}/new/') == 1, kind
    assert text_of(admin.get("/imports/")).count('href="/imports/new/') == 1
