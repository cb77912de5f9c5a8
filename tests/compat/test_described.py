"""What an adapter's description names is there, and answers nobody without a credential."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from tests.compat.calling import Caller

FOLDER = Path(settings.BASE_DIR) / "returns" / "compat"
FILES = sorted(FOLDER.glob("*/openapi.yaml"))


@pytest.mark.django_db
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_every_address_is_there_and_asks_who_is_calling(file):
    described = yaml.safe_load(file.read_text())
    for template, item in described["paths"].items():
        path = re.sub(r"\{\w+\}", "1", template)
        for method in sorted({"get", "post", "put", "patch", "delete"} & set(item)):
            status = Caller().raw(method.upper(), path, b"").status_code
            opened = item[method].get("security") == []
            assert status == 401 or opened, f"{method} {template} answers {status}"
            assert status != 405
