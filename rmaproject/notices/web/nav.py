"""Where the navigation leads to notices."""

from __future__ import annotations

from rmaproject.web.nav import NavEntry

ENTRIES = [NavEntry("Notices", "notices:list", "bell", "system", "", 80)]
