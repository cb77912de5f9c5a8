"""Each adapter may be switched off or taken out, and nothing else is missed."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
KNOWN = settings.KNOWN_ADAPTERS
#: Addresses of each, of which at least these lead nowhere without it.
THEIRS = {
    "exsited": ["/api/v3/return-merchandise-authorisations", "/api/v1/oauth2/token"],
    "zoho": ["/inventory/v1/salesreturns"],
    "riverty": ["/accounting/v1/businesses/1/customers/1/orders/1/returns"],
    "inventree": ["/api/order/ro/", "/api/company/", "/api/user/token/"],
}
#: Run in a process of its own: settings and addresses are read once in a process.
LOOK = """
import json, sys, django
django.setup()
from django.urls import Resolver404, resolve
from rmaproject.rest.problems import not_found
from rmaproject.rest.envelopes import ENVELOPES
from rmaproject.webhooks.formats import FORMATS

def there(path):
    try:
        return resolve(path).func is not not_found
    except Resolver404:
        return False

paths = json.loads(sys.argv[1])
print(json.dumps([[there(path) for path in paths], sorted(ENVELOPES), sorted(FORMATS)]))
"""
OURS = ["/api/v1/returns/", "/returns/", "/healthz"]


@pytest.mark.parametrize("switched_on", [[], *([name] for name in KNOWN), KNOWN], ids=str)
def test_only_what_is_switched_on_has_addresses(switched_on: list[str]):
    paths = [*OURS, *(path for name in KNOWN for path in THEIRS[name])]

    there, envelopes, formats = look(switched_on, paths)

    wanted = [*OURS, *(path for name in switched_on for path in THEIRS[name])]
    assert [path for path, found in zip(paths, there, strict=True) if found] == [
        path for path in paths if path in wanted
    ]
    assert envelopes == sorted(switched_on)
    assert formats == sorted(["standard", *({"riverty"} & set(switched_on))])


def test_an_adapter_that_does_not_exist_is_refused_at_the_start():
    with pytest.raises(subprocess.CalledProcessError) as refusal:
        look(["nothing"], [])

    assert "RMA_ADAPTERS names ['nothing']" in refusal.value.stderr


def look(switched_on: list[str], paths: list[str]) -> list[list[str]]:
    """What another process with these adapters finds at these addresses."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "rmaproject.settings",
        "RMA_ADAPTERS": ",".join(switched_on) or "none",
    }
    done = subprocess.run(
        [sys.executable, "-c", LOOK, json.dumps(paths)],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    found: list[list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", KNOWN)
def test_nothing_outside_of_an_adapter_imports_it(name: str):
    own = [Path("returns", "compat", name), Path("tests", "compat", name)]
    roots = ["rmaproject", "customers", "stock", "sales", "returns", "tests"]
    files = [file for root in roots for file in (ROOT / root).rglob("*.py")]
    others = [file for file in files if not _below(file.relative_to(ROOT), own)]

    guilty = [str(file.relative_to(ROOT)) for file in others if set(_imports(file)) & _names(name)]

    assert len(others) > 400
    assert guilty == []


def test_the_search_for_imports_finds_one():
    file = ROOT / "tests" / "compat" / "zoho" / "test_words.py"

    assert not file.exists() or set(_imports(file)) & _names("zoho")


def _below(file: Path, folders: list[Path]) -> bool:
    return any(file.is_relative_to(folder) for folder in folders)


def _names(name: str) -> set[str]:
    return {f"returns.compat.{name}", f"tests.compat.{name}"}


def _imports(file: Path) -> Iterator[str]:
    """The packages that a file imports, as far as an adapter's name: `returns.compat.zoho`."""
    text = file.read_text()
    if "compat" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        found: list[str] = []
        if isinstance(node, ast.Import):
            found = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
        for one in found:
            yield ".".join(one.split(".")[:3])
