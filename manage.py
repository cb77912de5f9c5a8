#!/usr/bin/env python
"""Run a command of the returns desk; `manage.py quickstart` needs nothing else to have run."""

from __future__ import annotations

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from rmaproject.database.errors import ServerError


def take_data_dir(arguments: list[str]) -> None:
    """Put `--data-dir` into the environment: settings are read before options are."""
    for position, argument in enumerate(arguments):
        if argument.startswith("--data-dir="):
            os.environ["RMA_DATA_DIR"] = argument.partition("=")[2]
        elif argument == "--data-dir" and position + 1 < len(arguments):
            os.environ["RMA_DATA_DIR"] = arguments[position + 1]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmaproject.settings")
    take_data_dir(sys.argv[2:])
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, ServerError) as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
