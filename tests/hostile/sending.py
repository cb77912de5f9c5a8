"""Hostile texts, put into forms and sent as a browser would, and what must hold of the answers."""

from __future__ import annotations

import html
import re
from typing import Any, Final
from urllib.parse import quote_plus, urljoin, urlsplit

from tests.hostile.reading import TYPED, Form, filled

#: Closes every attribute, opens an element, and is a sum to a template that runs it.
MARKUP: Final = "<mark-me>\"'onmark=1 x='{{7919*7907}}{% now 'Y' %}"
SUM: Final = "62615533"
SENTENCE: Final = re.compile(r'class="error"|data-tone="bad"|role="alert"')
#: A formula, from right to left, with signs that turn the direction, ring the bell and end texts.
#: `HALF` is sent as bytes that are half a character.
ODD: Final = "=cmd()\x00\x0b\x07\u202e\u05d0\u05d1\ufffe\U0001f9ed'; DROP TABLE x;-- %s {0}HALF"
LONG: Final = "x" * 10_000
BLANK: Final = " \u00a0\u3000\t"

FIGURES: Final = re.compile(
    r"quantity|price|percent|amount|cost|fee|counted|days|copies|photos|position|difference|share"
)
#: By what is typed into texts: what goes into days, into figures, and into what nobody types.
WRONG: Final = {
    MARKUP: ("", "", ""),
    ODD: ("9999-12-31", "1e400", "["),
    LONG: ("2026-13-45", "9" * 5_000, ""),
    BLANK: ("0001-01-01", "NaN", "9" * 30),
}


def changes(form: Form, text: str) -> dict[str, str]:
    """The fields of a form with this text in all that take one, and nonsense in the others.

    No text is longer than its field says, and each can be told from the others.
    """
    day, figure, hidden = WRONG[text]
    made = {}
    for number, row in enumerate(form.fields):
        if row.kind in TYPED and not FIGURES.search(row.name):
            made[row.name] = f"{text}#{number}"[-row.most :] if text in (MARKUP, LONG) else text
        elif row.kind in ("date", "month") and day:
            made[row.name] = day
        elif (row.kind == "number" or FIGURES.search(row.name)) and figure:
            made[row.name] = figure
        elif row.kind == "hidden" and hidden and row.name not in ("csrfmiddlewaretoken", "once"):
            made[row.name] = hidden * 9_000
        elif row.kind in ("select", "radio") and text == ODD:
            made[row.name] = "'\x00"
    return made


def send(client: Any, page: str, form: Form, told: dict[str, str]) -> Any:
    """Send the form as a browser would from the page of this address."""
    place = urljoin(page, form.action)
    pairs = [(name, value) for name, value in filled(form, told) if name != "csrfmiddlewaretoken"]
    headers = {"referer": f"http://testserver{page}"}
    if form.many_parts:
        return client.post(place, _parts(pairs), headers=headers)
    body = "&".join(f"{quote_plus(name)}={_quoted(value)}" for name, value in pairs)
    if form.method == "get":
        return client.get(f"{urlsplit(place).path}?{body}", headers=headers)
    kind = "application/x-www-form-urlencoded"
    return client.post(place, body, content_type=kind, headers=headers)


def _quoted(text: str) -> str:
    return quote_plus(text).replace("HALF", "%ED%A0%80%FF")


def _parts(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {}
    for name, value in pairs:
        parts.setdefault(name, []).append(value)
    return parts


def faults(answer: Any) -> list[str]:
    """What no answer may have, whatever was sent."""
    if answer.status_code >= 500:
        return [f"status {answer.status_code}"]
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return []
    text, found = answer.content.decode(), []
    if "<mark-me" in text or "\"'onmark" in text:
        found.append("markup that was typed is markup of the page")
    if SUM in text:
        found.append("a template ran what was typed")
    if answer.status_code == 422 and not SENTENCE.search(text):
        found.append("refused without a sentence")
    return found


def lost(answer: Any, form: Form, told: dict[str, str]) -> list[str]:
    """The typed fields whose text a refused form does not show again."""
    if form.method == "get" or answer.status_code not in (400, 403, 409, 412, 422, 428):
        return []
    page = answer.content.decode()
    typed = [row.name for row in form.of(*TYPED) if row.kind not in ("search", "password")]
    texts = {name: told[name] for name in typed if told.get(name, "")[:4] in (MARKUP[:4], LONG[:4])}
    return [name for name, text in texts.items() if html.escape(text) not in page]
