"""The description of these addresses tells the truth: no address is missing, every body fits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

import returns.compat.inventree as door
from returns.compat.inventree.missing import missing_urls
from returns.compat.inventree.urls import urlpatterns
from returns.compat.inventree.urls_rest import rest_urls
from tests.compat.inventree.calling import Caller, body
from tests.compat.inventree.selling import drills, order_of, tents

METHODS = ("get", "post", "put", "patch", "delete")
TEXT = (Path(door.__file__).parent / "openapi.yaml").read_text()
DOCUMENT: dict[str, Any] = yaml.safe_load(TEXT)


def address(pattern: Any) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern))


def addresses(patterns: list[Any]) -> set[str]:
    return {address(pattern.pattern) for pattern in patterns if pattern not in missing_urls}


def schemas() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What is described of companies, parts, stock and sales orders."""
    for path in sorted(addresses(rest_urls)):
        methods = DOCUMENT["paths"][path]
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def fits(schema: dict[str, Any], told: Any) -> None:
    whole = {"components": DOCUMENT["components"], **schema}
    Draft202012Validator(whole).validate(told)


def test_every_address_is_described_and_nothing_else() -> None:
    assert set(DOCUMENT["paths"]) == addresses(urlpatterns)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        *("company/x/", "stock/-1/", "order/so/1/nonsense/", "part/1/2", "user/true/"),
        *("order/ro/-1/metadata/", "order/ro-line/1.5/", "attachment/%01%0A/", "generic/x"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused_in_their_words(ada: Any, path: str) -> None:
    assert body(Caller(ada).get(path), 404) == {"detail": "Not found."}
    assert body(Caller(ada).call("OPTIONS", path, None), 404) == {"detail": "Not found."}
    assert set(body(Caller().get(path), 401)) == {"detail"}


@pytest.mark.django_db
def test_no_method_is_described_that_an_address_does_not_take(ada: Any, business: Any) -> None:
    api = Caller(ada)
    known = {(path, method) for path, method, _ in schemas()}
    paths = {path for path, _ in known}

    taken = {
        (path, method)
        for path in paths
        for method in METHODS
        if api.call(method.upper(), path.removeprefix("/api/").format(pk=0), {}).status_code != 405
    }

    assert taken == known


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["order/so/1/issue/", "order/so/shipment/1/ship/"])
def test_a_verb_takes_post_alone(ada: Any, path: str) -> None:
    answer = Caller(ada).get(path)

    assert set(body(answer, 405)) == {"detail"}
    assert answer.headers["Allow"] == "POST"


@pytest.mark.django_db
def test_every_list_and_record_is_as_described(ada: Any, business: Any, bo: Any) -> None:
    api = Caller(ada)
    item, (unit, *_) = tents(), drills("7")
    order = order_of(business, bo, item)
    order_of(business, bo, unit, "1")
    for path, told in (
        ("company/contact/", {"company": bo.pk, "name": "An"}),
        ("company/address/", {"company": bo.pk, "line1": "Dam 1"}),
        ("order/so-extra-line/", {"order": order.pk, "price": 5}),
    ):
        body(api.post(path, told), 201)
    entry = {"line_item": order.lines.first().pk, "stock_item": item.pk, "quantity": 1}
    body(api.post(f"order/so/{order.pk}/allocate/", {"items": [entry]}), 201)

    for path, method, told in schemas():
        if method != "get" or "{pk}" in path:
            continue
        at = path.removeprefix("/api/") + (f"?item={item.pk}" if "track" in path else "")
        schema = told["responses"]["200"]["content"]["application/json"]["schema"]
        rows = body(api.get(at))
        fits(schema, rows)
        flags = "&".join(
            f"{flag['name']}=true"
            for flag in told.get("parameters", [])
            if flag.get("name", "").endswith("_detail")
        )
        fits(schema, body(api.get(f"{at}{'&' if '?' in at else '?'}limit=5&{flags}")))
