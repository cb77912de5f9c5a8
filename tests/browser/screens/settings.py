"""The settings: people, roles, rules, numbers, the trail, the demo."""

from __future__ import annotations

from django.contrib.auth.models import Group

from returns.models import PolicyVersion
from rmaproject.access.models import User
from sales.models import Business
from tests.browser.screens import Screen


def _user() -> str:
    return f"/settings/users/{User.objects.get(username='hughes').pk}/"


def _role() -> str:
    return f"/settings/roles/{Group.objects.get(name='Manager').pk}/"


def _sight() -> str:
    return f"/settings/sight/?user={User.objects.get(username='hughes').pk}"


def _draft() -> str:
    return f"/settings/policies/{PolicyVersion.objects.get(status='draft').uuid}/"


def _replay() -> str:
    return f"{_draft()}try/"


def _numbers() -> str:
    return f"/settings/numbers/{Business.objects.order_by('code')[0].uuid}/"


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
]
