"""Keep the contract of the REST door in git, and refuse to change it under its clients."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from drf_spectacular.generators import SchemaGenerator

from rmaproject.rest.contract import breaking_changes
from rmaproject.rest.examples import in_lines, operations

SNAPSHOT: Final[Path] = settings.BASE_DIR / "docs" / "openapi.json"
HOW: Final = "Write it with: manage.py api_snapshot"


class Command(BaseCommand):
    help = "Write docs/openapi.json, or say with --check what differs from it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, fail on changes")
        parser.add_argument(
            "--breaking", action="store_true", help="write it although clients would break"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        new, old = current(), kept()
        broken = breaking_changes(old, new) if old else []
        if broken and not options["breaking"]:
            raise CommandError("This would break clients:\n  " + "\n  ".join(broken))
        if options["check"]:
            if new != old:
                raise CommandError(f"The API and {SNAPSHOT.name} differ. {HOW}")
            return
        SNAPSHOT.write_text(in_lines(new, depth=3) + "\n", encoding="utf-8")
        self.stdout.write(f"{len(dict(operations(new)))} operations written to {SNAPSHOT.name}")


def current() -> dict[str, Any]:
    """What clients rely on in the code as it is: no prose, no examples, no refusals."""
    document = SchemaGenerator().get_schema(request=None, public=True)
    found = _without_prose(json.loads(json.dumps(document, default=str)))
    for _, operation in operations(found):
        answers = operation["responses"]
        operation["responses"] = {key: answers[key] for key in answers if key.startswith("2")}
    return found


def kept() -> dict[str, Any]:
    """The document in git; empty where there is none yet."""
    return json.loads(SNAPSHOT.read_text(encoding="utf-8")) if SNAPSHOT.exists() else {}


def _without_prose(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_prose(item) for item in node]
    if not isinstance(node, dict):
        return node
    prose = {name for name in ("description", "summary") if isinstance(node.get(name), str)}
    prose |= {name for name in ("examples",) if not isinstance(node.get(name), dict)}
    prose |= {"examples"} if "schema" in node else set()
    return {name: _without_prose(value) for name, value in node.items() if name not in prose}
