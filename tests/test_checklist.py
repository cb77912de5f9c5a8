"""The checklist in the docs names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "checklist.md"


def rows() -> dict[str, str]:
    """Each point and the cell that names its tests."""
    found = re.findall(r"^\| ([PI]-\d+) \| [^|]* \| ([^|]*) \|", PAGE.read_text(), re.MULTILINE)
    return dict(found)


def test_every_point_has_tests():
    points = [f"P-{n}" for n in range(1, 35)] + [f"I-{n}" for n in range(1, 25)]

    assert list(rows()) == points
    assert all(cell.strip() for cell in rows().values())


def test_every_test_that_the_page_names_is_there():
    missing = []
    for point, cell in rows().items():
        for group in cell.split(";"):
            path, _, names = group.strip().partition(":")
            file = ROOT / path.strip("`")
            source = file.read_text() if file.exists() else ""
            known = set(re.findall(r"^def test_(\w+)", source, re.MULTILINE))
            named = {name.strip() for name in names.split(",") if name.strip()}
            missing += [(point, path, name) for name in sorted(named - known)]
            if not known:
                missing.append((point, path, "the file"))

    assert missing == []
