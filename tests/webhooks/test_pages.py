"""The pages of webhooks: added, the secret shown once, tested, looked at, taken away."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from rmaproject.webhooks.models import Delivery, Endpoint
from tests.factories import UserFactory

NEW = {"url": "https://erp.example/hook", "types": ["return.*"], "format": "standard"}


def browser_of(name, *roles):
    browser = Client()
    browser.force_login(UserFactory(username=name, roles=list(roles)))
    return browser


@pytest.fixture
def admin(roles):
    """A browser in which an administrator is logged in."""
    return browser_of("root", "Administrator")


def text_of(answer):
    return answer.content.decode()


def test_a_webhook_is_added_and_its_secret_is_shown_once(admin):
    made = admin.post("/settings/webhooks/new/", NEW)
    secret = re.search(r'value="(whsec_[^"]+)"', text_of(made))[1]
    listed = text_of(admin.get("/settings/webhooks/"))

    row = Endpoint.objects.get()
    assert (row.url, row.types, row.owner.username) == (NEW["url"], ["return.*"], "root")
    assert made["Cache-Control"] == "no-store"
    assert NEW["url"] in listed
    assert secret not in listed


def test_an_address_inside_is_refused_at_its_field(admin):
    answer = admin.post("/settings/webhooks/new/", {**NEW, "url": "https://10.0.0.1/"})

    assert answer.status_code == 422
    assert "not an address on the internet" in text_of(answer)
    assert not Endpoint.objects.exists()


def test_a_test_is_sent_and_stands_in_the_log(admin):
    admin.post("/settings/webhooks/new/", NEW)
    row = Endpoint.objects.get()

    answer = admin.post(f"/settings/webhooks/{row.uuid}/test/")

    assert answer.status_code == 302
    assert Delivery.objects.get().type == "webhook.test"
    assert "webhook.test" in text_of(admin.get(answer["Location"]))


def test_a_webhook_gets_another_secret_and_is_taken_away(admin):
    first = admin.post("/settings/webhooks/new/", NEW)
    row = Endpoint.objects.get()

    fresh = admin.post(f"/settings/webhooks/{row.uuid}/rotate/", {"version": 1})
    stale = admin.post(f"/settings/webhooks/{row.uuid}/remove/", {"version": 1})
    gone = admin.post(f"/settings/webhooks/{row.uuid}/remove/", {"version": 2})

    secrets = [re.search(r'value="(whsec_[^"]+)"', text_of(page))[1] for page in (first, fresh)]
    assert secrets[0] != secrets[1]
    assert (stale.status_code, gone.status_code) == (412, 302)
    assert NEW["url"] not in text_of(admin.get("/settings/webhooks/"))


def test_webhooks_of_others_are_not_there_for_who_keeps_no_settings(admin):
    admin.post("/settings/webhooks/new/", NEW)
    row = Endpoint.objects.get()
    iris = browser_of("iris", "Integrator")

    assert NEW["url"] not in text_of(iris.get("/settings/webhooks/"))
    assert iris.get(f"/settings/webhooks/{row.uuid}/").status_code == 404
    assert iris.post(f"/settings/webhooks/{row.uuid}/test/").status_code == 404


def test_who_may_not_manage_webhooks_sees_no_page_of_them(roles):
    clerk = browser_of("ada", "Service agent")

    assert clerk.get("/settings/webhooks/").status_code == 403
    assert clerk.post("/settings/webhooks/new/", NEW).status_code == 403
    assert not Endpoint.objects.exists()
