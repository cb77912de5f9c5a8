"""Number patterns with their next number, the audit page, the first steps and the demo's page."""

from __future__ import annotations

import csv
import re
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps as django_apps
from django.conf import settings

from returns.services import edit_return
from returns.services.codes import create_reason
from returns.web.settings import trail_words
from returns.web.settings.trail_words import KINDS
from rmaproject.access.actors import SYSTEM
from rmaproject.access.models import User
from rmaproject.audit.models import Aggregate
from rmaproject.web.csv_files import csv_lines
from sales.services.businesses import set_pattern
from tests.factories import UserFactory, ask_return, goods, sell
from tests.web.browser import queries_of, text_of


@pytest.fixture
def admin(client, roles):
    """A browser in which an administrator is logged in."""
    client.force_login(UserFactory(username="ada", roles=["Administrator"]))
    return client


def test_a_business_shows_the_number_that_its_next_document_really_gets(admin, business, bo):
    set_pattern(business.pk, "return_order", "R-{ref:03d}", actor=SYSTEM)
    ask_return(sell(business, bo, goods("TENT")))
    shown = text_of(admin.get("/settings/numbers/"))

    made = ask_return(sell(business, bo, goods("TENT")))

    assert made.reference == "R-002"
    assert "R-002" in shown


def test_a_pattern_that_cannot_count_is_refused_at_its_field(admin, business):
    path = f"/settings/numbers/{business.uuid}/"
    version = admin.get(path).context["version"]

    answer = admin.post(path, {"version": version, "return_order": "RMA", "invoice": "I-{ref}"})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"return_order"}
    assert not business.patterns.exists()


def test_the_trail_is_found_by_who_and_what_and_taken_along_as_a_file(admin, business):
    create_reason({"code": "late", "name": "Late"}, actor=SYSTEM)
    admin.post("/settings/reasons/new/", {"code": "odd", "name": "Odd", "active": "on"})
    ada = User.objects.get(username="ada")

    mine = admin.get(f"/settings/audit/?who={ada.pk}")
    people = admin.get("/settings/audit/?what=people")
    file = admin.get(f"/settings/audit/?who={ada.pk}&format=csv").content

    assert [entry["subject"] for entry in mine.context["entries"]] == ["odd"]
    assert people.context["entries"] == []
    _, row = csv.reader(StringIO(file.decode("utf-8-sig")))
    assert row[1] == "ada"
    assert row[3:6] == ["create", "reason", "odd"]


def test_the_trail_costs_the_same_however_many_entries_it_has(admin, business):
    create_reason({"code": "first", "name": "Reason"}, actor=SYSTEM)
    few = queries_of(admin, "/settings/audit/")
    for number in range(5):
        create_reason({"code": f"r{number}", "name": "Reason"}, actor=SYSTEM)

    assert queries_of(admin, "/settings/audit/") == few


def test_the_trail_tells_in_words_and_keeps_what_programs_read_beside_them(admin, business, bo):
    order = ask_return(sell(business, bo, goods("TENT")))
    edit_return(
        order.pk, {"customer_reference": "PO-9", "target_date": date(2026, 4, 1)}, actor=SYSTEM
    )

    entry = admin.get("/settings/audit/").context["entries"][0]
    page = text_of(admin.get("/settings/audit/?q=edit"))

    assert (entry["verb"], entry["kind"]) == ("changed the return", "Return")
    assert (entry["subject"], entry["url"]) == (order.reference, f"/returns/{order.uuid}/")
    assert entry["facts"] == [
        {"label": "Target date", "value": "– → 1 Apr 2026"},
        {"label": "Customer's reference", "value": "changed"},
    ]
    assert f"&quot;id&quot;: &quot;{order.uuid}&quot;" in page
    assert "customer_reference" in page


def test_every_kind_of_record_has_its_name_in_the_trail():
    kept = {
        model._meta.label_lower
        for model in django_apps.get_models()
        if issubclass(model, Aggregate) and not model.__module__.startswith("tests.")
    }

    assert kept - set(KINDS) == set()


def test_a_cell_that_a_spreadsheet_would_carry_out_is_made_harmless():
    lines = list(csv_lines(["A"], [["=1+1"], ["-12.50"], ["@x"]]))

    assert [line.strip() for line in lines[1:]] == ["'=1+1", "-12.50", "'@x"]


def test_the_first_steps_go_when_they_are_done(admin, roles):
    first = admin.get("/settings/").context["start"]
    assert [step["done"] for step in first["steps"]] == [False, False, False, False]
    assert first["demo"]


def test_who_has_done_the_first_steps_is_not_told_again(admin, business):
    UserFactory(username="second", roles=["Viewer"])

    assert admin.get("/settings/").context["start"] is None
    assert text_of(admin.get("/settings/start/")).strip() == ""


def test_a_desk_in_use_says_why_it_gets_no_demo(admin, business, bo):
    page = text_of(admin.get("/settings/demo/"))
    answer = admin.post("/settings/demo/load/", follow=True)

    assert "This desk is in use" in page
    assert "nothing was added" in text_of(answer)


def test_every_verb_that_a_trail_keeps_has_its_words():
    kept = {
        verb
        for app in ("returns", "sales", "stock", "customers", "rmaproject")
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py")
        for verb in re.findall(r'trail\.change\(\s*[\w.]+,\s*"(\w+)"', path.read_text("utf-8"))
    }

    told = {*trail_words.VERBS, *(verb for words in trail_words.OF_KIND.values() for verb in words)}
    assert len(kept) > 40
    assert kept - told == set()
