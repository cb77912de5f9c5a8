"""In which words refusals are told that no view gave: the API's problems, or another system's.

Doors for other systems' clients register their addresses and their form of a refusal here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse

from rmaproject.rest.problems import CONTENT_TYPE, Refusal, document_of
from rmaproject.rest.rendering import dumps

API: Final = "/api/"


@dataclass(frozen=True)
class Envelope:
    """The addresses of one system, from the root, and what its clients read of a refusal."""

    paths: re.Pattern[str]
    body: Callable[[Refusal], Any]
    content_type: str = "application/json"


ENVELOPES: Final[dict[str, Envelope]] = {}

_PROBLEM: Final = Envelope(re.compile(API), document_of, CONTENT_TYPE)


def foreign(path: str) -> bool:
    """Whether an address belongs to another system's clients."""
    return any(envelope.paths.match(path) for envelope in ENVELOPES.values())


def answer(path: str, refusal: Refusal) -> HttpResponse | None:
    """A refusal as who calls this address expects it; None where people look at pages."""
    envelope = _envelope_of(path)
    if envelope is None:
        return None
    return HttpResponse(
        dumps(envelope.body(refusal)),
        status=refusal.status,
        headers=refusal.headers,
        content_type=envelope.content_type,
    )


def _envelope_of(path: str) -> Envelope | None:
    for envelope in (*ENVELOPES.values(), _PROBLEM):
        if envelope.paths.match(path):
            return envelope
    return None
