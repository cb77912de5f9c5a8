"""Record one real exchange of every REST operation as the example in the OpenAPI document.

`uv run python -m tests.api.record_examples` runs the REST tests, takes of each operation the
plainest exchange that succeeded, and writes `rmaproject/rest/examples.json`. What differs from run
to run (ids, times, today) is replaced, so that a new recording changes only what changed. Given
test files, it runs only those and leaves the examples of all other operations as they are.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

FOLDER: Final = "RMA_RECORD_EXAMPLES"
LARGEST: Final = 8_000
UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d(?!T)")
FEED: Final = re.compile(r"(?<=/)[\w-]{20,}(?=\.ics)", re.ASCII)
HASH: Final = re.compile(r"\b([0-9a-f]{64}|[0-9a-f]{32})\b")
CURSOR: Final = re.compile(r"(?<=[?&]cursor=)[^&\"]+")
#: Days that a test counts from today lie within this many of it.
NEAR: Final = 45
SECRET: Final = re.compile(r"\b(rma|whsec)_[A-Za-z0-9_+/=-]{6,}")


def keep(method: str, path: str, body: Any, answer: Any) -> None:
    """Write an exchange down where a recording is going on and it succeeded with JSON."""
    folder = os.environ.get(FOLDER)
    kind = answer.headers.get("Content-Type", "")
    if not folder or answer.status_code >= 300 or (answer.content and kind != "application/json"):
        return
    told: dict[str, Any] = {
        "method": method,
        "path": path.partition("?")[0],
        "status": answer.status_code,
    }
    if body is not None:
        told["request"] = body
    if answer.content:
        told["response"] = json.loads(answer.content)
    with (Path(folder) / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(told, default=str) + "\n")


def main() -> int:
    """Run the REST tests and write the file; gives their exit code."""
    with tempfile.TemporaryDirectory() as folder:
        tests = sys.argv[1:] or ["tests/api", "tests/access", "tests/events", "tests/webhooks"]
        known = [path for path in tests if Path(path.partition("::")[0]).exists()]
        run = [sys.executable, "-m", "pytest", "-q", *known]
        code = subprocess.call(run, env={**os.environ, FOLDER: folder})
        found = [
            json.loads(line)
            for file in sorted(Path(folder).iterdir())
            for line in file.read_text(encoding="utf-8").splitlines()
        ]
    write(found, merging=bool(sys.argv[1:]))
    return code


def write(exchanges: list[dict[str, Any]], *, merging: bool = False) -> None:
    """Choose an exchange for each operation; what was found before stays where `merging`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from drf_spectacular.generators import SchemaGenerator

    from rmaproject.rest.examples import FILE, in_lines, operations

    document = SchemaGenerator().get_schema(request=None, public=True)
    before = json.loads(FILE.read_text(encoding="utf-8")) if merging and FILE.exists() else {}
    chosen: dict[str, Any] = {}
    missing = []
    for name, _ in operations(document):
        method, _, path = name.partition(" ")
        shape = re.compile(re.sub(r"\\?\{[^}]+\\?\}", "[^/]+", path.rstrip("/")) + "/?")
        fitting = [
            row for row in exchanges if row["method"] == method and shape.fullmatch(row["path"])
        ]
        if fitting:
            chosen[name] = plain(min(fitting, key=_plainness))
        elif name in before:
            chosen[name] = before[name]
        else:
            missing.append(name)
    FILE.write_text(in_lines(chosen, depth=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(chosen)} examples; none for:\n" + "\n".join(missing) + "\n")


def _plainness(row: dict[str, Any]) -> tuple[bool, bool, int, str]:
    """Something rather than nothing, then the exchange that tells most within reason."""
    answer = row.get("response")
    rows = answer.get("results") if isinstance(answer, dict) else None
    text = json.dumps(row, sort_keys=True)
    empty = rows == [] or (row["method"] != "GET" and not row.get("request"))
    return empty, len(text) > LARGEST, -len(text) if len(text) <= LARGEST else len(text), text


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """An exchange without what differs from run to run, its list cut to one record."""
    answer = row.get("response")
    if isinstance(answer, dict) and isinstance(answer.get("results"), list):
        answer["results"] = answer["results"][:1]
    names: dict[str, str] = {}

    def same(found: re.Match[str]) -> str:
        number = len(names)
        return names.setdefault(found.group(), str(uuid5(NAMESPACE_URL, f"example {number}")))

    kept = {name: value for name, value in row.items() if name not in ("method", "path")}
    text = json.dumps(kept)

    def digest(found: re.Match[str]) -> str:
        number = len(names)
        made = sha256(f"example {number}".encode()).hexdigest()
        return names.setdefault(found.group(), made[: len(found.group())])

    text = UUID.sub(same, text)
    text = HASH.sub(digest, text)
    text = CURSOR.sub("eyJ2IjogMX0", text)
    text = INSTANT.sub("2026-03-02T09:30:00+00:00", text)
    text = DAY.sub(_day, text)
    text = FEED.sub("x" * 24, text)
    text = SECRET.sub(lambda found: found.group(1) + "_" + "x" * 24, text)
    text = text.replace("http://testserver", "https://returns.example")
    told: dict[str, Any] = json.loads(text.replace("127.0.0.1", "192.0.2.7"))
    return told


def _day(found: re.Match[str]) -> str:
    """Days around today stand around the second of March 2026."""
    try:
        apart = date.fromisoformat(found.group()) - timezone.localdate()
    except ValueError:
        return found.group()
    if abs(apart.days) > NEAR:
        return found.group()
    return (date(2026, 3, 2) + apart).isoformat()


if __name__ == "__main__":
    sys.exit(main())
