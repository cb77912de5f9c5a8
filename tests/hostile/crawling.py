"""Finds the forms of the desk: on every screen, and on one page of each kind that they link to."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve

from tests.browser.screens import all_screens
from tests.hostile.reading import Form, Page

_OF_A_RECORD = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")


def name_of(address: str) -> str:
    """What kind of page is at an address; "" for what is none of ours."""
    try:
        return resolve(urlsplit(address).path).view_name or ""
    except Resolver404:
        return ""


def forms_of_the_desk(client: Any) -> dict[tuple[Any, ...], tuple[str, Form]]:
    """One form of each kind, with the address of a page that shows it."""
    todo = [screen.address for screen in all_screens() if screen.status == 200]
    known, seen = {name_of(address) for address in todo}, set[str]()
    found: dict[tuple[Any, ...], tuple[str, Form]] = {}
    for address in todo:
        if address in seen:
            continue
        seen.add(address)
        for form, links in _read(client, address):
            found.setdefault(_kind(address, form), (address, form))
            for link in links:
                if (name := name_of(link)) and name not in known:
                    known.add(name)
                    todo.append(link)
    return found


def _read(client: Any, address: str) -> list[tuple[Form, list[str]]]:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, (address, answer.status_code)
    if not answer.headers["Content-Type"].startswith("text/html"):
        return []
    page = Page(answer.content.decode(), address)
    links = [urljoin(address, link).partition("#")[0] for link in page.links]
    return [(form, links) for form in page.forms]


def _kind(address: str, form: Form) -> tuple[Any, ...]:
    names = frozenset(_OF_A_RECORD.sub("#", row.name) for row in form.fields)
    return form.method, name_of(urljoin(address, form.action)), names
