"""What a page weighs for somebody who opens it for the first time."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Page

#: Bytes of everything that a first visit loads.
MOST: Final = 350_000
LOADED: Final = """
["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
  .map((entry) => [entry.name, entry.decodedBodySize])
"""


def weight(page: Page) -> int:
    """The bytes of the page and of all that it loaded, as if nothing was there before.

    Files that never change go out compressed; what is made for a person goes out as it is.
    """
    loaded = {name: size for name, size in page.evaluate(LOADED) if name.startswith("http")}
    return sum(_compressed(urlsplit(name).path) or size for name, size in loaded.items())


@lru_cache
def _compressed(path: str) -> int:
    """What a static file weighs on its way; 0 for anything else."""
    if not path.startswith(settings.STATIC_URL):
        return 0
    found = finders.find(path.removeprefix(settings.STATIC_URL))
    return len(gzip.compress(Path(str(found)).read_bytes())) if found else 0
