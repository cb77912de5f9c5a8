"""Versions of the rules: drafted, published from a day on, never two at once, never changed."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from returns.models import PolicyVersion
from returns.services.policies import (
    create_policy,
    delete_policy,
    edit_policy,
    end_policy,
    publish_policy,
    withdraw_policy,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from rmaproject.shared import clock
from rmaproject.shared.errors import Conflict, InputErrors, NotFound, RuleViolation
from tests.changes import picture
from tests.factories import BusinessFactory
from tests.racing import race
from tests.returns.ruling import publish, rule

FINAL = rule("final_sale", {"final": True})


@pytest.fixture
def today(business):
    return clock.today(business)


def test_versions_of_a_business_are_numbered(business):
    numbers = [create_policy(business, actor=SYSTEM).number for _ in range(2)]

    assert [*numbers, create_policy(BusinessFactory(), actor=SYSTEM).number] == [1, 2, 1]


def test_publishing_ends_the_version_in_force_on_that_day(business, today):
    first = publish(business, FINAL)
    day = today + timedelta(days=10)

    second = publish(business, rule("deadline", {"days": 9}), on=day)

    first.refresh_from_db()
    assert (first.valid.lower, first.valid.upper) == (today, day)
    assert (second.valid.lower, second.valid.upper, second.status) == (day, None, "published")
    entry = AuditEntry.objects.get(aggregate_id=first.uuid, verb="end")
    assert entry.facts == {"on": str(day), "by": str(second.uuid)}


def test_no_version_begins_on_a_day_that_has_passed(business, today):
    draft = create_policy(business, actor=SYSTEM)
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        publish_policy(draft.pk, today - timedelta(days=1), actor=SYSTEM)

    assert (refusal.value.code, refusal.value.pointer) == ("invalid_date", "/valid_from")
    assert picture() == before


@pytest.mark.parametrize("days", [0, 5])
def test_two_versions_never_hold_on_the_same_day(business, today, days):
    publish(business, FINAL, on=today + timedelta(days=5))
    before = picture()
    draft_number = PolicyVersion.objects.count() + 1

    with pytest.raises(Conflict) as refusal:
        publish(business, on=today + timedelta(days=days))

    assert refusal.value.code == "policy_overlaps"
    left = PolicyVersion.objects.get(number=draft_number)
    assert (left.status, left.valid) == ("draft", None)
    left.delete()
    assert before["returns_policyversion"] == picture()["returns_policyversion"]


def test_a_published_version_stays_as_it_is(business, today):
    version = publish(business, FINAL)
    steps = [
        lambda: edit_policy(version.pk, {"name": "Other"}, actor=SYSTEM),
        lambda: delete_policy(version.pk, actor=SYSTEM),
        lambda: publish_policy(version.pk, today, actor=SYSTEM),
    ]
    before = picture()

    for step in steps:
        with pytest.raises(Conflict) as refusal:
            step()
        assert refusal.value.code == "policy_published"

    assert picture() == before


def test_a_version_ends_on_a_later_day_and_the_next_may_begin_there(business, today):
    version = publish(business, FINAL)
    day = today + timedelta(days=3)

    end_policy(version.pk, day, actor=SYSTEM)

    assert publish(business, on=day).valid.lower == day
    version.refresh_from_db()
    assert version.valid.upper == day


@pytest.mark.parametrize("days", [-1, 0, 4])
def test_a_version_does_not_end_before_it_begins_nor_later_than_it_does(business, today, days):
    version = publish(business, FINAL)
    end_policy(version.pk, today + timedelta(days=3), actor=SYSTEM)
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        end_policy(version.pk, today + timedelta(days=days), actor=SYSTEM)

    assert refusal.value.code == "invalid_date"
    assert picture() == before


def test_a_draft_has_no_end(business, today):
    draft = create_policy(business, actor=SYSTEM)

    with pytest.raises(Conflict) as refusal:
        end_policy(draft.pk, today, actor=SYSTEM)

    assert refusal.value.code == "policy_not_published"


def test_a_version_for_a_day_to_come_is_withdrawn_and_the_one_before_holds_on(business, today):
    first = publish(business, FINAL)
    second = publish(business, rule("deadline", {"days": 9}), on=today + timedelta(days=10))

    withdraw_policy(second.pk, actor=SYSTEM)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.valid.lower, first.valid.upper) == (today, None)
    assert (second.status, second.valid) == ("draft", None)
    entry = AuditEntry.objects.get(aggregate_id=second.uuid, verb="withdraw")
    assert entry.facts == {"valid_from": str(today + timedelta(days=10))}
    edit_policy(second.pk, {"name": "Later"}, actor=SYSTEM)
    publish_policy(second.pk, today + timedelta(days=20), actor=SYSTEM)
    first.refresh_from_db()
    assert first.valid.upper == today + timedelta(days=20)


def test_the_version_before_holds_on_until_the_next_one_begins(business, today):
    first = publish(business, FINAL)
    second = publish(business, on=today + timedelta(days=10))
    third = publish(business, on=today + timedelta(days=20))

    withdraw_policy(second.pk, actor=SYSTEM)

    first.refresh_from_db()
    third.refresh_from_db()
    assert (first.valid.upper, third.valid.lower) == (today + timedelta(days=20),) * 2


def test_the_version_before_holds_no_longer_than_it_did(business, today):
    first = publish(business, FINAL)
    end_policy(first.pk, today + timedelta(days=15), actor=SYSTEM)
    second = publish(business, on=today + timedelta(days=10))

    withdraw_policy(second.pk, actor=SYSTEM)

    first.refresh_from_db()
    assert first.valid.upper == today + timedelta(days=15)


def test_a_version_that_somebody_ended_stays_ended(business, today):
    first = publish(business, FINAL)
    end_policy(first.pk, today + timedelta(days=10), actor=SYSTEM)
    second = publish(business, on=today + timedelta(days=10))

    withdraw_policy(second.pk, actor=SYSTEM)

    first.refresh_from_db()
    assert first.valid.upper == today + timedelta(days=10)


def test_a_version_that_began_is_not_withdrawn_and_neither_is_a_draft(business, today):
    running = publish(business, FINAL)
    draft = create_policy(business, actor=SYSTEM)
    before = picture()

    with pytest.raises(Conflict) as began:
        withdraw_policy(running.pk, actor=SYSTEM)
    with pytest.raises(Conflict) as unpublished:
        withdraw_policy(draft.pk, actor=SYSTEM)

    assert (began.value.code, began.value.facts) == ("policy_began", {"begins": str(today)})
    assert unpublished.value.code == "policy_not_published"
    assert picture() == before


def test_a_wrong_document_is_not_kept(business):
    draft = create_policy(business, rules={"rules": [FINAL]}, actor=SYSTEM)
    both = [FINAL, rule("final_sale", {"final": False})]
    before = picture()

    with pytest.raises(InputErrors):
        edit_policy(draft.pk, {"rules": {"rules": [rule("praise", {"x": 1})]}}, actor=SYSTEM)
    with pytest.raises(RuleViolation) as refusal:
        edit_policy(draft.pk, {"rules": {"rules": both}}, actor=SYSTEM)

    assert refusal.value.code == "rules_contradict"
    assert picture() == before


def test_a_draft_may_be_changed_and_thrown_away(business):
    draft = create_policy(business, actor=SYSTEM)

    edit_policy(draft.pk, {"name": "Spring", "rules": {"rules": [FINAL]}}, actor=SYSTEM)
    delete_policy(draft.pk, actor=SYSTEM)

    draft.refresh_from_db()
    assert (draft.status, create_policy(business, actor=SYSTEM).number) == ("discarded", 2)
    with pytest.raises(NotFound):
        edit_policy(draft.pk, {"name": "Again"}, actor=SYSTEM)
    entries = AuditEntry.objects.filter(aggregate_id=draft.uuid).order_by("n")
    assert [entry.verb for entry in entries] == ["create", "edit", "delete"]


def test_what_the_rules_name_must_be_there(business, bo):
    named = rule("final_sale", {"final": True}, {"customer": "bo", "reason": "OTHER"})
    gone = rule("final_sale", {"final": True}, {"customer": "NOBODY", "sku": ["X"]})

    create_policy(business, rules={"rules": [named]}, actor=SYSTEM)
    with pytest.raises(InputErrors) as refusal:
        create_policy(business, rules={"rules": [gone]}, actor=SYSTEM)

    assert {error["pointer"] for error in refusal.value.errors} == {
        "/rules/0/when/customer",
        "/rules/0/when/sku",
    }


@pytest.mark.django_db(transaction=True)
def test_of_many_who_publish_at_once_one_succeeds(business):
    today = clock.today(business)
    drafts = [create_policy(business, actor=SYSTEM) for _ in range(6)]

    done, refused = race(
        [partial(publish_policy, draft.pk, today, actor=SYSTEM) for draft in drafts]
    )

    assert len(done) == 1
    assert {refusal.code for refusal in refused} == {"policy_overlaps"}
