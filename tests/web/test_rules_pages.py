"""The rules for returns on pages: kept in the settings, told on a return, asked at the counter."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from returns.models import PolicyVersion, ReturnOrder
from returns.services import issue_return
from returns.services.policies import create_policy
from rmaproject.access.actors import SYSTEM
from rmaproject.shared import clock
from tests.factories import UserFactory
from tests.returns.ruling import ask, publish, rule, wait_until
from tests.web.browser import press, text_of, version_on

FINAL = rule("final_sale", {"final": True})
LIST = "/settings/policies/"


@pytest.fixture
def admin(client, roles):
    client.force_login(UserFactory(username="root", roles=["Administrator"]))
    return client


def document(*rules):
    return json.dumps({"rules": list(rules)})


def test_a_version_is_written_published_tried_and_ended(admin, business, tents):
    ask(tents)
    today = clock.today(business)
    given = {"business": str(business.uuid), "name": "Spring", "rules": document(FINAL)}
    made = admin.post(f"{LIST}new/", given, follow=True)
    path = f"{LIST}{PolicyVersion.objects.get().uuid}/"
    tried = admin.get(f"{path}try/")
    changed = {"version": version_on(made), "name": "Summer", "rules": document(FINAL)}
    admin.post(path, changed)
    published = admin.post(
        f"{path}publish/", {"version": version_on(admin.get(path)), "day": str(today)}, follow=True
    )
    day = today + timedelta(days=2)
    admin.post(f"{path}end/", {"version": version_on(published), "day": str(day)})

    assert "The sale is final." in text_of(made)
    assert "line 1 refused (final sale)" in text_of(tried)
    version = PolicyVersion.objects.get()
    assert (version.name, version.valid.lower, version.valid.upper) == ("Summer", today, day)
    assert "Summer" in text_of(admin.get(LIST))


def test_a_wrong_document_comes_back_with_every_fault_by_its_place(admin, business):
    wrong = document(rule("fee", {"percent": "x"}), {"aspect": "praise"})
    given = {"business": str(business.uuid), "name": "", "rules": wrong}

    answer = admin.post(f"{LIST}new/", given)
    broken = admin.post(f"{LIST}new/", {**given, "rules": "{rules"})

    assert (answer.status_code, broken.status_code) == (400, 422)
    assert "/rules/0/then/percent" in text_of(answer)
    assert "/rules/1/aspect" in text_of(answer)
    assert "praise" in text_of(answer)
    assert "This is no JSON" in text_of(broken)
    assert not PolicyVersion.objects.exists()


def test_a_draft_that_somebody_changed_meanwhile_is_not_overwritten(admin, business):
    draft = create_policy(business, actor=SYSTEM)
    path = f"{LIST}{draft.uuid}/"
    given = {"version": version_on(admin.get(path)), "name": "Mine", "rules": document()}
    admin.post(path, {**given, "name": "Theirs"})

    answer = admin.post(path, given)

    assert answer.status_code == 412
    assert PolicyVersion.objects.get().name == "Theirs"


def test_a_draft_is_deleted(admin, business):
    draft = create_policy(business, actor=SYSTEM)
    path = f"{LIST}{draft.uuid}/"

    answer = admin.post(f"{path}delete/", {"version": version_on(admin.get(path))})

    assert answer.headers["Location"] == LIST
    assert admin.get(path).status_code == 404
    assert PolicyVersion.objects.get().status == "discarded"


def test_what_holds_from_tomorrow_is_withdrawn_and_what_holds_today_is_ended(admin, business):
    running = publish(business, FINAL)
    coming = publish(business, on=clock.today(business) + timedelta(days=1))
    path = f"{LIST}{coming.uuid}/"

    shown, other = admin.get(path), admin.get(f"{LIST}{running.uuid}/")
    late = admin.post(f"{LIST}{running.uuid}/withdraw/", {"version": version_on(other)})
    admin.post(f"{path}withdraw/", {"version": version_on(shown)})

    assert f'action="{path}withdraw/"' in shown.content.decode()
    assert "withdraw/" not in other.content.decode()
    assert late.status_code == 409
    assert "The version began on" in text_of(late)
    coming.refresh_from_db()
    assert coming.status == "draft"


def test_a_clerk_without_the_settings_sees_no_rules_there(client, roles, business):
    client.force_login(UserFactory(username="sue", roles=["Service agent"]))

    assert client.get(LIST).status_code == 403


def test_the_counter_hears_what_the_rules_refuse_and_may_override(clerk, business, bo, tents):
    publish(business, FINAL)
    line = tents.lines.get()
    given = {
        "customer": bo.reference,
        "business": str(business.uuid),
        "responsible": "",
        f"quantity_{line.uuid}": "1",
    }

    refused = clerk.post("/returns/new/", given)
    assert refused.status_code == 422
    assert "Line 1: This sale was final." in text_of(refused)
    assert not ReturnOrder.objects.exists()
    clerk.post("/returns/new/", {**given, "override_reason": "Press."})

    assert ReturnOrder.objects.get().override_reason == "Press."


def test_who_may_not_override_is_not_asked_for_a_reason(client, roles, business, bo, tents):
    client.force_login(UserFactory(username="sue", roles=["Service agent"]))

    assert "override_reason" not in text_of(client.get("/returns/new/"))


def test_the_page_of_a_return_tells_what_its_rules_say(clerk, business, tents):
    publish(business, FINAL, rule("approval", {"needed": "above", "above": "10.00"}))
    made = ask(tents, override_reason="Press.")

    shown = text_of(clerk.get(f"/returns/{made.uuid}/"))

    assert "This sale was final." in shown
    assert "Taken against the rules: Press." in shown
    assert "50.00 EUR" in shown


def test_who_asked_is_told_that_somebody_else_approves(clerk, ada, business, tents):
    publish(business, rule("approval", {"needed": "always", "four_eyes": True}))
    made = issue_return(ask(tents, actor=ada).pk, actor=ada)

    shown = clerk.get(f"/returns/{made.uuid}/")
    answer = press(clerk, made, "approve")

    assert "Somebody else has to approve" in text_of(shown)
    assert f'action="/returns/{made.uuid}/approve/"' not in shown.content.decode()
    assert answer.status_code == 403
    assert "Somebody else has to approve" in text_of(answer)
    made.refresh_from_db()
    assert made.status == "awaiting_approval"


def test_versions_are_drawn_one_after_the_other_with_today_between(admin, business, monkeypatch):
    wait_until(monkeypatch, date(2026, 3, 2))
    publish(business, rule("window", {"days": 30, "from": "shipment"}), on=date(2026, 3, 2))
    publish(business, rule("window", {"days": 20, "from": "shipment"}), on=date(2026, 5, 1))
    create_policy(business, rules={"rules": []}, actor=SYSTEM)
    wait_until(monkeypatch, date(2026, 4, 1))

    shown = admin.get("/settings/policies/")
    (line,) = shown.context["spans"]
    first, second = line["bars"]
    ends = float(first["x"][:-1]) + float(first["width"][:-1])
    begins, today = float(second["x"][:-1]), float(line["today"][:-1])

    assert (first["state"], second["state"], second["open"]) == ("holds", "coming", True)
    assert ends == pytest.approx(begins, abs=0.02)
    assert float(first["x"][:-1]) < today < begins
    assert line["drafts"] == ["3"]
    assert "version 1 from 2 Mar 2026 until 1 May 2026" in text_of(shown)
