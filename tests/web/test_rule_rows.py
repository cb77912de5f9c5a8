"""Rules as rows: what is shown is saved, buttons move it, what is wrong stands at its row."""

from __future__ import annotations

import re
from html import unescape

import pytest

from returns.models import PolicyVersion
from returns.services.policies import create_policy, edit_policy
from returns.web.rules.rows import document_of, rows_of
from rmaproject.access.actors import SYSTEM
from tests.factories import UserFactory
from tests.web.browser import text_of

EVERYTHING = {
    "rules": [
        {
            "aspect": "window",
            "when": {"reason": ["defective", "damaged"]},
            "then": {"days": 60, "from": "delivery"},
            "name": "Longer when it is our fault",
        },
        {"aspect": "window", "then": {"days": 30, "from": "shipment"}},
        {"aspect": "outcomes", "then": {"offer": ["refund", "repair"]}},
        {"aspect": "fee", "when": {"country": ["DE", "NL"]}, "then": {"percent": "10"}},
        {
            "aspect": "approval",
            "when": {"min_amount": "20.00", "currency": "EUR"},
            "then": {"needed": "above", "above": "300.00", "four_eyes": True, "currency": "EUR"},
        },
        {"aspect": "flow", "then": {"accept_on_receipt": False}},
    ]
}


@pytest.fixture
def admin(client, roles):
    """A browser in which an administrator is logged in."""
    client.force_login(UserFactory(username="ada", roles=["Administrator"]))
    return client


@pytest.fixture
def draft(business):
    return create_policy(business, rules=EVERYTHING, actor=SYSTEM)


def sent(answer):
    """The form as a browser would send it."""
    told = {"version": answer.context["version"], "name": "Mine"}
    for row in answer.context["rule_rows"]:
        at = f"rule-{row['place']}"
        told[f"{at}-aspect"], told[f"{at}-name"] = row["aspect"], row["name"]
        for condition in row["conditions"]:
            told[f"{at}-when-{condition['place']}-key"] = condition["key"]
            told[f"{at}-when-{condition['place']}-value"] = condition["value"]
        for value in row["values"]:
            told[f"{at}-then-{value['name']}"] = value["value"]
    return told


def base_on(answer):
    """The hidden field that says what the form started with."""
    found = re.search(r'name="base" value="([^"]*)"', text_of(answer))
    return {"base": unescape(found[1])}


def names_of(answer):
    return [row["aspect"] for row in answer.context["rule_rows"]]


def test_a_document_shown_as_rows_and_read_again_is_the_same():
    assert document_of(rows_of(EVERYTHING)) == EVERYTHING


def test_a_form_sent_back_as_it_was_shown_changes_no_rule(admin, draft):
    path = f"/settings/policies/{draft.uuid}/"

    answer = admin.post(path, sent(admin.get(path)))

    draft.refresh_from_db()
    assert answer.status_code == 302
    assert draft.rules == EVERYTHING
    assert draft.name == "Mine"


def test_rows_are_moved_added_and_removed_without_being_saved(admin, draft):
    path = f"/settings/policies/{draft.uuid}/"
    form = sent(admin.get(path))

    down = admin.post(path, {**form, "step": "down:1"})
    added = admin.post(path, {**form, "step": "add", "new_aspect": "deadline"})
    removed = admin.post(path, {**form, "step": "remove:0"})
    beyond = admin.post(path, {**form, "step": "up:0"})

    assert names_of(down)[:3] == ["window", "outcomes", "window"]
    assert names_of(added)[-1] == "deadline"
    assert len(names_of(removed)) == 5
    assert names_of(beyond) == names_of(admin.get(path))
    assert PolicyVersion.objects.get().version == 1


def test_a_rule_that_only_the_other_changed_is_taken_over(admin, draft):
    path = f"/settings/policies/{draft.uuid}/"
    mine = {**sent(admin.get(path)), **base_on(admin.get(path)), "name": "My name"}
    edit_policy(draft.pk, {"rules": {"rules": EVERYTHING["rules"][:2]}}, actor=SYSTEM)

    met = admin.post(path, mine)
    saved = admin.post(path, {**sent(met), "name": "My name"})

    assert met.status_code == 412
    assert "Another program changed this" in text_of(met)
    assert names_of(met) == ["window", "window"]
    assert saved.status_code == 302
    draft.refresh_from_db()
    assert (draft.name, draft.rules["rules"]) == ("My name", EVERYTHING["rules"][:2])


@pytest.mark.parametrize(("choice", "days"), [("yours", 61), ("theirs", 45)])
def test_rules_that_both_changed_are_shown_side_by_side_and_chosen(admin, draft, choice, days):
    path = f"/settings/policies/{draft.uuid}/"
    opened = admin.get(path)
    mine = {**sent(opened), **base_on(opened), "rule-0-then-days": "61"}
    first, *others = EVERYTHING["rules"]
    changed = {**first, "then": {"days": 45, "from": "delivery"}}
    edit_policy(draft.pk, {"rules": {"rules": [changed, *others]}}, actor=SYSTEM)

    met = admin.post(path, mine)
    (clash,) = met.context["form"].meeting.clashes
    asked = {"meet:take:rules_as_one": choice, "meet:theirs:rules_as_one": clash.theirs_sent}
    asked |= {"meet:yours:rules_as_one": clash.yours_sent}
    asked["rules_as_one"] = met.context["form"].meeting.data["rules_as_one"]
    admin.post(path, {**sent(met), **asked})

    assert "within 60 days" in clash.was
    assert "within 45 days" in clash.theirs
    assert "within 61 days" in clash.yours
    assert "repair" not in clash.yours.lower()
    draft.refresh_from_db()
    assert draft.rules["rules"][0]["then"]["days"] == days


def test_what_is_wrong_is_said_at_its_row_and_nothing_typed_is_lost(admin, draft):
    path = f"/settings/policies/{draft.uuid}/"
    form = {**sent(admin.get(path)), "rule-1-then-days": "a month"}

    answer = admin.post(path, form)

    rows = answer.context["rule_rows"]
    assert answer.status_code == 400
    assert rows[1]["errors"]
    assert not rows[0]["errors"]
    assert rows[1]["values"][0]["wrong"]
    assert 'value="a month"' in text_of(answer)


def test_rules_that_say_the_opposite_are_told_at_the_later_row(admin, draft):
    path = f"/settings/policies/{draft.uuid}/"
    form = sent(admin.get(path))
    form |= {"rule-0-when-0-key": "", "rule-0-when-0-value": ""}

    answer = admin.post(path, form)

    assert answer.status_code == 422
    assert "Rules 1 and 2" in answer.context["rule_rows"][1]["errors"][0]


def test_a_draft_can_still_be_written_as_text(admin, draft):
    page = text_of(admin.get(f"/settings/policies/{draft.uuid}/?as=text"))

    assert "<textarea" in page
    assert "Longer when it is our fault" in page
