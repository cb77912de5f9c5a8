"""What the rest must know of this door."""

from __future__ import annotations

import re
from typing import Any, Final

from returns.compat.exsited.base import ASKING, envelope
from rmaproject.rest.envelopes import Envelope
from rmaproject.rest.problems import Refusal
from rmaproject.webhooks.formats import Format

_PATHS: Final = (
    r"/(?:api/v[23]|invoices|return-merchandise-authorisations|api/v1/oauth2/token)(?:/|$)"
)


def _body(refusal: Refusal) -> dict[str, Any]:
    return envelope(refusal, ASKING)


ENVELOPE: Final = Envelope(re.compile(_PATHS), _body)
FORMATS: Final[dict[str, Format]] = {}
