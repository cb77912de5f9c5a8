"""Every figure is defined once, and the docs say what the code says."""

from __future__ import annotations

from django.conf import settings

from returns.metrics.definitions import DEFINITIONS, OF_MONEY
from returns.metrics.tiles import TILES


def plain(text):
    return " ".join(str(text).split())


def test_the_docs_tell_every_definition_word_for_word():
    docs = plain((settings.BASE_DIR / "docs" / "metrics.md").read_text(encoding="utf-8"))

    for row in DEFINITIONS.values():
        assert f"### {row.name}" in docs, row.key
        assert plain(row.sentence) in docs, row.key
        assert plain(row.formula) in docs, row.key


def test_every_tile_has_its_definition():
    assert set(TILES) <= set(DEFINITIONS)
    assert set(DEFINITIONS) >= OF_MONEY
