"""Examples of every operation in the OpenAPI document: exchanges that tests really had.

`examples.json` beside this file is made by `python -m tests.api.record_examples`; a test holds
each example against the schema, so none can grow old unseen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("examples.json")
METHODS: Final = frozenset({"get", "post", "put", "patch", "delete"})
Document = dict[str, Any]


def add_examples(result: Document, generator: Any, request: Any, public: bool) -> Document:
    """Put the recorded exchange of each operation into the OpenAPI document."""
    known = json.loads(FILE.read_text(encoding="utf-8"))
    for name, operation in operations(result):
        if exchange := known.get(name):
            _add(operation, exchange)
    return result


def operations(document: Document) -> Iterator[tuple[str, Document]]:
    """Every operation of a document by its method and path."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield f"{method.upper()} {path}", operation


def in_lines(node: Any, depth: int) -> str:
    """JSON whose outer objects have one member a line, so that changes are easy to read."""
    if depth == 0 or not isinstance(node, dict):
        return json.dumps(node, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    members = (f"{json.dumps(name)}: {in_lines(node[name], depth - 1)}" for name in sorted(node))
    return "{\n" + ",\n".join(members) + "\n}"


def _add(operation: Document, exchange: Document) -> None:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None and "request" in exchange:
        body["examples"] = {"example": {"value": exchange["request"]}}
    for status, answer in operation["responses"].items():
        content = answer.get("content", {}).get("application/json")
        # Where a repeat has a status of its own, it is answered with the same record.
        if status.startswith("2") and content is not None and "response" in exchange:
            content["examples"] = {"example": {"value": exchange["response"]}}
