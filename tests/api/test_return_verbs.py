"""The verbs of a return and its parts over REST, with every refusal of the design's table."""

from __future__ import annotations

import pytest

from returns.services import (
    hold_return,
)
from rmaproject.access.actors import SYSTEM
from tests.api.caller import Caller, pointers, problem
from tests.factories import actor_with, ask_return, goods, sell


def test_the_headers_verbs_lead_where_the_table_says(api, sale):
    rma = ask_return(sale)

    assert api.verb(rma, "issue").json()["status"] == "in_progress"
    held = api.verb(rma, "hold", {"reason": "fraud check"}).json()
    assert (held["status"], held["held_from"]) == ("on_hold", "in_progress")
    assert held["status_reason"] == "fraud check"
    assert api.verb(rma, "resume").json()["status"] == "in_progress"
    cancelled = api.verb(rma, "cancel", {"reason": "customer keeps it"}).json()
    assert cancelled["status"] == "cancelled"
    assert sale.lines.get().claimed == 0


def test_a_verb_without_its_reason_is_malformed(api, sale):
    rma = ask_return(sale)

    assert pointers(problem(api.verb(rma, "hold"), 400)) == {"/reason": "required"}
    assert pointers(problem(api.verb(rma, "hold", {"reason": " "}), 400)) == {"/reason": "blank"}
    assert pointers(problem(api.verb(rma, "issue", {"x": 1}), 400)) == {"/x": "unknown_field"}
    rma.refresh_from_db()
    assert (rma.status, rma.version) == ("pending", 1)


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("approve", {}),
        ("reject", {"reason": "no"}),
        ("resume", {}),
        ("complete", {}),
        ("reopen", {"reason": "again"}),
        ("credit", {}),
        ("release", {}),
    ],
)
def test_an_illegal_verb_is_a_conflict_that_names_status_and_legal_verbs(api, sale, verb, body):
    rma = ask_return(sale)

    refusal = problem(api.verb(rma, verb, body), 409)

    assert refusal["code"] == "illegal_transition"
    assert refusal["current_status"] == "pending"
    legal = ["issue", "edit", "match", "waive", "hold", "cancel", "delete"]
    assert refusal["legal_verbs"] == legal
    rma.refresh_from_db()
    assert (rma.status, rma.version) == ("pending", 1)


def test_a_held_return_answers_on_hold(api, sale):
    rma = ask_return(sale)
    hold_return(rma.pk, reason="wait", actor=SYSTEM)

    refusal = problem(api.verb(rma, "issue"), 409)

    assert (refusal["code"], refusal["current_status"]) == ("on_hold", "on_hold")


def test_a_verb_needs_the_version_and_the_right(api, sale, roles):
    rma = ask_return(sale)
    viewer = Caller(actor_with("Viewer").user)

    assert problem(api.post(f"/returns/{rma.uuid}/issue"), 428)
    assert problem(api.post(f"/returns/{rma.uuid}/issue", If_Match='"7"'), 412)
    assert problem(viewer.verb(rma, "issue"), 403)["code"] == "not_permitted"
    rma.refresh_from_db()
    assert (rma.status, rma.version) == ("pending", 1)


def test_release_and_waive_take_lines_or_all(api, sale):
    rma = ask_return(sale, "2", issued=True)
    line = {"line": str(rma.lines.get().uuid), "quantity": "1"}

    waived = api.verb(rma, "waive", {"lines": [line], "reason": "lost"}).json()["lines"][0]
    assert (waived["quantity"], waived["waived"], waived["open"]) == ("2", "1", "2")
    some = api.verb(rma, "release", {"lines": [line]}).json()["lines"][0]
    assert (some["released"], some["open"]) == ("1", "1")
    nothing = problem(api.verb(rma, "release", {"lines": []}), 409)
    assert nothing["code"] == "nothing_expected"
    rest = api.verb(rma, "release", {"reason": "never sent"}).json()["lines"][0]
    assert (rest["released"], rest["open"]) == ("2", "0")


def test_waiving_more_than_was_sold_is_refused_with_the_figures(api, sale):
    rma = ask_return(sale, "3", issued=True)
    line = {"line": str(rma.lines.get().uuid), "quantity": "1"}

    refusal = problem(api.verb(rma, "waive", {"lines": [line]}), 422)

    assert refusal["code"] == "exceeds_returnable"
    assert refusal["facts"]["lines"][0]["returnable"] == "0"
    assert rma.lines.get().waived == 0


def test_lines_are_added_changed_and_taken_out(api, business, sale):
    rma = ask_return(sale)
    path = f"/returns/{rma.uuid}/lines/"
    other = sell(business, sale.customer, goods("PEG", "5"))

    added = api.post(path, {"order_line": str(other.lines.get().uuid), "quantity": "2"})
    line = added.json()
    assert (added.status_code, line["number"], line["version"]) == (201, 2, 2)
    assert added.headers["Location"].endswith(f"{path}{line['id']}/")
    own = f"{path}{line['id']}/"
    changed = api.patch(own, {"quantity": "4", "reason": "other"}, If_Match='"2"').json()
    assert (changed["quantity"], changed["reason"]["reference"]) == ("4", "other")
    too_many = problem(api.patch(own, {"quantity": "6"}, If_Match='"3"'), 422)
    assert too_many["code"] == "exceeds_returnable"
    assert problem(api.delete(own), 428)
    gone = api.delete(own, If_Match='"3"')
    assert (gone.status_code, gone.headers["ETag"]) == (204, '"4"')
    assert [row["void"] for row in api.get(path).json()["results"]] == [False, True]
    assert other.lines.get().claimed == 0
    assert problem(api.delete(own, If_Match='"4"'), 409)["code"] == "line_void"


def test_an_old_version_is_refused_when_a_part_is_added_with_one(api, sale):
    rma = ask_return(sale)

    response = api.post(
        f"/returns/{rma.uuid}/lines/", {"part": "TENT", "quantity": "1"}, If_Match='"9"'
    )

    assert problem(response, 412)
    assert rma.lines.count() == 1


def test_extra_lines_are_added_changed_and_taken_out(api, sale):
    rma = ask_return(sale)
    path = f"/returns/{rma.uuid}/extra-lines/"
    fee = {"kind": "fee", "name": "Restocking", "quantity": "2", "gross_unit_price": "-2.50"}

    made = api.post(path, {**fee, "vat_percent": "21", "vat_type": "NORMAL"}).json()
    assert (made["gross"], made["currency"], made["credited"]) == ("-5.00", "EUR", False)
    changed = api.patch(f"{path}{made['id']}/", {"gross_unit_price": "-1"}, If_Match='"2"')
    assert changed.json()["gross"] == "-2.00"
    assert api.delete(f"{path}{made['id']}/", If_Match='"3"').status_code == 204
    assert api.get(path).json()["results"][0]["void"] is True
    refused = api.post(path, {**fee, "kind": "goods"})
    assert pointers(problem(refused, 400)) == {"/kind": "invalid_choice"}
    assert problem(api.post(path, {**fee, "currency": "EURO"}), 400)


def test_notes_and_history_tell_who_did_what(api, sale):
    rma = ask_return(sale, issued=True)
    path = f"/returns/{rma.uuid}/comments/"

    note = api.post(path, {"text": "Box is wet", "audience": "customer"})
    assert (note.status_code, note.json()["author"]) == (201, "ada")
    assert pointers(problem(api.post(path, {"text": ""}), 400)) == {"/text": "blank"}
    assert [row["text"] for row in api.get(path).json()["results"]] == ["Box is wet"]
    history = api.get(f"/returns/{rma.uuid}/history/").json()["results"]
    told = [(row["n"], row["verb"], row["actor"], row["door"]) for row in history]
    assert told == [
        (1, "create", None, "system"),
        (2, "issue", None, "system"),
        (3, "comment", "ada", "api"),
    ]


def test_parts_of_another_return_are_not_found_below_this_one(api, sale):
    one, other = ask_return(sale), ask_return(sale)
    path = f"/returns/{one.uuid}/lines/{other.lines.get().uuid}/"

    assert problem(api.get(path), 404)
    assert problem(api.delete(path, If_Match='"1"'), 404)
    assert other.lines.get().void is False
