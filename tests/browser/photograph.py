"""Pictures of every screen for docs/screenshots: uv run pytest -n 0 tests/browser/photograph.py

RMA_SCREENS=list,detail takes only those whose names contain one of the words;
RMA_SCREENS_FOLDER puts them elsewhere, RMA_SCREENS_FORMAT=png makes them in another format.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

from PIL import Image

from tests.browser.company import make_company
from tests.browser.desk import SCHEMES, dress
from tests.browser.screens import asked_screens

FOLDER = Path(
    os.environ.get("RMA_SCREENS_FOLDER")
    or Path(__file__).resolve().parents[2] / "docs" / "screenshots"
)
FORMAT = os.environ.get("RMA_SCREENS_FORMAT", "webp")
SIZES = ((1280, 900), (768, 1024), (360, 800))


def test_photograph(window):
    people, desks = make_company(), {}
    FOLDER.mkdir(parents=True, exist_ok=True)

    for screen in asked_screens():
        desk = desks.get(screen.role) or window(people.get(screen.role))
        desks[screen.role] = desk
        with screen.given():
            for width, height in SIZES:
                _photograph(desk, screen, width, height)


def _photograph(desk, screen, width, height):
    page = desk.page
    page.set_viewport_size({"width": width, "height": height})
    page.goto(desk.url + screen.address)
    if screen.prepare:
        screen.prepare(page)
        desk.expects("the server responded with a status of 422")
    for scheme in SCHEMES:
        dress(page, scheme)
        picture = Image.open(io.BytesIO(page.screenshot()))
        picture.save(FOLDER / f"{screen.name}-{width}-{scheme}.{FORMAT}", quality=80, method=6)
    if screen.status >= 400:
        desk.expects("Failed to load resource")
