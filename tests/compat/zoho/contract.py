"""The contracts that every answer is held against: theirs where it is at hand, and our own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator

NAME = Path("shared/contracts/zoho-sales-returns.openapi.yml")
OURS = Path(__file__).parents[3] / "returns/compat/zoho/openapi.yaml"
#: Where each operation's answer stands in the contract, by its own word.
ANSWERS = {
    "create_sales_return": "create-a-sales-return-response",
    "list_sales_returns": "list-all-sales-returns-response",
    "update_sales_return": "update-a-sales-return-response",
    "get_sales_return": "retrieve-a-sales-return-response",
    "delete_sales_return": "delete-a-sales-return-response",
    "create_sales_return_receive": "create-a-sales-return-receive-response",
    "delete_sales_return_receive": "delete-a-sales-return-receive-response",
}


def require_valid(operation: str, body: Any) -> Any:
    """The body, which is as their contract (where it is at hand) and as our own one says."""
    _valid(body, operation, theirs=False)
    if contract() is not None:
        _valid(body, operation, theirs=True)
    return body


@cache
def contract() -> dict[str, Any] | None:
    """Their contract, found by walking up from the checkout; None where it is not there."""
    for folder in Path(__file__).parents:
        path = folder / NAME
        if path.is_file():
            loaded: dict[str, Any] = yaml.safe_load(path.read_text())
            # Their list is described as one object, and every answer of theirs is an array of it.
            rows = loaded["components"]["schemas"]["list-all-sales-returns-response"]["properties"]
            rows["salesreturns"] = {"type": "array", "items": rows["salesreturns"]}
            return loaded
    return None


@cache
def ours() -> dict[str, Any]:
    """The description that our door gives of itself."""
    loaded: dict[str, Any] = yaml.safe_load(OURS.read_text())
    return loaded


def _valid(body: Any, operation: str, *, theirs: bool) -> None:
    document = contract() if theirs else ours()
    assert document is not None
    if body.get("code") != 0:
        name = "" if theirs else "refusal"
    else:
        name = ANSWERS[operation] if theirs else operation.replace("_", "-")
    if not name:
        return
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    errors = [
        f"/{'/'.join(map(str, error.absolute_path))}: {error.message}"
        for error in Draft7Validator(schema).iter_errors(body)
    ]
    assert not errors, errors
