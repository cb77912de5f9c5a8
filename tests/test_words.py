"""Every word that people read stands in the German catalogue, and the catalogue is compiled."""

from __future__ import annotations

import gettext
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from returns.states import VERBS
from returns.web.settings.right_words import RIGHT_WORDS
from rmaproject.shared.words import VERB_LABELS
from sales.states import ORDER_VERBS, REFUND_VERBS

PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[sdr%]|\{\w*(?::[^{}]*)?\}")
SOURCE = Path("rmaproject/locale/de/LC_MESSAGES/django.po")
needs_gettext = pytest.mark.skipif(
    shutil.which("xgettext") is None, reason="GNU gettext is not installed"
)


@pytest.fixture
def committed() -> Path:
    return settings.BASE_DIR / SOURCE


@pytest.fixture
def renewed(committed: Path, tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the catalogue, brought up to date with what code and templates say."""
    copy = tmp_path / "de/LC_MESSAGES/django.po"
    copy.parent.mkdir(parents=True)
    shutil.copy(committed, copy)
    settings.LOCALE_PATHS = [tmp_path]
    monkeypatch.chdir(settings.BASE_DIR)
    call_command(
        "makemessages",
        locale=["de"],
        no_location=True,
        no_wrap=True,
        ignore_patterns=[".*", "tests", "rmaproject/locale"],
        verbosity=0,
    )
    return copy


def compiled(path: Path) -> dict:
    """What a .mo says by its message, or by its message and the number of its plural form."""
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)._catalog


def entries(path: Path, *only: str) -> list[str]:
    """The messages of a catalogue that gettext finds to be so."""
    call = ["msgattrib", "--no-wrap", *only, str(path)]
    found = subprocess.run(call, check=True, capture_output=True, text=True).stdout
    return re.findall(r'^(?:#~ )?msgid "(.+)"$', found, re.MULTILINE)


@needs_gettext
@pytest.mark.parametrize("kind", ["--untranslated", "--only-fuzzy", "--only-obsolete"])
def test_the_catalogue_has_every_word_and_no_other(renewed: Path, kind: str):
    found = entries(renewed, kind)

    assert found == [], "run makemessages and translate, see docs/translating.md"


@needs_gettext
def test_gettext_finds_no_fault_in_the_catalogue(committed: Path, tmp_path: Path):
    call = ["msgfmt", "--check", "-o", str(tmp_path / "django.mo"), str(committed)]
    said = subprocess.run(call, check=False, capture_output=True, text=True)

    assert said.stderr == ""
    assert compiled(tmp_path / "django.mo") == compiled(committed.with_suffix(".mo"))


def test_a_translation_keeps_the_placeholders_of_its_message(committed: Path):
    lost = [
        (message, said)
        for message, said in compiled(committed.with_suffix(".mo")).items()
        if message
        and sorted(set(PLACEHOLDER.findall(message if isinstance(message, str) else message[0])))
        != sorted(set(PLACEHOLDER.findall(said)))
    ]

    assert lost == []


def test_both_plural_forms_are_filled(committed: Path):
    catalogue = compiled(committed.with_suffix(".mo"))
    counted = {key[0] for key in catalogue if isinstance(key, tuple)}

    assert counted
    assert [word for word in counted if not all(catalogue.get((word, n)) for n in (0, 1))] == []


def test_every_verb_can_be_translated():
    labels = {str(label) for label in VERB_LABELS}
    tables = (*VERBS, *ORDER_VERBS, *REFUND_VERBS)

    assert {row.label for row in tables} | {"Invoice"} == labels


def test_every_right_can_be_translated():
    held = {words for model in apps.get_models() for _, words in model._meta.permissions}

    assert held - set(RIGHT_WORDS) == set()
