"""The settings: people, roles, rules, numbers, the trail, the demo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Group
from playwright.sync_api import Page

from returns.models import (
    CalendarFeed,
    CustomField,
    Disposition,
    PolicyVersion,
    Reason,
)
from rmaproject.access.models import User
from rmaproject.webhooks.models import Endpoint
from sales.models import ApprovalLimit, Business
from stock.models import PartCategory
from tests.browser.screens import Screen


def _user() -> str:
    return f"/settings/users/{User.objects.get(username='hughes').pk}/"


def _role() -> str:
    return f"/settings/roles/{Group.objects.get(name='Manager').pk}/"


def _sight() -> str:
    return f"/settings/sight/?user={User.objects.get(username='hughes').pk}"


def _draft() -> str:
    return f"/settings/policies/{PolicyVersion.objects.get(status='draft').uuid}/"


def _published() -> str:
    return f"/settings/policies/{PolicyVersion.objects.exclude(status='draft')[0].uuid}/"


def _replay() -> str:
    return f"{_draft()}try/"


def _numbers() -> str:
    return f"/settings/numbers/{Business.objects.order_by('code')[0].uuid}/"


def _row(model: Any, place: str, below: str = "") -> Callable[[], str]:
    """The page of the first record of a kind."""
    return lambda: f"/settings/{place}/{model.objects.order_by('pk')[0].uuid}/{below}"


def _found(page: Page) -> None:
    """Rights narrowed by a word."""
    page.get_by_role("searchbox", name="Search rights").fill("credit")


SCREENS = [
    Screen("settings-general", "/settings/"),
    Screen("settings-users", "/settings/users/"),
    Screen("settings-new-user", "/settings/users/new/"),
    Screen("settings-user", _user),
    Screen("settings-roles", "/settings/roles/"),
    Screen("settings-role", _role),
    Screen("settings-sight", _sight),
    Screen("settings-policies", "/settings/policies/"),
    Screen("settings-rules", _draft),
    Screen("settings-replay", _replay),
    Screen("settings-reasons", "/settings/reasons/"),
    Screen("settings-businesses", "/settings/businesses/"),
    Screen("settings-numbers", "/settings/numbers/"),
    Screen("settings-number", _numbers),
    Screen("settings-limits", "/settings/limits/"),
    Screen("settings-demo", "/settings/demo/"),
    Screen("settings-tokens", "/settings/tokens/"),
    Screen("settings-webhooks", "/settings/webhooks/"),
    Screen("settings-trail", "/settings/audit/"),
    Screen("settings-trail-empty", "/settings/audit/?q=nobody-does-this"),
    Screen("settings-role-new", "/settings/roles/new/"),
    Screen("settings-role-found", _role, _found),
    Screen("settings-rules-new", "/settings/policies/new/"),
    Screen("settings-rules-published", _published),
    Screen("settings-reason-new", "/settings/reasons/new/"),
    Screen("settings-reason", _row(Reason, "reasons")),
    Screen("settings-dispositions", "/settings/dispositions/"),
    Screen("settings-disposition-new", "/settings/dispositions/new/"),
    Screen("settings-disposition", _row(Disposition, "dispositions")),
    Screen("settings-sheet-new", "/settings/sheets/new/"),
    Screen("settings-categories", "/settings/categories/"),
    Screen("settings-category-new", "/settings/categories/new/"),
    Screen("settings-category", _row(PartCategory, "categories")),
    Screen("settings-fields", "/settings/fields/"),
    Screen("settings-field-new", "/settings/fields/new/"),
    Screen("settings-field", _row(CustomField, "fields")),
    Screen("settings-business-new", "/settings/businesses/new/"),
    Screen("settings-business", _row(Business, "businesses")),
    Screen("settings-business-account", _row(Business, "businesses", "account/")),
    Screen("settings-limit-new", "/settings/limits/new/"),
    Screen("settings-limit", _row(ApprovalLimit, "limits")),
    Screen("settings-token-new", "/settings/tokens/new/"),
    Screen("settings-applications", "/settings/applications/"),
    Screen("settings-webhook-new", "/settings/webhooks/new/"),
    Screen("settings-webhook", _row(Endpoint, "webhooks")),
    Screen("settings-feeds", "/settings/calendars/"),
    Screen("settings-feeds-none", "/settings/calendars/", role="Inspector"),
    Screen("settings-feed-new", "/settings/calendars/new/"),
    Screen("settings-feed-subscribe", "/settings/calendars/subscribe/"),
    Screen("settings-feed", _row(CalendarFeed, "calendars")),
]
