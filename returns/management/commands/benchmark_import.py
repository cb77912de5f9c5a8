"""How fast a ledger is imported: into a database of its own that is thrown away afterwards."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

#: A public ledger that may lie beside the checkout; it is no part of the project.
SAMPLE: Final = Path("shared/data/online-retail.csv.gz")
BUSINESS: Final = ("--business", "LEDGER", "--currency", "GBP", "--time-zone", "Europe/London")
#: What differs from run to run.
MEASURED: Final = ("seconds", "lines_per_second", "peak_megabytes")
DATABASE_VARIABLES: Final = ("DATABASE_URL", "DATABASE_URL_FILE", "RMA_DATA_DIR")


class Command(BaseCommand):
    help = (
        "Import a ledger into a database made for it and thrown away afterwards; print lines per "
        "second and peak memory. Without FILE the sample ledger is used where it is at hand."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="a ledger as import_sales reads it")
        parser.add_argument("--twice", action="store_true", help="import it again and compare")

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"] or sample()
        if file is None:
            self.stdout.write(f"There is no {SAMPLE} above the project: name a ledger. Not run.")
            return
        folder = Path(tempfile.mkdtemp(prefix="benchmark-import-"))
        folder.chmod(0o711)  # root's server runs under another account, which must pass through
        try:
            self._measure(file.resolve(), folder, twice=options["twice"])
        finally:
            _manage(folder, "database", "stop", check=False)
            shutil.rmtree(folder, ignore_errors=True)

    def _measure(self, file: Path, folder: Path, *, twice: bool) -> None:
        _manage(folder, "quickstart", "--no-demo", "--no-serve")
        _manage(folder, "database", "start")
        first = self._import(file, folder)
        if twice:
            again = self._import(file, folder)
            same = all(again[key] == first[key] for key in first if key not in MEASURED)
            self.stdout.write("The second run gave " + ("the same." if same else "OTHER FIGURES."))

    def _import(self, file: Path, folder: Path) -> dict[str, Any]:
        summary = folder / "summary.json"
        _manage(folder, "import_sales", str(file), *BUSINESS, "--summary", str(summary))
        figures: dict[str, Any] = json.loads(summary.read_text(encoding="utf-8"))
        self.stdout.write(json.dumps(figures, indent=2))
        self.stdout.write(
            "{lines_read} lines in {seconds} s: {lines_per_second} lines/s, "
            "{peak_megabytes} MB at most".format(**figures)
        )
        return figures


def sample() -> Path | None:
    """The sample ledger in a folder beside the checkout or above it; None when there is none."""
    places = [folder / SAMPLE for folder in settings.BASE_DIR.parents]
    return next((place for place in places if place.is_file()), None)


def _manage(folder: Path, *arguments: str, check: bool = True) -> None:
    """Run a command in a process of its own, whose memory is its own too."""
    kept = {name: value for name, value in os.environ.items() if name not in DATABASE_VARIABLES}
    done = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
        cwd=folder,
        env={**kept, "RMA_DATA_DIR": str(folder / "data")},
        capture_output=True,
        text=True,
        check=False,
    )
    if check and done.returncode:
        raise CommandError(f"{arguments[0]} failed: {(done.stderr or done.stdout).strip()}")
