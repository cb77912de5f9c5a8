"""Custom fields over REST: kept by few, written with returns and lines, found in lists."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from returns.models import CustomField
from returns.services import create_custom_field, turn_returns
from rmaproject.access.actors import SYSTEM
from tests.api.caller import Caller, codes, pointers, problem
from tests.api.returning import asked, unchanged
from tests.factories import actor_with


@pytest.fixture
def admin(roles):
    return Caller(actor_with("Administrator"))


@pytest.fixture
def fields(db):
    for values in (
        {"target": "return", "code": "weight", "kind": "number"},
        {"target": "return", "code": "gift", "kind": "boolean"},
        {"target": "line", "code": "seal", "kind": "choice", "choices": ["whole", "broken"]},
    ):
        create_custom_field({**values, "name": values["code"].title()}, actor=SYSTEM)


COLOUR = {
    "target": "return",
    "code": "colour",
    "name": "Colour",
    "kind": "choice",
    "choices": ["Red", "Blue"],
}


def test_an_administrator_defines_a_field_and_takes_it_out_of_use(admin, business):
    made = admin.post("/custom-fields/", {**COLOUR, "required": True, "position": 3})
    path = f"/custom-fields/{made.json()['id']}/"
    changed = admin.patch(path, {"active": False, "choices": ["Red"]}, If_Match='"1"')

    assert (made.status_code, made.json()["required"], made.json()["active"]) == (201, True, True)
    assert changed.json() | {"updated_at": ""} == made.json() | {
        "version": 2,
        "active": False,
        "choices": ["Red"],
        "updated_at": "",
    }
    assert admin.get("/custom-fields/?active=false").json()["results"] == [changed.json()]
    assert admin.get("/custom-fields/?target=line").json()["results"] == []
    assert problem(admin.patch(path, {"name": "x"}, If_Match='"1"'), 412)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({**COLOUR, "code": "Colour!"}, 422, "invalid_code"),
        ({**COLOUR, "choices": []}, 422, "invalid_choices"),
        ({**COLOUR, "kind": "picture"}, 400, "invalid"),
        ({**COLOUR, "colour": 1}, 400, "invalid"),
        ({**COLOUR, "choices": [["Red"]]}, 400, "invalid"),
    ],
)
def test_a_field_that_cannot_be_is_refused(admin, business, body, status, code):
    assert problem(admin.post("/custom-fields/", body), status)["code"] == code
    assert CustomField.objects.count() == 0


def test_kind_target_and_code_of_a_field_stay(admin, fields):
    field = CustomField.objects.get(code="gift")

    refused = admin.patch(f"/custom-fields/{field.uuid}/", {"kind": "text"}, If_Match='"1"')

    assert codes(refused) == {"/kind": "unknown_field"}


def test_only_who_keeps_settings_defines_fields(roles, business, fields):
    viewer = Caller(actor_with("Viewer"))
    field = CustomField.objects.get(code="gift")

    assert problem(viewer.post("/custom-fields/", COLOUR), 403)["code"] == "not_permitted"
    path = f"/custom-fields/{field.uuid}/"
    assert problem(viewer.patch(path, {"name": "x"}, If_Match='"1"'), 403)
    assert viewer.get(path).json()["name"] == "Gift"
    assert problem(Caller(actor_with()).get("/custom-fields/"), 403)
    turn_returns(on=False, actor=SYSTEM)
    assert viewer.get("/custom-fields/").status_code == 200


def test_a_return_takes_and_shows_the_fields_of_itself_and_its_lines(
    api, business, bo, sale, fields
):
    line = {"order_line": str(sale.lines.get().uuid), "quantity": "1", "custom": {"seal": "whole"}}
    body = asked(business, bo, line, custom={"weight": 2.5, "gift": True})

    made = api.post("/returns/", body)

    assert made.status_code == 201
    assert made.json()["custom"] == {"gift": True, "weight": "2.5"}
    assert [row["custom"] for row in made.json()["lines"]] == [{"seal": "whole"}]
    path = f"/returns/{made.json()['id']}/"
    assert api.get(path).json() == made.json()
    edited = api.patch(path, {"custom": {"weight": "3", "gift": None}}, If_Match='"1"')
    assert edited.json()["custom"] == {"weight": "3"}
    line_path = f"{path}lines/{made.json()['lines'][0]['id']}/"
    changed = api.patch(line_path, {"custom": {"seal": "broken"}}, If_Match='"2"')
    assert changed.json()["custom"] == {"seal": "broken"}
    assert api.get(line_path).json() == changed.json()
    added = {"order_line": str(sale.lines.get().uuid), "quantity": "1", "custom": {"seal": "whole"}}
    assert api.post(f"{path}lines/", added).json()["custom"] == {"seal": "whole"}


def test_a_wrong_value_is_named_by_its_pointer_and_nothing_is_kept(api, business, bo, sale, fields):
    before = unchanged()
    line = {"order_line": str(sale.lines.get().uuid), "quantity": "1"}

    for body, status, pointer, code in (
        (asked(business, bo, custom={"weight": "much"}), 400, "/custom/weight", "invalid"),
        (asked(business, bo, custom={"size": 1}), 400, "/custom/size", "unknown_field"),
        (asked(business, bo, custom=[1]), 400, "/custom", "invalid"),
        (
            asked(business, bo, {**line, "custom": {"seal": "torn"}}),
            422,
            "/lines/0/custom/seal",
            "not_a_choice",
        ),
    ):
        assert pointers(problem(api.post("/returns/", body), status)) == {pointer: code}
    assert unchanged() == before


def test_a_recorded_return_may_carry_fields_and_need_not(api, business, bo, sale):
    create_custom_field(
        {"target": "return", "code": "why", "name": "Why", "kind": "text", "required": True},
        actor=SYSTEM,
    )
    line = {"order_line": str(sale.lines.get().uuid), "quantity": "1"}

    told = api.post("/returns/record/", asked(business, bo, line, custom={"why": "Late"}))
    silent = api.post("/returns/record/", asked(business, bo, line))

    assert (told.status_code, told.json()["custom"]) == (201, {"why": "Late"})
    assert (silent.status_code, silent.json()["custom"]) == (201, {})


def test_returns_are_found_by_their_fields_and_those_of_their_lines(
    api, business, bo, sale, fields
):
    line = {"order_line": str(sale.lines.get().uuid), "quantity": "1", "custom": {"seal": "whole"}}
    one = api.post("/returns/", asked(business, bo, line, custom={"weight": "2.5"})).json()
    two = api.post("/returns/", asked(business, bo, custom={"weight": "7", "gift": False})).json()

    for query, found in {
        "custom.weight=2.50": [one],
        "custom.weight.min=3": [two],
        "custom.weight.min=1&custom.weight.max=5": [one],
        "custom.gift=false&status=pending": [two],
        "line_custom.seal=whole": [one],
        "line_custom.seal=broken": [],
    }.items():
        results = api.get(f"/returns/?{query}").json()["results"]
        assert [row["id"] for row in results] == [row["id"] for row in found], query
    for query in ("custom.size=1", "custom.gift.min=true", "line_custom.weight=1", "custom.=1"):
        name = query.partition("=")[0]
        assert codes(api.get(f"/returns/?{query}")) == {name: "unknown_parameter"}
    assert codes(api.get("/returns/?custom.weight=x")) == {"custom.weight": "invalid_parameter"}


def test_fields_cost_a_list_one_query_however_many_there_are(api, business, bo, sale, fields):
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert api.get("/returns/").status_code == 200
        return len(caught)

    api.post("/returns/", asked(business, bo, custom={"weight": "1"}))
    one = cost()
    line = {"order_line": str(sale.lines.get().uuid), "quantity": "1", "custom": {"seal": "whole"}}
    for number in range(3):
        api.post("/returns/", asked(business, bo, line, custom={"weight": number, "gift": True}))

    assert cost() == one
