from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Files that hang on records: checked, stored under names of ours, handed out by right."""

    name = "rmaproject.files"
    label = "files"
