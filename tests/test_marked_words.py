"""Nothing on a page is written past gettext: every word that is no data carries its mark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from zoneinfo import available_timezones

import pytest
from django.apps import apps
from django.db.models import CharField, JSONField, TextField
from django.test import Client
from django.utils import translation

from tests.browser.company import make_company
from tests.browser.screens import VISITOR, all_screens

WORD = re.compile(r"(?<![\w{])[^\W\d_]{3,}(?!\w)")
MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
#: A marked sentence with an element within ends in another text.
OPEN_MARK = re.compile(r"⟦[^⟦⟧]*$|^[^⟦⟧]*⟧")
SHOWN = ("aria-label", "title", "placeholder", "alt")
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
#: What is the same in every language: names of things, of people and of programs.
NAMES = frozenset(
    "deutsch english riverty iso latin windows csv xlsx json sku pdf utc".split()
    + "tab park undo finish qty".split()
    + ["test"]  # the door through which tests come
)
ZONES = available_timezones()
OURS = frozenset(
    "access auth customers stock sales returns files jobs views webhooks oauth2_provider".split()
)
#: Models of the program's own words and codes.
WORDY = frozenset({"permission"})
#: The trail shows codes that fields hold, and what is kept for after the login is in no table; time
#: zones have names of their own, jobs keep the sentences of whoever started them, and two errors
#: are told by others.
SKIPPED = frozenset(
    "settings-trail kept preferences lists-plan lists-job error-busy consent-wrong".split()
)


class Reader(HTMLParser):
    """The texts of a page: what is read, and what is read out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.within: list[str] = []
        #: Whether what is read next goes on with the last text: who is mentioned parts no note.
        self.goes_on = self.in_mention = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_mention = dict(attrs).get("class") == "mention"
        self.goes_on = self.goes_on and self.in_mention
        if tag not in VOID:
            self.within.append(tag)
        self.texts += [value for name, value in attrs if name in SHOWN and value]

    def handle_endtag(self, tag: str) -> None:
        self.goes_on = self.in_mention and tag == "b"
        self.in_mention = False
        while self.within and self.within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style", "pre", "code", "textarea"} & set(self.within):
            if not self.goes_on:
                self.texts.append("")
            self.texts[-1] += data
            self.goes_on = True


@pytest.fixture
def marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each text that comes from the catalogue is wrapped, so that the others stand out."""

    def said(text: str) -> str:
        return f"⟦{text}⟧" if text else ""

    def one(text: str) -> str:
        return said(text)

    def of_context(context: str, text: str) -> str:
        return said(text)

    def counted(singular: str, plural: str, number: int) -> str:
        return said(singular if number == 1 else plural)

    def counted_of(context: str, singular: str, plural: str, number: int) -> str:
        return counted(singular, plural, number)

    words = translation._trans
    monkeypatch.setattr(words, "gettext", one, raising=False)
    monkeypatch.setattr(words, "pgettext", of_context, raising=False)
    monkeypatch.setattr(words, "ngettext", counted, raising=False)
    monkeypatch.setattr(words, "npgettext", counted_of, raising=False)


def leaves(value: object) -> Iterator[str]:
    """The texts within a value of JSON, or the text itself."""
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from leaves(item)
    elif isinstance(value, str):
        yield from (" ".join(text.split()) for text in (value, *value.splitlines()))


def words_of_data() -> tuple[set[str], set[str]]:
    """The words of names in the database, and whole texts in it."""
    words, texts = set(NAMES), set()
    for model in apps.get_models():
        if model._meta.app_label not in OURS or model._meta.model_name in WORDY:
            continue
        for field in model._meta.concrete_fields:
            rows = model._base_manager.values_list(field.attname, flat=True)
            if isinstance(field, TextField | JSONField):
                texts |= {text.lower() for row in rows for text in leaves(row)}
            elif isinstance(field, CharField):
                words |= {word.lower() for row in rows for word in WORD.findall(str(row))}
    return words, texts


def is_word(text: str) -> bool:
    """What is all capitals is a code, as of a currency."""
    return not text.isupper()


def unmarked(page: str, data: tuple[set[str], set[str]]) -> list[str]:
    """The texts of a page in which a word is neither marked nor data."""
    words, texts = data
    reader = Reader()
    reader.feed(page)
    found = []
    for text in reader.texts:
        rest = OPEN_MARK.sub(" ", text)
        while MARKED.search(rest):
            rest = MARKED.sub(" ", rest)
        plain = " ".join(rest.split())
        known = plain.lower() in texts or plain in ZONES
        if not known and any(
            is_word(word) and word.lower() not in words for word in WORD.findall(rest)
        ):
            found.append(" ".join(text.split()))
    return found


def test_every_word_of_every_screen_is_marked(marks, transactional_db):
    people = make_company()
    clients: dict[str, Client] = {}
    shown: dict[str, str] = {}
    left: dict[str, set[str]] = {}

    for screen in all_screens():
        if screen.name in SKIPPED:
            continue
        client = clients.setdefault(screen.role, Client(raise_request_exception=False))
        if screen.role != VISITOR:
            client.force_login(people[screen.role].user)
        with screen.given():
            answer = client.get(screen.address)
        shown[screen.name] = answer.content.decode()
    data = words_of_data()
    for name, page in shown.items():
        for text in unmarked(page, data):
            left.setdefault(text, set()).add(name)

    assert left == {}, "\n".join(f"{text!r}: {sorted(names)}" for text, names in left.items())
