"""Gateways that pay money back by the original method; which ones there are, the settings say."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from sales.gateways.interface import Answer, Gateway, NoAnswer

__all__ = ["Answer", "Gateway", "NoAnswer", "gateway_named", "known_gateways"]


def known_gateways() -> set[str]:
    """The names of the gateways that money can go back through."""
    return set(settings.PAYOUT_GATEWAYS)


def gateway_named(name: str) -> Gateway:
    """The gateway of this name. Raises ImproperlyConfigured when the settings name none."""
    path = settings.PAYOUT_GATEWAYS.get(name)
    if path is None:
        raise ImproperlyConfigured(f"RMA_PAYOUT_GATEWAYS names no gateway {name!r}.")
    return _made(path)


@lru_cache(maxsize=16)
def _made(path: str) -> Gateway:
    module, _, name = path.rpartition(".")
    made: Gateway = getattr(import_module(module), name)()
    return made
