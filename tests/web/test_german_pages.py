"""Pages in German, and what decides the language of a page."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone, translation

from returns.states import VERBS
from rmaproject.access.models import User
from rmaproject.shared.errors import Conflict
from rmaproject.shared.transitions import require_legal
from rmaproject.web.tags.dates import short_date
from rmaproject.web.tags.figures import money
from tests.factories import UserFactory


@pytest.fixture
def german(clerk, ada):
    User.objects.filter(pk=ada.user.pk).update(language="de")
    return clerk


def test_the_language_that_somebody_chose_beats_that_of_the_browser(german, business):
    page = german.get("/returns/", HTTP_ACCEPT_LANGUAGE="en").content.decode()

    assert '<html lang="de" dir="ltr"' in page
    assert "Retouren" in page


def test_the_programs_own_roles_have_german_names_on_every_width(client, roles):
    client.force_login(UserFactory(username="root", roles=["Administrator"], language="de"))

    page = client.get("/settings/roles/").content.decode()

    assert "Kundendienst" in page
    assert "Service agent" not in page


def test_before_anybody_logs_in_the_browser_decides(client, business):
    page = client.get("/login/", HTTP_ACCEPT_LANGUAGE="de-AT,de;q=0.9,en;q=0.5").content.decode()

    assert '<html lang="de"' in page
    assert "Anmelden" in page


def test_an_error_page_speaks_the_language_of_its_reader(german, business):
    answer = german.get("/nowhere/")

    assert answer.status_code == 404
    assert '<html lang="de"' in answer.content.decode()


def test_figures_and_days_are_written_as_in_german():
    day = timezone.localdate().replace(month=11, day=19)

    with translation.override("de"):
        assert money("1234.5", "EUR") == "1.234,50"
        assert short_date(day) == "19. Nov."
        assert short_date(datetime.date(2001, 3, 2)) == "2. März 2001"


def test_a_refusal_names_verb_and_state_in_german():
    with translation.override("de"), pytest.raises(Conflict) as refusal:
        require_legal(VERBS, "complete", "on_hold")

    assert refusal.value.message == "„Abschließen“ geht nicht im Status „Angehalten“."
