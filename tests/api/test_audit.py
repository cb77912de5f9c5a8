"""What a request did is found by its id, for who may read everything."""

from __future__ import annotations

import pytest

from tests.api.caller import Caller, codes, problem
from tests.factories import actor_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(roles: None) -> Caller:
    return Caller(actor_with("Administrator").user)


def test_the_changes_of_a_request_are_found_by_its_id(admin: Caller) -> None:
    new = {"reference": "NEW", "name": "Newcomer"}
    made = admin.post("/companies/", new, X_Request_ID="order-7.retry_2").json()
    admin.post("/companies/", {**new, "reference": "OTHER"})

    (entry,) = admin.get("/audit/?request_id=order-7.retry_2").json()["results"]

    assert (entry["verb"], entry["n"], entry["door"]) == ("create", 1, "api")
    assert (entry["aggregate"], entry["record"]) == ("customers.company", made["id"])
    assert admin.get("/audit/?request_id=nothing").json()["results"] == []
    assert len(admin.get(f"/audit/?record={made['id']}").json()["results"]) == 1


@pytest.mark.parametrize("role", ["Viewer", "Manager", "Integrator"])
def test_the_trail_of_everything_is_for_who_manages_settings(roles: None, role: str) -> None:
    refused = problem(Caller(actor_with(role)).get("/audit/"), 403)

    assert refused["code"] == "not_permitted"


def test_an_odd_filter_is_refused(admin: Caller) -> None:
    assert codes(admin.get("/audit/?record=x")) == {"record": "invalid_parameter"}
    assert codes(admin.get("/audit/?search=x")) == {"search": "unknown_parameter"}
