"""Custom fields on the pages: defined in the settings, filled in, read, and looked for."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape

import pytest

from returns.custom import shown
from returns.models import CustomField, ReturnOrder
from returns.services import LineInput, create_custom_field, edit_custom_field, request_return
from rmaproject.access.actors import SYSTEM
from tests.factories import UserFactory
from tests.web.browser import fill, text_of


@pytest.fixture
def fields(db):
    for values in (
        {"target": "return", "code": "colour", "kind": "choice", "choices": ["Red", "Blue"]},
        {"target": "return", "code": "weight", "kind": "number", "required": True},
        {"target": "return", "code": "gift", "kind": "boolean"},
        {"target": "return", "code": "bought_on", "kind": "date"},
        {"target": "line", "code": "seal", "kind": "choice", "choices": ["whole", "broken"]},
        {"target": "line", "code": "size", "kind": "number"},
    ):
        create_custom_field({**values, "name": values["code"].title()}, actor=SYSTEM)


def test_an_administrator_adds_a_field_and_changes_what_may_be_changed(client, roles, business):
    client.force_login(UserFactory(username="root", roles=["Administrator"]))
    told = {"code": "colour", "name": "Colour", "target": "return", "kind": "choice"}

    made = client.post(
        "/settings/fields/new/",
        {**told, "choices": "Red\n Blue \n\n", "position": 1, "active": "on"},
    )

    assert made.status_code == 302
    field = CustomField.objects.get()
    assert (field.choices, field.active, field.required) == (["Red", "Blue"], True, False)
    path = f"/settings/fields/{field.uuid}/"
    form = text_of(client.get(path))
    assert 'name="kind"' not in form
    version = re.search(r'name="version" value="(\d+)"', form)[1]
    changed = {"name": "Colour", "choices": "Red", "position": 1, "version": version}
    assert client.post(path, changed).status_code == 302
    field.refresh_from_db()
    assert (field.choices, field.active) == (["Red"], False)
    assert "Not offered" in text_of(client.get("/settings/fields/"))


def test_a_field_that_cannot_be_keeps_what_was_typed(client, roles, business):
    client.force_login(UserFactory(username="root", roles=["Administrator"]))

    answer = client.post(
        "/settings/fields/new/",
        {"code": "A b", "name": "Odd", "target": "line", "kind": "text", "position": 0},
    )

    assert answer.status_code == 422
    assert "A code has 1 to 40 of a to z, 0 to 9 and _." in text_of(answer)
    assert 'value="A b"' in text_of(answer)
    assert CustomField.objects.count() == 0


def test_fields_of_a_return_and_its_lines_are_filled_in_and_read(
    clerk, business, bo, tents, fields
):
    line = tents.lines.get()
    asked = {
        "customer": "BO",
        "business": business.uuid,
        f"quantity_{line.uuid}": "1",
        "custom_colour": "Blue",
        "custom_weight": "2,5",
        "custom_gift": "false",
        "custom_bought_on": "2026-03-02",
        f"custom_{line.uuid}_seal": "broken",
        f"custom_{line.uuid}_size": "",
    }

    answer = clerk.post("/returns/new/", asked)

    assert answer.status_code == 302
    order = ReturnOrder.objects.get()
    assert shown(order.custom_values.filter(line=None).select_related("field")) == {
        "bought_on": "2026-03-02",
        "colour": "Blue",
        "gift": False,
        "weight": "2.5",
    }
    page = text_of(clerk.get(f"/returns/{order.uuid}/"))
    for words in ("<dd>Blue</dd>", "<dd>2.5</dd>", "<dd>No</dd>", "Seal: broken"):
        assert words in page, words


def test_a_required_field_left_empty_is_named_and_the_rest_is_kept(
    clerk, business, bo, tents, fields
):
    line = tents.lines.get()

    answer = clerk.post(
        "/returns/new/",
        {
            "customer": "BO",
            "business": business.uuid,
            f"quantity_{line.uuid}": "1",
            "custom_colour": "Blue",
            f"custom_{line.uuid}_seal": "broken",
        },
    )

    assert answer.status_code == 422
    assert "Weight must be filled in." in text_of(answer)
    assert '<option value="Blue" selected>' in text_of(answer)
    assert '<option value="broken" selected>' in text_of(answer)
    assert not ReturnOrder.objects.exists()


def asked_for(business, bo, sale=None, **custom):
    told = {"weight": 1, **custom}
    lines = []
    if sale is not None:
        held = {"seal": "whole", "size": 3}
        lines = [LineInput(Decimal(1), order_line=sale.lines.get(), custom=held)]
    return request_return(business=business, customer=bo, actor=SYSTEM, lines=lines, custom=told)


def test_an_edit_shows_what_is_held_and_writes_what_was_changed(clerk, business, bo, tents, fields):
    order = asked_for(business, bo, tents, gift=True)
    line = order.lines.get()
    form = text_of(clerk.get(f"/returns/{order.uuid}/edit/"))
    assert '<option value="true" selected>' in form
    assert f'name="custom_{line.uuid}_size" value="3"' in form

    answer = fill(
        clerk,
        order,
        "edit",
        **{
            "custom_weight": "4",
            "custom_gift": "",
            f"quantity_{line.uuid}": "1",
            f"custom_{line.uuid}_seal": "broken",
            f"custom_{line.uuid}_size": "3",
        },
    )

    assert answer.status_code == 302
    values = order.custom_values.select_related("field")
    assert shown(values.filter(line=None)) == {"weight": "4"}
    assert shown(values.filter(line=line)) == {"seal": "broken", "size": "3"}
    page = text_of(clerk.get(f"/returns/{order.uuid}/"))
    assert "Weight" in page


def test_the_list_is_narrowed_by_a_field(clerk, business, bo, fields):
    red, blue = (asked_for(business, bo, colour=colour) for colour in ("Red", "Blue"))

    page = text_of(clerk.get("/returns/?custom.colour=Blue"))
    odd = clerk.get("/returns/?custom.colour=Green")

    assert blue.reference in page
    assert red.reference not in page
    assert odd.status_code == 400
    assert clerk.get("/returns/?custom.weight=much").status_code == 400


def test_choices_are_rows_that_are_moved_and_taken_out_before_they_are_saved(client, roles, db):
    client.force_login(UserFactory(username="root", roles=["Administrator"]))
    path = "/settings/fields/new/"
    told = {"target": "return", "code": "colour", "name": "Colour", "kind": "choice"}
    told |= {"position": "0", "active": "on", "choices": ["Red", "Blue", " Green ", ""]}

    up = client.post(path, {**told, "do": "up-1"})
    gone = client.post(path, {**told, "do": "drop-0"})
    more = client.post(path, {**told, "code": "", "do": "add"})
    beyond = client.post(path, {**told, "do": "down-99"})
    nothing = CustomField.objects.count()
    client.post(path, told)

    def rows(answer):
        return [row["text"] for row in answer.context["form"].rows]

    assert rows(up) == ["Blue", "Red", " Green ", ""]
    assert rows(gone) == ["Blue", " Green ", ""]
    assert rows(more) == ["Red", "Blue", " Green ", ""]
    assert rows(beyond) == ["Red", "Blue", " Green ", ""]
    assert "Not saved" not in text_of(more)
    assert 'value="Colour"' in text_of(more)
    assert nothing == 0
    assert CustomField.objects.get().choices == ["Red", "Blue", "Green"]


def test_choices_that_two_people_changed_are_shown_side_by_side(client, roles, db):
    client.force_login(UserFactory(username="root", roles=["Administrator"]))
    values = {"target": "return", "code": "colour", "name": "Colour", "kind": "choice"}
    field = create_custom_field({**values, "choices": ["Red", "Blue"]}, actor=SYSTEM)
    path = f"/settings/fields/{field.uuid}/"
    opened = text_of(client.get(path))
    base = unescape(re.search(r'name="base" value="([^"]*)"', opened)[1])
    edit_custom_field(field.pk, {"choices": ["Red", "Blue", "Green"]}, actor=SYSTEM)

    told = {"version": "1", "base": base, "name": "Colour", "position": "0", "active": "on"}
    met = client.post(path, {**told, "choices": ["Red", "Blue", "Pink"]})

    (clash,) = met.context["form"].meeting.clashes
    assert met.status_code == 412
    assert (clash.was, clash.theirs) == ("Red, Blue", "Red, Blue, Green")
    assert clash.yours == "Red, Blue, Pink"
