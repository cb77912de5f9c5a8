from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Who may do what: users, roles, row scope, tokens, and repeated requests."""

    name = "rmaproject.access"
    label = "access"
