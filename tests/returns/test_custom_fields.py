"""Custom fields: defined once, typed strictly, changed with a trail, found by what they hold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from returns.custom import narrowed, shown
from returns.models import CustomField, CustomValue, ReturnOrder, Target
from returns.services import (
    LineInput,
    add_lines,
    create_custom_field,
    edit_custom_field,
    edit_line,
    edit_return,
    request_return,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from rmaproject.shared.errors import Conflict, InputErrors, Malformed, RuleViolation
from tests.changes import picture
from tests.factories import goods, sell


def define(code: str, kind: str = "text", *, target: str = "return", **more: object) -> CustomField:
    values = {"target": target, "code": code, "name": code.title(), "kind": kind, **more}
    return create_custom_field(values, actor=SYSTEM)


@pytest.fixture
def fields(db):
    """One field of every kind on returns, and two on lines."""
    define("remark", position=1)
    define("weight", "number", position=2)
    define("bought_on", "date", position=3)
    define("gift", "boolean", position=4)
    define("colour", "choice", choices=["Red", "Blue"], position=5)
    define("seal", "choice", target="line", choices=["whole", "broken"])
    define("remark", target="line")


def ask(business, bo, lines=(), **custom):
    return request_return(
        business=business, customer=bo, actor=SYSTEM, lines=list(lines), custom=custom
    )


EVERY = {
    "remark": " Left at the door ",
    "weight": "12.50",
    "bought_on": "2026-03-02",
    "gift": False,
    "colour": "Blue",
}


def test_a_return_keeps_what_was_written_in_the_type_of_each_field(business, bo, fields):
    made = ask(business, bo, **EVERY)

    held = {row.field.code: row.content for row in made.custom_values.all()}
    assert held == {
        "remark": "Left at the door",
        "weight": Decimal("12.5"),
        "bought_on": date(2026, 3, 2),
        "gift": False,
        "colour": "Blue",
    }
    assert shown(made.custom_values.select_related("field")) == {
        "remark": "Left at the door",
        "weight": "12.5",
        "bought_on": "2026-03-02",
        "gift": False,
        "colour": "Blue",
    }


@pytest.mark.parametrize(
    ("code", "value", "kind", "refusal"),
    [
        ("size", "XL", Malformed, "unknown_field"),
        ("seal", "whole", Malformed, "unknown_field"),
        ("remark", 7, Malformed, "invalid"),
        ("remark", "x" * 501, Malformed, "invalid"),
        ("remark", "a\x00b", Malformed, "invalid"),
        ("remark", "   ", Malformed, "invalid"),
        ("weight", "heavy", Malformed, "invalid"),
        ("weight", True, Malformed, "invalid"),
        ("weight", "1e3", Malformed, "invalid"),
        ("weight", "1.1234567", Malformed, "invalid"),
        ("weight", Decimal("1E13"), Malformed, "invalid"),
        ("weight", Decimal("NaN"), Malformed, "invalid"),
        ("weight", [], Malformed, "invalid"),
        ("bought_on", "02-03-2026", Malformed, "invalid"),
        ("bought_on", "2026-02-30", Malformed, "invalid"),
        ("bought_on", 20260302, Malformed, "invalid"),
        ("gift", "true", Malformed, "invalid"),
        ("gift", 1, Malformed, "invalid"),
        ("colour", "Green", RuleViolation, "not_a_choice"),
        ("colour", "red", RuleViolation, "not_a_choice"),
        ("colour", 1, Malformed, "invalid"),
    ],
)
def test_a_value_of_another_type_is_refused_and_nothing_is_kept(
    business, bo, fields, code, value, kind, refusal
):
    before = picture()

    with pytest.raises(kind) as refused:
        ask(business, bo, **{code: value})

    assert refused.value.code == refusal
    assert refused.value.pointer == f"/custom/{code}"
    assert picture() == before


def test_a_required_field_is_asked_for_on_a_new_return_and_on_each_new_line(business, bo):
    define("why", required=True)
    define("seal", "choice", target="line", choices=["whole"], required=True)
    sale = sell(business, bo, goods("TENT", "3"))
    line = LineInput(Decimal(1), order_line=sale.lines.get())
    sealed = LineInput(Decimal(1), order_line=sale.lines.get(), custom={"seal": "whole"})
    before = picture()

    refusals = []
    for lines, custom in (([], {}), ([sealed, line], {"why": "Broken"})):
        with pytest.raises(RuleViolation) as refused:
            ask(business, bo, lines, **custom)
        refusals.append((refused.value.code, refused.value.pointer))

    assert refusals == [
        ("custom_required", "/custom/why"),
        ("custom_required", "/lines/1/custom/seal"),
    ]
    assert picture() == before
    made = ask(business, bo, [sealed], why="Broken")
    with pytest.raises(RuleViolation) as refused:
        add_lines(made.pk, [line], actor=SYSTEM)
    assert refused.value.pointer == "/custom/seal"


def test_a_required_field_cannot_be_emptied_later(business, bo):
    define("why", required=True)
    made = ask(business, bo, why="Broken")

    with pytest.raises(RuleViolation) as refused:
        edit_return(made.pk, {"custom": {"why": None}}, actor=SYSTEM)

    assert (refused.value.code, refused.value.pointer) == ("custom_required", "/custom/why")
    assert CustomValue.objects.get().text == "Broken"


def test_an_edit_writes_what_is_named_and_leaves_the_rest(business, bo, fields):
    made = ask(business, bo, **EVERY)

    edit_return(made.pk, {"custom": {"gift": True, "weight": None, "remark": ""}}, actor=SYSTEM)

    values = made.custom_values.select_related("field")
    assert shown(values) == {"bought_on": "2026-03-02", "gift": True, "colour": "Blue"}


def test_the_trail_holds_before_and_after_but_of_a_text_only_that_it_changed(business, bo, fields):
    made = ask(business, bo, colour="Red", remark="Call Bo at home")

    edit_return(made.pk, {"custom": {"colour": "Blue", "remark": "No"}, "note": "n"}, actor=SYSTEM)
    edit_return(made.pk, {"custom": {"colour": "Blue"}}, actor=SYSTEM)

    first, second = AuditEntry.objects.filter(aggregate_id=made.uuid).order_by("n")
    assert first.facts["changed"] == {"custom.colour": [None, "Red"]}
    assert first.facts["private"] == ["custom.remark"]
    assert second.facts == {
        "changed": {"custom.colour": ["Red", "Blue"]},
        "private": ["custom.remark", "note"],
    }


def test_a_line_has_fields_of_its_own(business, bo, fields):
    sale = sell(business, bo, goods("TENT", "3"))
    sold = sale.lines.get()
    made = ask(business, bo, [LineInput(Decimal(1), order_line=sold, custom={"seal": "whole"})])
    line = made.lines.get()

    edit_line(line, {"custom": {"seal": "broken", "remark": "Bent"}}, actor=SYSTEM)

    assert shown(line.custom_values.select_related("field")) == {
        "remark": "Bent",
        "seal": "broken",
    }
    assert made.custom_values.filter(line=None).count() == 0
    create, edit = AuditEntry.objects.filter(aggregate_id=made.uuid).order_by("n")
    assert create.facts["custom"] == [{"changed": {"custom.seal": [None, "whole"]}}]
    assert edit.facts["changed"] == {"custom.seal": ["whole", "broken"]}
    assert edit.facts["line"] == str(line.uuid)


def test_a_field_out_of_use_stays_readable_and_takes_nothing_new(business, bo, fields):
    made = ask(business, bo, colour="Red")
    field = CustomField.objects.get(code="colour")

    edit_custom_field(field.pk, {"active": False, "required": True}, actor=SYSTEM)

    assert shown(made.custom_values.select_related("field")) == {"colour": "Red"}
    with pytest.raises(Malformed) as refused:
        edit_return(made.pk, {"custom": {"colour": "Blue"}}, actor=SYSTEM)
    assert refused.value.code == "unknown_field"
    assert ask(business, bo).custom_values.count() == 0


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"code": "Colour"}, "invalid_code"),
        ({"code": "x" * 41}, "invalid_code"),
        ({"name": ""}, "name_missing"),
        ({"kind": "choice"}, "invalid_choices"),
        ({"kind": "choice", "choices": ["a", "A"]}, "invalid_choices"),
        ({"kind": "choice", "choices": ["a", ""]}, "invalid_choices"),
        ({"kind": "choice", "choices": [str(n) for n in range(101)]}, "invalid_choices"),
        ({"choices": ["a"]}, "invalid_choices"),
    ],
)
def test_a_field_that_could_not_be_used_is_refused(db, values, refusal):
    whole = {"target": "return", "code": "size", "name": "Size", "kind": "text", **values}

    with pytest.raises(RuleViolation) as refused:
        create_custom_field(whole, actor=SYSTEM)

    assert refused.value.code == refusal
    assert CustomField.objects.count() == 0


def test_a_code_is_taken_once_for_returns_and_once_for_lines(fields):
    with pytest.raises(Conflict) as refused:
        define("seal", target="line")

    assert refused.value.code == "code_exists"
    assert define("seal").target == "return"


def test_what_a_field_is_stays_and_a_choice_in_use_is_not_taken_away(business, bo, fields):
    ask(business, bo, colour="Red")
    field = CustomField.objects.get(code="colour")

    with pytest.raises(Malformed):
        edit_custom_field(field.pk, {"kind": "text"}, actor=SYSTEM)
    with pytest.raises(RuleViolation) as refused:
        edit_custom_field(field.pk, {"choices": ["Blue"]}, actor=SYSTEM)
    edit_custom_field(field.pk, {"choices": ["Red", "Green"]}, actor=SYSTEM)

    assert (refused.value.code, refused.value.facts["used"]) == ("invalid_choices", ["Red"])
    field.refresh_from_db()
    assert (field.kind, field.choices, field.version) == ("choice", ["Red", "Green"], 2)


def test_returns_and_lines_are_found_by_what_their_fields_hold(business, bo, fields):
    sale = sell(business, bo, goods("TENT", "3"))
    sold = LineInput(Decimal(1), order_line=sale.lines.get(), custom={"seal": "broken"})
    one = ask(business, bo, [sold], **EVERY)
    two = ask(business, bo, weight="-3", gift=True, bought_on="2026-04-01", colour="Red")

    for asked, found in {
        ("custom.remark", "left at the DOOR"): [one],
        ("custom.remark", "left"): [],
        ("custom.weight", "12.5"): [one],
        ("custom.weight.min", "-3"): [one, two],
        ("custom.weight.max", "0"): [two],
        ("custom.bought_on.min", "2026-03-03"): [two],
        ("custom.bought_on.max", "2026-03-02"): [one],
        ("custom.gift", "false"): [one],
        ("custom.gift", "true"): [two],
        ("custom.colour", "red"): [two],
    }.items():
        rows = narrowed(ReturnOrder.objects.order_by("pk"), Target.RETURN, dict([asked]))
        assert list(rows) == found, asked
    asked = {"line_custom.seal": "broken"}
    assert list(narrowed(ReturnOrder.objects, Target.LINE, asked, prefix="line_custom.")) == [one]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("custom.size", "XL", "unknown_parameter"),
        ("custom.colour.min", "a", "unknown_parameter"),
        ("custom.weight.most", "1", "unknown_parameter"),
        ("custom.weight", "heavy", "invalid_parameter"),
        ("custom.bought_on.min", "soon", "invalid_parameter"),
        ("custom.gift", "yes", "invalid_parameter"),
    ],
)
def test_a_question_that_no_field_can_answer_is_refused(fields, name, text, code):
    with pytest.raises(InputErrors) as refused:
        narrowed(ReturnOrder.objects.all(), Target.RETURN, {name: text})

    assert [(row["pointer"], row["code"]) for row in refused.value.errors] == [(name, code)]
