"""What a scope opens is read in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext, override

from rmaproject.access.scopes import known_scopes


def test_what_a_scope_opens_is_said_in_the_language_of_who_asks() -> None:
    words = "See records, and change nothing"
    with override("en"):
        english = known_scopes()["read"]

    with override("de"):
        german, expected = known_scopes()["read"], gettext(words)

    assert english == words
    assert german == expected
