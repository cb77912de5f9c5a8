"""What the rest must know of this door."""

from __future__ import annotations

import re
from typing import Final

from returns.compat.zoho.codes import envelope
from rmaproject.rest.envelopes import Envelope
from rmaproject.webhooks.formats import Format

ENVELOPE: Final = Envelope(re.compile(r"/inventory/v1(?:/|$)"), envelope)
FORMATS: Final[dict[str, Format]] = {}
