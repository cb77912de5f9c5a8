"""Every page of the desk is among the screens that are swept and photographed, and opens."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from django.test import Client

from tests.browser.company import make_company
from tests.browser.screens import VISITOR, all_screens
from tests.test_permission_table import rules

#: What answers GET and is no page: parts of pages, files, answers for scripts and machines.
NO_PAGES: Final = {
    "/.well-known/oauth-authorization-server",
    "/calendars/{ident}/feed.ics",
    "/charts/",
    "/counts/",
    "/imports/templates/{subject}.csv",
    "/imports/{ident}/not-imported.csv",
    "/jobs/{ident}/errors.csv",
    "/jobs/{ident}/file/",
    "/palette/",
    "/people/",
    "/presence/{uuid}/",
    "/refunds/bank-files/{ident}/content/",
    "/reports/export/",
    "/returns/new/customers/",
    "/returns/sheets/{sheet_ident}/samples/{file_ident}/",
    "/returns/{ident}/files/{file_ident}/",
    "/returns/{ident}/preview/approve/",
    "/returns/{ident}/preview/issue/",
    "/returns/{ident}/preview/receive/",
    "/sales/accounts/{ident}/csv/",
    "/session/",
    "/settings/start/",
}


@pytest.fixture(scope="module")
def pages() -> dict[str, re.Pattern[str]]:
    """The addresses of the table of rights that answer GET with a page."""
    found = [rule.path for rule in rules() if rule.method == "GET" and "/api/" not in rule.path]
    return {path: _pattern(path) for path in sorted(found, key=_vague) if path not in NO_PAGES}


def _vague(path: str) -> int:
    return path.count("{")


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", path.replace(".", r"\.")))


def test_every_address_that_is_no_page_is_still_there():
    assert {rule.path for rule in rules()} >= NO_PAGES


def test_every_page_has_a_screen_and_opens_with_its_answer(pages, transactional_db):
    people, shown, faults = make_company(), set(), []
    clients = {role: _client(people, role) for role in {screen.role for screen in all_screens()}}

    for screen in all_screens():
        path = screen.address.partition("?")[0]
        shown.add(next((known for known in pages if pages[known].fullmatch(path)), path))
        with screen.given():
            answer = clients[screen.role].get(screen.address, follow=True)
        if answer.status_code != screen.status or "html" not in answer["Content-Type"]:
            faults.append(f"{screen.name}: {answer.status_code} {answer.get('Content-Type')}")

    assert faults == []
    assert sorted(set(pages) - shown) == [], "Pages that nobody looks at: tests/browser/screens."


def _client(people, role):
    client = Client(raise_request_exception=False)
    if role != VISITOR:
        client.force_login(people[role].user)
    return client


def test_the_pictures_of_the_readme_are_there_and_of_screens():
    root = Path(settings.BASE_DIR)
    shown = re.findall(r"docs/screenshots/([\w-]+)\.webp", (root / "README.md").read_text("utf-8"))

    screens = {screen.name for screen in all_screens()}
    assert {name.rsplit("-", 2)[0] for name in shown} <= screens
    kept = {path.stem for path in (root / "docs" / "screenshots").glob("*.webp")}
    assert shown
    assert set(shown) <= kept
