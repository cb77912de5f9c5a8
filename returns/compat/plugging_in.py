"""The one place where adapters are made known to the rest, by their names in RMA_ADAPTERS.

An adapter is a folder here with `urls.py` and with `plugging.py`, which says `ENVELOPE`: where its
addresses are and how its clients read refusals, and `FORMATS`: in which words its subscribers hear
events. Nothing else imports it, so a folder that is deleted is missed by nobody.
"""

from __future__ import annotations

from importlib import import_module

from django.conf import settings

from rmaproject.rest.envelopes import ENVELOPES
from rmaproject.webhooks.formats import FORMATS


def plug_in() -> None:
    """Let every adapter that is switched on be known."""
    for name in settings.ADAPTERS:
        adapter = import_module(f"{__package__}.{name}.plugging")
        ENVELOPES[name] = adapter.ENVELOPE
        FORMATS.update(adapter.FORMATS)
