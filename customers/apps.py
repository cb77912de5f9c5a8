from __future__ import annotations

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Companies with their contacts and addresses."""

    name = "customers"
