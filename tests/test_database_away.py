"""While the database is away every door says so, and when to come back."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from customers.api.companies import CompanyViewSet
from rmaproject.web.entrance import Login
from tests.api.caller import Caller


@pytest.fixture(params=[OperationalError, InterfaceError])
def gone(request: pytest.FixtureRequest) -> Any:
    def away(*args: Any, **kwargs: Any) -> None:
        raise request.param("server closed the connection unexpectedly")

    return away


@pytest.mark.django_db
def test_the_rest_door_asks_to_try_again(
    ada: Any, gone: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = Caller(ada)
    monkeypatch.setattr(CompanyViewSet, "visible", gone)

    answer = caller.get("/companies/")

    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert answer["Retry-After"] == "1"


def test_a_calendar_asks_to_try_again(gone: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("returns.calendar.views.session_user", gone)

    answer = Client(raise_request_exception=False).get(
        "/api/order/calendar/return-order/calendar.ics"
    )

    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert answer["Retry-After"] == "1"


def test_a_page_asks_to_try_again(gone: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Login, "get", gone)

    answer = Client(raise_request_exception=False).get("/login/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    assert "does not answer" in answer.content.decode()


def test_any_other_defect_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("returns.calendar.views.session_user", broken)

    answer = Client(raise_request_exception=False).get(
        "/api/order/calendar/return-order/calendar.ics"
    )

    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
