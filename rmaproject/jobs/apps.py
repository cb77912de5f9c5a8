from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Long work with progress: many records changed, or written into a file."""

    name = "rmaproject.jobs"
    label = "jobs"
