"""Rights are read in the reader's language, so each of their names is known to gettext."""

from __future__ import annotations

from django.utils.translation import gettext, override

from rmaproject.access.right_words import RIGHTS
from rmaproject.access.scopes import known_scopes, permissions


def test_every_right_that_a_model_declares_can_be_translated() -> None:
    declared = set(permissions().values())

    assert declared == set(RIGHTS)


def test_what_a_scope_opens_is_said_in_the_language_of_who_asks() -> None:
    words = "See records, and change nothing"
    with override("en"):
        english = known_scopes()["read"]

    with override("de"):
        german, expected = known_scopes()["read"], gettext(words)

    assert english == words
    assert german == expected
