"""What tests do in a browser: read a page, press its buttons, fill in its forms."""

from __future__ import annotations

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext


def text_of(answer):
    return answer.content.decode()


def version_on(answer):
    found = re.search(r'name="version" value="(\d+)"', text_of(answer))
    assert found, "The page carries no version."
    return found[1]


def press(client, order, verb, **values):
    """Open the page of the return and press a button of it."""
    opened = client.get(f"/returns/{order.uuid}/")
    given = {"version": version_on(opened), **values}
    return client.post(f"/returns/{order.uuid}/{verb}/", given)


def fill(client, order, verb, **values):
    """Open the form of a verb, and send it."""
    opened = client.get(f"/returns/{order.uuid}/{verb}/")
    assert opened.status_code == 200, text_of(opened)
    given = {"version": version_on(opened), **values}
    return client.post(f"/returns/{order.uuid}/{verb}/", given)


def queries_of(client, url):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(seen)
