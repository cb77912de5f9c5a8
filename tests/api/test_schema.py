"""The OpenAPI document is whole, and anybody can read it and its page."""

from __future__ import annotations

import pytest
import yaml
from django.core.management import call_command

from returns.services import credit_return, waive_return
from returns.services.releasing import QuantityInput
from rmaproject.access.actors import SYSTEM
from tests.api.caller import Caller
from tests.factories import ask_return, goods, sell


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    target = tmp_path_factory.mktemp("schema") / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(target))
    return yaml.safe_load(target.read_text())


def headers(operation):
    return {row["name"]: row.get("required", False) for row in operation["parameters"]}


def test_a_list_tells_its_parameters_and_its_envelope(schema):
    operation = schema["paths"]["/api/v1/returns/"]["get"]

    names = headers(operation)
    assert {"limit", "cursor", "ordering", "search", "status", "target_date__gte"} <= set(names)
    page = schema["components"]["schemas"]["ReturnPage"]
    assert page["required"] == ["results", "next", "previous"]


def test_a_verb_tells_its_body_its_version_and_its_refusals(schema):
    operation = schema["paths"]["/api/v1/returns/{id}/receive/"]["post"]

    body = operation["requestBody"]["content"]["application/json"]["schema"]
    assert body["$ref"].endswith("/ReceiveForm")
    assert headers(operation) == {"id": True, "If-Match": True, "Idempotency-Key": False}
    assert set(operation["responses"]) == set(
        "200 400 401 403 404 406 409 412 413 415 422 428 429 503".split()
    )
    assert "ETag" in operation["responses"]["200"]["headers"]
    refusal = operation["responses"]["422"]["content"]["application/problem+json"]["schema"]
    assert refusal["$ref"].endswith("/Problem")


def reached(schema, node, seen):
    """Every schema below a node, references followed."""
    if isinstance(node, dict):
        reference = node.get("$ref", "")
        if reference and reference not in seen:
            seen.add(reference)
            yield from reached(
                schema, schema["components"]["schemas"][reference.split("/")[-1]], seen
            )
        yield node
        for value in node.values():
            yield from reached(schema, value, seen)
    elif isinstance(node, list):
        for value in node:
            yield from reached(schema, value, seen)


def test_no_answer_holds_a_float(schema):
    answers = [
        operation["responses"]
        for path in schema["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
    ]
    found = list(reached(schema, answers, set()))

    kinds = [node.get("type") for node in found]
    assert not [kind for kind in kinds if kind == "number" or "number" in (kind or ())]
    assert kinds.count("string") > 1000


def test_a_list_tells_how_it_is_shaped_tagged_and_limited(schema):
    operation = schema["paths"]["/api/v1/returns/"]["get"]

    names = set(headers(operation))
    assert {"fields", "omit", "expand", "count", "updated_since", "If-None-Match"} <= names
    assert {"ETag", "Link", "X-Page-Generated", "RateLimit", "RateLimit-Policy"} <= set(
        operation["responses"]["200"]["headers"]
    )
    assert {"304", "406", "429"} <= set(operation["responses"])


def test_many_at_once_need_a_key_and_say_so(schema):
    operation = schema["paths"]["/api/v1/returns/bulk/"]["post"]

    assert headers(operation) == {"Idempotency-Key": True}


def test_the_codes_of_problems_are_an_enumeration(schema):
    code = schema["components"]["schemas"]["Problem"]["properties"]["code"]

    assert {"illegal_transition", "exceeds_returnable", "quota_exceeded"} <= set(code["enum"])
    assert code["enum"] == sorted(set(code["enum"]))


def test_unknown_fields_are_refused_by_the_schema_too(schema):
    assert schema["components"]["schemas"]["ReturnForm"]["additionalProperties"] is False


def test_anybody_reads_schema_and_page_and_the_page_trusts_this_origin_only(db, client):
    assert client.get("/api/v1/schema/").status_code == 200
    page = client.get("/api/v1/docs/")

    assert page.status_code == 200
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "default-src 'self';" in page.headers["Content-Security-Policy"]


def test_credit_notes_are_found_by_their_return(business, bo, ada):
    sale = sell(business, bo, goods("TENT", "4", "50.00"))
    notes = {}
    for _ in range(2):
        rma = ask_return(sale, issued=True)
        waive_return(rma.pk, [QuantityInput(rma.lines.get(), 1)], actor=SYSTEM)
        notes[rma] = str(credit_return(rma.pk, actor=SYSTEM)[0].uuid)
    api = Caller(ada.user)

    for rma, note in notes.items():
        for name in (rma.uuid, rma.reference):
            found = api.get(f"/credit-notes/?return_order={name}").json()["results"]
            assert [row["id"] for row in found] == [note]
    assert api.get("/credit-notes/?return_order=none").json()["results"] == []
