"""Every screen of the desk, in the demo company: swept for faults by a test, photographed for docs.

Each module in here lists the screens of one area; a screen that is not listed is not looked at.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Page

#: The role of who is not logged in.
VISITOR: Final = ""


@dataclass(frozen=True)
class Screen:
    """One screen in one state.

    `path` is its address, or finds a record of the demo company for it. `prepare` brings the page
    into its state: opens a dialog, types. `given` holds while it is looked at. `role` is who looks.
    """

    name: str
    path: str | Callable[[], str]
    prepare: Callable[[Page], Any] | None = None
    role: str = "Administrator"
    status: int = 200
    given: Callable[[], AbstractContextManager[Any]] = nullcontext

    @property
    def address(self) -> str:
        return self.path if isinstance(self.path, str) else self.path()


def all_screens() -> list[Screen]:
    """The screens of all areas. Two of the same name would overwrite each other's pictures."""
    modules = [
        importlib.import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
    ]
    screens = [screen for module in modules for screen in module.SCREENS]
    called = [screen.name for screen in screens]
    assert len(set(called)) == len(called), sorted(called)
    return screens


def asked_screens() -> list[Screen]:
    """Those whose names contain one of the words of RMA_SCREENS, parted by commas; all without."""
    words = [word for word in os.environ.get("RMA_SCREENS", "").split(",") if word]
    return [
        screen
        for screen in all_screens()
        if not words or any(word in screen.name for word in words)
    ]
