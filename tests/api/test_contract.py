"""The contract of the REST door: kept in git, changed only by adding to it."""

from __future__ import annotations

import copy

import pytest
from django.core.management import CommandError, call_command

from rmaproject.management.commands import api_snapshot
from rmaproject.management.commands.api_snapshot import current, kept
from rmaproject.rest.contract import breaking_changes

LIST = "/api/v1/returns/"
ONE = "/api/v1/returns/{id}/"
RECEIVE = "/api/v1/returns/{id}/receive/"


@pytest.fixture(scope="module")
def document():
    return current()


def test_the_document_in_git_is_that_of_the_code(document):
    assert breaking_changes(kept(), document) == []
    assert kept() == document


def schema(document, name):
    return document["components"]["schemas"][name]


def _gone(document):
    del document["paths"][RECEIVE]


def _field_gone(document):
    del schema(document, "ReturnOutput")["properties"]["goods"]


def _retyped(document):
    schema(document, "ReturnOutput")["properties"]["version"]["type"] = "string"


def _nullable(document):
    schema(document, "ReturnOutput")["properties"]["reference"]["type"] = ["string", "null"]


def _input_required(document):
    schema(document, "ReturnForm")["required"].append("note")


def _input_gone(document):
    del schema(document, "ReturnForm")["properties"]["note"]


def _choice_gone(document):
    schema(document, "ReturnLineForm")["properties"]["outcome"]["enum"].remove("repair")


def _parameter_gone(document):
    rows = document["paths"][LIST]["get"]["parameters"]
    rows[:] = [row for row in rows if row["name"] != "search"]


def _parameter_required(document):
    rows = document["paths"][LIST]["get"]["parameters"]
    next(row for row in rows if row["name"] == "search")["required"] = True


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_gone, f"POST {RECEIVE} is gone."),
        (_field_gone, f"GET {ONE} 200/goods is gone."),
        (_retyped, f"GET {ONE} 200/version is string now, it was integer."),
        (_nullable, f"GET {ONE} 200/reference is null or string now, it was string."),
        (_input_required, f"POST {LIST} body/note is required now."),
        (_input_gone, f"POST {LIST} body/note is refused now."),
        (_choice_gone, f"POST {LIST} body/lines/*/outcome takes repair no more."),
        (_parameter_gone, f"GET {LIST} knows no query parameter search any more."),
        (_parameter_required, f"GET {LIST} needs the query parameter search now."),
    ],
)
def test_what_would_break_clients_is_told(document, change, sentence):
    changed = copy.deepcopy(document)
    change(changed)

    assert sentence in breaking_changes(document, changed)


def test_what_is_added_breaks_nobody(document):
    changed = copy.deepcopy(document)
    changed["paths"]["/api/v1/news/"] = changed["paths"][LIST]
    schema(changed, "ReturnOutput")["properties"]["mood"] = {"type": "string"}
    schema(changed, "ReturnForm")["properties"]["mood"] = {"type": "string"}
    schema(changed, "ReturnOutput")["properties"]["status"]["enum"].append("lost")

    assert breaking_changes(document, changed) == []


def test_the_snapshot_is_not_overwritten_with_what_breaks(document, monkeypatch, tmp_path):
    target = tmp_path / "openapi.json"
    monkeypatch.setattr(api_snapshot, "SNAPSHOT", target)
    call_command("api_snapshot")
    before = target.read_text()
    poorer = copy.deepcopy(document)
    _gone(poorer)
    monkeypatch.setattr(api_snapshot, "current", lambda: poorer)

    for options in ([], ["--check"]):
        with pytest.raises(CommandError, match="receive/ is gone"):
            call_command("api_snapshot", *options)

    assert target.read_text() == before
