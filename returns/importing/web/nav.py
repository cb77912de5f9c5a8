"""Where the navigation leads to imports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from returns.importing.subjects import RECORD
from rmaproject.web.nav import NavEntry

ENTRIES = [NavEntry(_("Imports"), "imports:list", "upload", "records", RECORD, 70)]
