"""Where the navigation leads to notices."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rmaproject.web.nav import NavEntry

ENTRIES = [NavEntry(_("Notices"), "notices:list", "bell", "system", "", 80)]
