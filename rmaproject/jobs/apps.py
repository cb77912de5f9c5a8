from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Long work with progress: many records changed, or written into a file."""

    name = "rmaproject.jobs"
    label = "jobs"

    def ready(self) -> None:
        from rmaproject.files.orphans import FOLDERS
        from rmaproject.jobs.selectors import kept_files

        FOLDERS["exports"] = kept_files
