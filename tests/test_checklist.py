"""The checklists in the docs name tests that are there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PAGES: Final = (ROOT / "docs" / "checklist.md", ROOT / "docs" / "interface-checklist.md")
#: A test by its name: a function, or a method of a class.
NAMED: Final = re.compile(r"^(?: {4})?def test_(\w+)", re.MULTILINE)
ROW: Final = re.compile(r"^\| ([PIU]-\d+) \| [^|]* \| ([^|]*) \| ([^|]*) \|", re.MULTILINE)


def rows() -> dict[str, tuple[str, str]]:
    """Each point with the cell that names its tests and the one that remarks on it."""
    text = "".join(page.read_text() for page in PAGES)
    return {point: (tests.strip(), remark.strip()) for point, tests, remark in ROW.findall(text)}


def test_every_point_has_tests_or_says_why_not():
    many = {"P": 34, "I": 24, "U": 60}
    points = [f"{kind}-{n}" for kind, most in many.items() for n in range(1, most + 1)]

    assert list(rows()) == points
    assert [point for point, cells in rows().items() if not any(cells)] == []


def test_every_test_that_the_page_names_is_there():
    missing = []
    for point, (cell, _) in rows().items():
        for group in filter(None, cell.split(";")):
            path, _, names = group.strip().partition(":")
            file = ROOT / path.strip("`")
            known = set(NAMED.findall(file.read_text())) if file.exists() else set()
            named = {name.strip() for name in names.split(",") if name.strip()}
            missing += [(point, path, name) for name in sorted(named - known)]
            if not known:
                missing.append((point, path, "the file"))

    assert missing == []


def test_tests_in_classes_are_found_too():
    source = (ROOT / "tests" / "returns" / "test_demo.py").read_text()

    assert "the_demo_has_something_of_everything" in NAMED.findall(source)
