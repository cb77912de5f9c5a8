"""What the tests of inspection share."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

from returns.models import ReturnOrder
from tests.web.browser import version_on


def key(rma: ReturnOrder) -> str:
    return str(rma.lines.get().uuid)


def png() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, format="PNG")
    file = BytesIO(out.getvalue())
    file.name = "tent.png"
    return file


def save(client: Any, path: str, **values: Any) -> Any:
    opened = client.get(path)
    version = {} if path.endswith("/new/") else {"version": version_on(opened)}
    return client.post(path, {**version, **values})
