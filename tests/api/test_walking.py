"""A long list is walked to its end while rows come and go, and an address that will go says so."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import RequestFactory

from customers.api.companies import CompanyViewSet
from customers.models import Company
from rmaproject.rest.lifecycle import Deprecation
from tests.api.caller import Caller

pytestmark = pytest.mark.django_db

MANY = 10_000


def companies(first: int, count: int) -> list[Company]:
    """Rows as they are, past the trail, because ten thousand are wanted quickly."""
    rows = [
        Company(reference=f"C-{n:06d}", name=f"Name {n % 97:02d}", uuid=uuid.uuid4())
        for n in range(first, first + count)
    ]
    return Company.objects.bulk_create(rows)


def test_ten_thousand_rows_are_walked_once_while_rows_come_and_go(api: Caller) -> None:
    there = companies(0, MANY)
    gone = {row.reference for row in there[::50]}
    seen: list[str] = []
    path, page = "/companies/?limit=200&fields=reference&ordering=name", 0

    while path:
        answer = api.get(path).json()
        seen += [row["reference"] for row in answer["results"]]
        path, page = answer["next"], page + 1
        companies(MANY + page * 3, 3)
        batch = [row.pk for row in there[::50]][page * 4 : page * 4 + 4]
        Company.objects.filter(pk__in=batch).delete()

    assert len(seen) == len(set(seen))
    assert {row.reference for row in there} - gone <= set(seen)
    assert page >= MANY // 200 - 1


def test_what_will_go_away_says_since_when_and_until_when(ada: Any) -> None:
    class Old(CompanyViewSet):
        deprecation = Deprecation(
            since=datetime(2026, 11, 1, tzinfo=UTC),
            until=datetime(2027, 6, 1, tzinfo=UTC),
            about="https://docs.example/api#companies",
        )

    request = RequestFactory().get("/api/v1/old/")
    request.user = ada.user
    answer = Old.as_view({"get": "list"})(request)

    assert answer.status_code == 200
    assert answer["Deprecation"] == "@1793491200"
    assert answer["Sunset"] == "Tue, 01 Jun 2027 00:00:00 GMT"
    assert answer["Link"] == (
        '<https://docs.example/api#companies>; rel="deprecation"; type="text/html"'
    )
