"""Every operation of the OpenAPI document shows a real exchange, and it keeps to its schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from rmaproject.events.kinds import KINDS
from rmaproject.events.models import Event
from rmaproject.rest.examples import FILE, operations
from tests.world import make_world

JSON: Final = "application/json"
HOME: Final = "urn:returns:openapi"
#: What an example must not tell: a secret, a machine, an address outside the examples' names.
SECRET: Final = re.compile(
    r"\b(?:rma|whsec)_(?!x{24})[A-Za-z0-9+/=_-]{4,}|/(?!x{24})[\w-]{20,}\.ics"
    r"|/(?:tmp|home)/|testserver|127\.0\.0\.1"
)
HOST: Final = re.compile(r"https?://([^/\"\s:]+)")
MAILBOX: Final = re.compile(r"[\w.+-]+@([\w.-]+)")
LARGEST: Final = 450_000


@pytest.fixture(scope="module")
def document() -> Any:
    found = SchemaGenerator().get_schema(request=None, public=True)
    return json.loads(json.dumps(found, default=str))


def told(document: Any) -> Iterator[tuple[str, Any]]:
    """Each JSON body of a request or of a good answer, by its place."""
    for name, operation in operations(document):
        if content := operation.get("requestBody", {}).get("content", {}).get(JSON):
            yield f"{name} request", content
        for status, answer in operation["responses"].items():
            if status.startswith("2") and (content := answer.get("content", {}).get(JSON)):
                yield f"{name} {status}", content
    for name, methods in document["webhooks"].items():
        yield f"webhook {name}", methods["post"]["requestBody"]["content"][JSON]


def wrong(document: Any, schema: Any, value: Any) -> list[str]:
    """What of a value is not as its schema says; the references are those of the document."""
    registry = Registry().with_resource(HOME, Resource(document, DRAFT202012))
    pointed = json.loads(json.dumps(schema).replace('"#/components', f'"{HOME}#/components'))
    validator = Draft202012Validator(pointed, registry=registry, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}"[:300] for error in validator.iter_errors(value)]


def test_every_operation_and_webhook_shows_an_exchange(document: Any) -> None:
    places = dict(told(document))

    assert [place for place, content in places.items() if not content.get("examples")] == []
    assert len(places) > 300


def test_every_example_is_as_its_schema_says(document: Any) -> None:
    found = {
        place: errors
        for place, content in told(document)
        for example in content.get("examples", {}).values()
        if (errors := wrong(document, content["schema"], example["value"]))
    }

    assert found == {}


def test_a_value_of_another_type_is_noticed(document: Any) -> None:
    content = dict(told(document))["GET /api/v1/returns/{id}/ 200"]
    example = next(iter(content["examples"].values()))["value"]

    errors = wrong(document, content["schema"], {**example, "version": "3"})

    assert errors == ["$.version: '3' is not of type 'integer'"]


def test_examples_tell_no_secret_and_no_machine() -> None:
    text = FILE.read_text(encoding="utf-8")

    assert SECRET.findall(text) == []
    hosts = {*HOST.findall(text), *MAILBOX.findall(text)}
    assert {host for host in hosts if not re.search(r"(^|\.)example(\.(org|com))?$", host)} == set()
    assert len(text) < LARGEST


@pytest.mark.django_db
def test_a_webhooks_example_tells_what_its_events_tell(business: Any, bo: Any) -> None:
    make_world(business, bo)

    told = {(event.kind, *sorted(event.data)) for event in Event.objects.all()}

    shown = {kind.name: kind.example for kind in KINDS.values()}
    assert {name for name, *_ in told} >= {"return", "sales_order", "refund", "company", "part"}
    assert told == {(name, *sorted({"id", "version", *shown[name]})) for name, *_ in told}
