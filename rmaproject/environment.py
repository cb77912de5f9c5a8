"""Settings come from the environment alone; a wrong value stops the program with its name."""

from __future__ import annotations

import base64
import os
import re
import secrets
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """The value of NAME, or the content of the file that NAME_FILE names."""
    if value := os.environ.get(name):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as problem:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {problem}") from None
    return default


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if value not in {"", "0", "1", "no", "yes", "off", "on", "false", "true"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value in {"1", "yes", "on", "true"} if value else default


def number(name: str, default: int) -> int:
    value = text(name)
    if value and not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value or default)


def domain(name: str, default: str) -> str:
    """A name of letters, digits, points and hyphens, as hosts have."""
    value = text(name, default)
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,98}[A-Za-z0-9])?", value):
        raise ImproperlyConfigured(f"{name} must be like a host name, not {value!r}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def seconds(name: str, default: str) -> list[float]:
    """A comma-separated list of times."""
    try:
        return [float(word) for word in words(name, default)]
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be seconds, parted by commas.") from None


def networks(name: str) -> list[str]:
    """A comma-separated list of networks."""
    found = words(name)
    try:
        for word in found:
            ip_network(word)
    except ValueError as problem:
        raise ImproperlyConfigured(f"{name} must be networks, as 10.1.2.0/24: {problem}") from None
    return found


def database(address: str) -> dict[str, Any]:
    """Django's form of `postgres://user:password@host:port/name?sslmode=require`."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured("DATABASE_URL is not a well-formed address.") from None
    if parts.scheme not in {"postgres", "postgresql"} or len(parts.path) < 2:
        raise ImproperlyConfigured("DATABASE_URL must read postgres://user:password@host/name.")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or "") or text("DATABASE_PASSWORD"),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(port or ""),
        "OPTIONS": options,
    }


def development_key(data_dir: Path) -> str:
    """A secret key made once and kept beside the data; safe when two processes start together."""
    return _kept_secret(data_dir / "secret_key", lambda: secrets.token_urlsafe(50))


def development_field_key(data_dir: Path) -> str:
    """The key that bank details are encrypted with, made once and kept beside the data."""
    fresh = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return _kept_secret(data_dir / "field_key", lambda: fresh)


def _kept_secret(path: Path, make: Callable[[], str]) -> str:
    try:
        if not path.exists():
            make_folder(path.parent)
            fresh = path.with_name(f"{path.name}.{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_text(make(), encoding="utf-8")
            _link_first(fresh, path)
        return path.read_text(encoding="utf-8")
    except OSError:
        # Whoever needs the folder says so in a sentence; reading settings must not fail for it.
        return make()


def make_folder(path: Path) -> None:
    """Only we may look inside; as root, the database server's account may pass through."""
    mode = 0o711 if os.geteuid() == 0 else 0o700
    try:
        path.mkdir(parents=True, mode=mode)
    except FileExistsError:
        if not path.is_dir():
            raise
    else:
        path.chmod(mode)


def _link_first(fresh: Path, path: Path) -> None:
    """Only one process wins; all read the winner's key."""
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
