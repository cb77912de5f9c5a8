"""What the rest must know of this door."""

from __future__ import annotations

import re
from typing import Final

from returns.compat.riverty.notifications import notification
from rmaproject.rest.envelopes import Envelope
from rmaproject.rest.problems import CONTENT_TYPE, document_of
from rmaproject.webhooks.formats import Format

ENVELOPE: Final = Envelope(re.compile(r"/accounting(?:/|$)"), document_of, CONTENT_TYPE)
FORMATS: Final[dict[str, Format]] = {"riverty": notification}
