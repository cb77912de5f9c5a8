"""Every form of the desk is sent what nobody means to send, in the demo company."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
from django.db import connection, transaction

from tests.browser.company import make_company
from tests.hostile.crawling import forms_of_the_desk, name_of
from tests.hostile.sending import BLANK, WRONG, changes, faults, lost, send

#: Forms that are not sent.
LEFT_OUT = {
    "logout": "there is nothing to type",
    "settings-remove-demo": "it would take the company away; there is nothing to type",
}
#: Fields of refused forms that do not show again what was typed, and why.
FORGETFUL = {
    "returns:bank_details": (r".*", "a bank account is never sent back to a page"),
    "settings-business-account": (r".*", "a bank account is never sent back to a page"),
    "session": (r".*", "a script asks, and its page keeps what was typed"),
    "my-password": (r"username", "it is there for password managers; nobody types it"),
    "settings-policy": (r"rule-\d+-when-\d+-value", "without a condition there is no value"),
    "settings-new-policy": (r"rule-\d+-when-\d+-value", "without a condition there is no value"),
    "returns:new": (
        r"quantity_.*|blind_.*|override_reason",
        "goods hang on the customer, and nobody is called like that",
    ),
}


@pytest.mark.django_db(transaction=True)
def test_no_form_breaks_runs_or_loses_what_is_typed_into_it(client):
    client.force_login(make_company()["Administrator"].user)
    client.raise_request_exception = False
    found = forms_of_the_desk(client)

    wrong = []
    for number, (kind, row) in enumerate(found.items()):
        wrong += _tried(client, kind[1], *row, with_blanks=number % 4 == 0)

    assert len(found) > 100
    assert wrong == []


def _tried(client, name, page, form, *, with_blanks):
    """What goes wrong with one form. Blanks alone go to few: each text costs the same time."""
    if not name or name in LEFT_OUT:
        return []
    lines = []
    for text in WRONG:
        if text == BLANK and not with_blanks:
            continue
        if told := changes(form, text):
            found = _sent(client, page, form, told)
            lines += [f"{name} sent {text[:8]!r} from {page}: {line}" for line in found]
    return lines


def _sent(client, page, form, told):
    """What is wrong with the answer, and with the page that it leads to; then all is undone."""
    with transaction.atomic():
        answer = send(client, page, form, told)
        found = faults(answer)
        forgets, _why = FORGETFUL.get(name_of(urljoin(page, form.action)), ("", ""))
        missed = [name for name in lost(answer, form, told) if not re.fullmatch(forgets, name)]
        found += [f"{name} is lost" for name in missed]
        if "Location" in answer.headers:
            found += faults(client.get(urljoin(page, answer.headers["Location"])))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
    return found
