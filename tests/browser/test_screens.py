"""Every screen of the desk, in light and dark, wide and narrow."""

from __future__ import annotations

from tests.browser.company import make_company
from tests.browser.desk import SCHEMES, dress, violations
from tests.browser.screens import all_screens

WIDTHS = (1280, 768, 320)


def test_every_screen_is_accessible_in_both_themes_and_fits_every_width(window):
    people, desks, faults = make_company(), {}, []

    for screen in all_screens():
        desk = desks.get(screen.role) or desks.setdefault(screen.role, window(people[screen.role]))
        faults += _faults_of(desk, screen)

    assert faults == []


def _faults_of(desk, screen):
    page, found = desk.page, []
    page.set_viewport_size({"width": 1280, "height": 900})
    answer = page.goto(desk.url + screen.address)
    if answer.status != screen.status:
        return [f"{screen.name}: {answer.status}"]
    if screen.status >= 400:
        desk.expects("Failed to load resource")
    if screen.prepare:
        screen.prepare(page)
    for scheme in SCHEMES:
        dress(page, scheme)
        found += [f"{screen.name} {scheme}: {line}" for line in violations(page)]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        sticking = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if sticking > 0:
            found.append(f"{screen.name}: {sticking} px too wide at {width}")
    return found
