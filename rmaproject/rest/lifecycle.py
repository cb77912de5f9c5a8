"""How an address says that it will go away (RFC 9745, RFC 8594)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpResponseBase
from django.utils.http import http_date


@dataclass(frozen=True)
class Deprecation:
    """Deprecated since when, answered until when, and where its successor is described.

    What is published stays for at least six months after it is called deprecated.
    """

    since: datetime
    until: datetime
    about: str

    def announce(self, response: HttpResponseBase) -> None:
        """Put it into the headers of an answer."""
        response.headers["Deprecation"] = f"@{int(self.since.timestamp())}"
        response.headers["Sunset"] = http_date(self.until.astimezone(UTC).timestamp())
        known = response.headers.get("Link")
        link = f'<{self.about}>; rel="deprecation"; type="text/html"'
        response.headers["Link"] = f"{known}, {link}" if known else link
