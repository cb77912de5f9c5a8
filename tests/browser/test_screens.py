"""Every screen of the desk, in light and dark, wide and narrow, by axe and by the hand list.

RMA_SCREENS=list,detail takes only those whose names contain one of the words.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.browser.company import make_company
from tests.browser.desk import RULES_OF_COLOUR, dress, violations
from tests.browser.hand_list import faults as struck_by_hand
from tests.browser.screens import asked_screens
from tests.browser.weight import MOST, weight

WIDTHS = (1280, 768, 320)
PARTS = 4
#: The ids that stand on the page more than once; axe sees only those that are pointed to.
TWICE = """
() => [...document.querySelectorAll("[id]")]
  .filter((node) => document.getElementById(node.id) !== node)
  .map((node) => node.id)
"""


@pytest.mark.parametrize("part", range(PARTS))
def test_every_screen_is_accessible_in_both_themes_and_fits_every_width(window, part):
    people, desks, faults, titles = make_company(), {}, [], {}

    for screen in asked_screens()[part::PARTS]:
        desk = desks.get(screen.role) or window(people.get(screen.role))
        desks[screen.role] = desk
        with screen.given():
            faults += [f"{screen.name}: {fault}" for fault in _faults_of(desk, screen)]
        titles.setdefault(desk.page.title(), set()).add(urlsplit(desk.page.url).path)

    faults += [f"{title}: {paths}" for title, paths in titles.items() if len(paths) > 1]
    assert faults == [], "\n".join(faults)


def _faults_of(desk, screen):
    page = desk.page
    page.set_viewport_size({"width": 1280, "height": 900})
    dress(page, "light")
    answer = page.goto(desk.url + screen.address)
    if answer.status != screen.status:
        return [f"answers {answer.status}"]
    if screen.status >= 400:
        desk.expects("Failed to load resource")
    if screen.prepare:
        screen.prepare(page)
        desk.expects("the server responded with a status of 422")
    found = violations(page)
    found += [f"two things have the id {ident}" for ident in page.evaluate(TWICE)]
    dress(page, "dark")
    found += [f"in dark {line}" for line in violations(page, RULES_OF_COLOUR)]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        sticking = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if sticking > 0:
            found.append(f"{sticking} px too wide at {width}")
    if (heavy := weight(page)) > MOST:
        found.append(f"{heavy} bytes at first")
    return found + struck_by_hand(page)
