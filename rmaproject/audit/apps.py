from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The append-only, hash-chained trail of every change of an aggregate."""

    name = "rmaproject.audit"
    label = "audit"
