"""The sample clients do what they say, against a running desk."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings

from returns.models import ReturnOrder
from rmaproject.access.tokens import create_token
from rmaproject.shared import clock
from rmaproject.webhooks.signing import make_secret, signed
from sales.models import SalesOrder

SAMPLES: Final = Path(settings.BASE_DIR) / "docs" / "samples"
EVENTS: Final = "return.create return.issue return.receive return.dispose return.credit"


def run(*command: str, url: str, token: str) -> list[str]:
    """What a sample prints, line by line."""
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        command,
        env={**known, "RMA": f"{url}/api/v1", "TOKEN": token},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_both_samples_bring_a_return_to_its_end(live_server: Any, business: Any, ada: Any) -> None:
    token = create_token(ada.user)

    python = run(
        sys.executable, str(SAMPLES / "returns_client.py"), "1000", url=live_server.url, token=token
    )
    shell = run("bash", str(SAMPLES / "returns.sh"), "1000", url=live_server.url, token=token)

    assert python == [
        "sale complete, 150.00 EUR",
        "return pending, asked for once: True",
        "an old version is refused: stale_version",
        "goods received, money due",
        "credited 100.00 EUR, return in_progress",
        "walked all returns of the customer: True",
        f"told: {EVENTS}",
    ]
    assert shell == [
        "sale complete, 150.00 EUR",
        "return pending, asked for once: True",
        "goods received, money due",
        "credited 100.00 EUR",
        "walked all returns of the customer: True",
        f"told: {EVENTS}",
    ]
    assert (SalesOrder.objects.count(), ReturnOrder.objects.count()) == (2, 2)
    assert {note.created_by for note in ReturnOrder.objects.all()} == {ada.user}


@pytest.fixture(scope="module")
def sample() -> Any:
    spec = spec_from_file_location("returns_client", SAMPLES / "returns_client.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def message(*secrets: str, at: datetime | None = None) -> tuple[dict[str, str], bytes]:
    """A webhook as it comes, signed by the desk with these secrets."""
    body = b'{"type": "return.create", "data": {"version": 1}}'
    return signed(secrets, "msg-1", at or clock.now(), body.decode()), body


def test_the_sample_verifies_what_the_desk_signs(sample: Any) -> None:
    old, new = make_secret(), make_secret()

    headers, body = message(old, new)

    assert sample.verified(old, headers, body)["type"] == "return.create"
    assert sample.verified(new, headers, body)["type"] == "return.create"


def test_the_sample_takes_no_message_of_another_or_of_old(sample: Any) -> None:
    secret = make_secret()
    headers, body = message(secret)
    old, _ = message(secret, at=clock.now() - timedelta(hours=1))

    for told, text in ((headers, body + b" "), (message(make_secret())[0], body), (old, body)):
        with pytest.raises(ValueError, match=r"wrong|Too old"):
            sample.verified(secret, told, text)
