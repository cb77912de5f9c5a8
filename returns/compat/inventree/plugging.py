"""What the rest must know of this door."""

from __future__ import annotations

import re
from typing import Any, Final

from returns.compat.inventree.envelope import body_of
from rmaproject.rest.envelopes import Envelope
from rmaproject.rest.problems import Refusal
from rmaproject.webhooks.formats import Format

#: All below `api` but our own interface and the calendars, also where nothing is.
_PATHS: Final = r"/api(?:$|/(?!v\d|order/calendar))"


def _body(refusal: Refusal) -> dict[str, Any]:
    return body_of(refusal, {})


ENVELOPE: Final = Envelope(re.compile(_PATHS), _body)
FORMATS: Final[dict[str, Format]] = {}
