"""Reasons, dispositions and the switch over REST: read by all who see returns, kept by few."""

from __future__ import annotations

import pytest

from returns.models import Disposition, Reason, ReturnsSwitch
from rmaproject.audit.models import AuditEntry
from tests.api.caller import Caller, pointers, problem
from tests.factories import BusinessFactory, actor_with


@pytest.fixture
def admin(roles):
    return Caller(actor_with("Administrator").user)


@pytest.fixture
def viewer(roles):
    return Caller(actor_with("Viewer").user)


def test_a_reason_is_added_changed_and_found(business, admin, viewer):
    made = admin.post("/reasons/", {"code": "late", "name": "Came too late"})
    path = f"/reasons/{made.json()['id']}/"
    changed = admin.patch(path, {"active": False}, If_Match='"1"')

    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    assert (changed.json()["active"], changed.json()["version"]) == (False, 2)
    assert viewer.get(path).json() == changed.json()
    found = viewer.get("/reasons/?active=false").json()["results"]
    assert [row["code"] for row in found] == ["late"]
    entries = AuditEntry.objects.filter(aggregate_id=made.json()["id"]).order_by("n")
    assert [entry.verb for entry in entries] == ["create", "edit"]


def test_an_inactive_reason_cannot_be_chosen(business, bo, admin):
    reason = Reason.objects.get(code="other")
    admin.patch(f"/reasons/{reason.uuid}/", {"active": False}, If_Match='"1"')

    body = {"business": "1000", "customer": "BO", "reason": "other"}

    assert pointers(problem(admin.post("/returns/", body), 404)) == {"/reason": "not_found"}


def test_a_code_is_taken_once_whatever_its_case(business, admin):
    count = Reason.objects.count()

    refusal = problem(admin.post("/reasons/", {"code": "DEFECTIVE", "name": "x"}), 409)

    assert refusal["code"] == "code_exists"
    assert Reason.objects.count() == count


def test_a_disposition_stands_for_a_fixed_action(business, admin):
    body = {"code": "b-stock", "name": "Sell as B stock", "action": "quarantine"}

    made = admin.post("/dispositions/", body)
    refused = admin.post("/dispositions/", {**body, "code": "burn", "action": "burn"})

    assert made.json()["action"] == "quarantine"
    assert pointers(problem(refused, 400)) == {"/action": "invalid_choice"}
    path = f"/dispositions/{made.json()['id']}/"
    assert admin.patch(path, {"action": "scrap"}, If_Match='"1"').json()["action"] == "scrap"
    assert Disposition.objects.filter(code="burn").count() == 0


@pytest.mark.parametrize("path", ["/reasons/", "/dispositions/"])
def test_only_who_keeps_settings_changes_codes(business, viewer, path):
    row = viewer.get(path).json()["results"][0]

    refused = viewer.post(path, {"code": "x", "name": "x", "action": "scrap"})
    changed = viewer.patch(f"{path}{row['id']}/", {"name": "x"}, If_Match='"1"')

    assert problem(refused, 403)["code"] == "not_permitted"
    assert problem(changed, 403)["code"] == "not_permitted"
    assert viewer.get(f"{path}{row['id']}/").json() == row
    assert problem(Caller(actor_with().user).get(path), 403)


def test_an_administrator_switches_returns_on_and_off(admin, roles):
    BusinessFactory()
    off = admin.get("/settings/")
    assert (off.json()["returns_enabled"], off.headers["ETag"]) == (False, '"0"')

    assert problem(admin.patch("/settings/", {"returns_enabled": True}), 428)
    on = admin.patch("/settings/", {"returns_enabled": True}, If_Match='"0"')
    stale = admin.patch("/settings/", {"returns_enabled": False}, If_Match='"0"')

    assert (on.json()["returns_enabled"], on.headers["ETag"]) == (True, '"1"')
    assert problem(stale, 412)["code"] == "stale_version"
    assert admin.get("/returns/").status_code == 200
    assert admin.patch("/settings/", {"returns_enabled": False}, If_Match='"1"').status_code == 200
    assert problem(admin.get("/returns/"), 403)["code"] == "returns_disabled"
    assert admin.get("/reasons/").status_code == 200


def test_returns_stay_off_while_a_business_has_no_place_for_them(admin):
    BusinessFactory(code="2000", returns_location=None)

    refusal = problem(admin.patch("/settings/", {"returns_enabled": True}, If_Match='"0"'), 422)

    assert refusal["code"] == "returns_location_missing"
    assert refusal["facts"]["businesses"] == ["2000"]
    assert ReturnsSwitch.objects.count() == 0


def test_settings_are_for_who_keeps_them(ada):
    manager = Caller(ada.user)

    assert problem(manager.get("/settings/"), 403)
    assert problem(manager.patch("/settings/", {"returns_enabled": True}, If_Match='"0"'), 403)
    assert ReturnsSwitch.objects.count() == 0
