"""Which codes of refusals the source can say, read off its syntax."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDERS: Final = ("rmaproject", "customers", "stock", "sales", "returns")
#: Classes of other packages that take a code, and at which place.
FOREIGN: Final = {"ErrorDetail": 1, "ValidationError": 1, "DjangoValidationError": 1}
#: Doors with an envelope and words of their own.
FOREIGN_DOORS: Final = ("exsited", "zoho", "inventree")
#: Where a `code` is no refusal's: what demonstrations and gateways make up.
APART: Final = ("demo", "gateways", "migrations", "setup.py", "web", "importing", *FOREIGN_DOORS)


def said_codes() -> dict[str, set[str]]:
    """Every code that a refusal of ours can have, with the files that say it."""
    trees = {path: ast.parse(path.read_text()) for path in _sources()}
    places = FOREIGN | {
        name: place for tree in trees.values() for name, place in _code_parameters(tree)
    }
    found: dict[str, set[str]] = {}
    for path, tree in trees.items():
        for code in _codes_of(tree, places):
            found.setdefault(code, set()).add(str(path.relative_to(ROOT)))
    return found


def _sources() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not set(path.relative_to(ROOT).parts) & set(APART):
                yield path


def _code_parameters(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Functions of ours that take a code, and at which place of a call it stands."""
    owners = {
        id(inner): node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for inner in node.body
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args]
            if "code" in names:
                method = bool(names) and names[0] == "self"
                name = owners[id(node)] if node.name == "__init__" else node.name
                yield name, names.index("code") - int(method)


def _codes_of(tree: ast.AST, places: dict[str, int]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _texts(_argument(node, places))
        elif isinstance(node, ast.Assign) and _names(node) == ["code"]:
            yield from _texts(node.value)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "code" and _is_error(node):
                    yield from _texts(value)


def _argument(call: ast.Call, places: dict[str, int]) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == "code":
            return keyword.value
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    place = places.get(name)
    return call.args[place] if place is not None and len(call.args) > place else None


def _names(node: ast.Assign) -> list[str]:
    return [target.id for target in node.targets if isinstance(target, ast.Name)]


def _is_error(node: ast.Dict) -> bool:
    keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
    return {"pointer", "detail"} <= keys


def _texts(value: ast.expr | None) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from _texts(value.body)
        yield from _texts(value.orelse)
