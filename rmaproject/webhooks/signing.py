"""Signatures by Standard Webhooks: HMAC-SHA256 over id, time and body."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from standardwebhooks import Webhook

SECRET_BYTES: Final = 32


def make_secret() -> str:
    """A fresh secret as receivers know them: `whsec_` and its bytes in base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed(keys: Iterable[str], message_id: str, at: datetime, body: str) -> dict[str, str]:
    """The headers of a message; with two secrets, while one replaces the other, it has two
    signatures, and either verifies.
    """
    at = at.astimezone(UTC)
    signatures = [Webhook(key).sign(message_id, at, body) for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
