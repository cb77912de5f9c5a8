"""Texts that lie encrypted in the database: closed with the newest key, opened with any.

`RMA_FIELD_KEYS` holds the keys, newest first; `manage.py rotate_field_keys` closes all anew.
"""

from __future__ import annotations

import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from rmaproject.shared.errors import Conflict


def seal(text: str) -> str:
    """The text, encrypted with the newest key. Raises Conflict `no_field_keys` without any."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text that was sealed. Raises Conflict `wrong_field_keys` when no key opens it."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        message = _("None of the keys in RMA_FIELD_KEYS opens what is kept here.")
        raise Conflict(message, code="wrong_field_keys") from None


def digests(text: str) -> list[str]:
    """Keyed digests of a text, the newest key's first: for comparing, useless without the key."""
    return [
        hmac.new(key.encode(), b"rma-field:" + text.encode(), hashlib.sha256).hexdigest()
        for key in _keys()
    ]


def _keys() -> list[str]:
    if not settings.FIELD_KEYS:
        message = _("Set RMA_FIELD_KEYS: bank details are only kept encrypted.")
        raise Conflict(message, code="no_field_keys")
    return list(settings.FIELD_KEYS)


def _box() -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in _keys()])
    except ValueError:
        raise ImproperlyConfigured(
            "RMA_FIELD_KEYS holds keys of 32 bytes in URL-safe base64, comma-separated."
        ) from None
