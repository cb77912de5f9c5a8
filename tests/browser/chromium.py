"""Debian's Chromium, driven by Playwright: where it is, and how it is started."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Playwright

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
ABSENT: Final = (
    "No Chromium here: the pages were not tried in a browser. Install Debian's package `chromium`, "
    "or name another one: RMA_CHROMIUM=/path/to/chromium"
)
#: It runs as root in containers, and calls nobody but the pages it is shown.
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)


def executable() -> str:
    """The browser's path; "" where there is none."""
    named = os.environ.get("RMA_CHROMIUM", "")
    if named:
        return named if Path(named).exists() else ""
    return next((found for name in NAMES if (found := shutil.which(name))), "")


def launch(playwright: Playwright) -> Browser:
    """A browser without a window."""
    return playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
