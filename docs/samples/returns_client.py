#!/usr/bin/env python3
"""A sale, its return and the money back over the REST API, with Python's standard library only.

    RMA=http://127.0.0.1:8000/api/v1 TOKEN=... python3 returns_client.py [BUSINESS]

Take from it what you need: `Desk` calls, repeats what may be repeated, and tells refusals;
`verified` checks a webhook's signature by hand.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

TRIES = 5


class RefusedError(Exception):
    """What the desk refuses; go by `code`, people read the rest."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(f"{problem['status']} {problem['code']}: {problem.get('detail')}")
        self.code: str = problem["code"]
        self.problem = problem


class Desk:
    """Calls of one returns desk with one token."""

    def __init__(self, root: str, token: str) -> None:
        self.root, self.token = root.rstrip("/"), token

    def call(
        self, method: str, path: str, body: Any = None, *, version: int = 0, key: str = ""
    ) -> Any:
        """The JSON of an answer; repeats a call that met a busy desk. Raises RefusedError.

        `version` is the one that a change is based on. With a `key` the call may be repeated
        as often as you like, also after a lost connection: it is done once.
        """
        url = path if path.startswith("http") else self.root + path
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if version:
            headers["If-Match"] = f'"{version}"'
        if key:
            headers["Idempotency-Key"] = key
        data = None if body is None else json.dumps(body).encode()
        for attempt in range(1, TRIES + 1):
            try:
                request = Request(url, data, headers, method=method)  # noqa: S310 your own address
                with urlopen(request, timeout=30) as answer:  # noqa: S310
                    return json.loads(answer.read() or "null")
            except HTTPError as refusal:
                wait = refusal.headers.get("Retry-After")
                if wait is None or attempt == TRIES:
                    raise RefusedError(json.loads(refusal.read())) from None
                time.sleep(min(int(wait), 60))
        raise AssertionError

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", f"{path}?{urlencode(query)}" if query else path)

    def walk(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Every record of a list, page by page; `next` holds the cursor."""
        page = self.get(path, **query)
        while True:
            yield from page["results"]
            if not page["next"]:
                return
            page = self.get(page["next"])

    def verb(self, rma: dict[str, Any], name: str, body: Any = None) -> dict[str, Any]:
        """The return after a verb; based on the version that we know of."""
        path = f"/returns/{rma['id']}/{name}/"
        done: dict[str, Any] = self.call("POST", path, body or {}, version=rma["version"])
        return done

    def events(self, after: str = "", **query: Any) -> Iterator[dict[str, Any]]:
        """What happened since the event with this id; keep the id of the last one."""
        yield from self.walk("/events/", **query, **({"after": after} if after else {}))


def verified(secret: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    """The event in a webhook's body as it came. Raises ValueError where it is not from the desk.

    Headers by small names. Handle each `webhook-id` once: an event may come again.
    """
    ident, sent_at = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(sent_at)) > 300:
        raise ValueError("Too old, or from the future: perhaps somebody sends it again.")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{ident}.{sent_at}.".encode() + body
    ours = "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    # Two signatures while one secret replaces another: either will do.
    if not any(hmac.compare_digest(ours, told) for told in headers["webhook-signature"].split()):
        raise ValueError("The signature is wrong.")
    event: dict[str, Any] = json.loads(body)
    return event


def sale_of_three(business: str, run: str) -> dict[str, Any]:
    """A finished sale as a shop tells it; the same again under this reference is no second one."""
    today = datetime.now(UTC).date().isoformat()
    tents = {
        "number": 1,
        "kind": "goods",
        "sku": "SAMPLE-TENT",
        "name": "Tent",
        "quantity": "3",
        "gross_unit_price": "50.00",
        "vat_percent": "21",
    }
    return {
        "business": business,
        "reference": f"SHOP-{run}",
        "ordered_on": today,
        "currency": "EUR",
        "customer": {"reference": "SAMPLE-BO", "name": "Bo Jansen"},
        "lines": [tents],
        "shipment": {"shipped_on": today},
        "invoice": {"reference": f"INV-{run}", "invoiced_on": today},
        "payments": [{"amount": "150.00", "paid_on": today, "method": "card"}],
    }


def main() -> None:
    """One return from the sale to the credit note."""
    say = sys.stdout.write
    desk = Desk(os.environ["RMA"], os.environ["TOKEN"])
    business = sys.argv[1] if len(sys.argv) > 1 else "1000"
    run = uuid.uuid4().hex[:8].upper()
    last = ""
    for event in desk.events():
        last = event["id"]

    sale = desk.call("POST", "/sales-orders/record/", sale_of_three(business, run))
    say(f"sale {sale['status']}, {sale['gross']} {sale['currency']}\n")

    asked = {
        "business": business,
        "customer": "SAMPLE-BO",
        "lines": [{"order_line": sale["lines"][0]["id"], "quantity": "2"}],
    }
    rma = desk.call("POST", "/returns/", asked, key=f"return-{run}")
    again = desk.call("POST", "/returns/", asked, key=f"return-{run}")
    say(f"return {rma['status']}, asked for once: {rma['id'] == again['id']}\n")

    old, rma = rma, desk.verb(rma, "issue")
    arrived = {"lines": [{"line": 1, "quantity": "2", "disposition": "restock"}]}
    try:
        desk.verb(old, "receive", arrived)
    except RefusedError as refusal:
        say(f"an old version is refused: {refusal.code}\n")
    rma = desk.verb(rma, "receive", arrived)
    say(f"goods {rma['goods']}, money {rma['money']}\n")
    rma = desk.verb(rma, "credit")
    for note in desk.walk("/credit-notes/", return_order=rma["id"]):
        say(f"credited {note['gross']} {note['currency']}, return {rma['status']}\n")

    walked = sum(1 for _ in desk.walk("/returns/", limit=1, customer="SAMPLE-BO"))
    whole = desk.get("/returns/", count="true", customer="SAMPLE-BO")["count"]
    say(f"walked all returns of the customer: {walked == whole}\n")
    told = [event["type"] for event in desk.events(last, record=rma["id"])]
    say(f"told: {' '.join(told)}\n")


if __name__ == "__main__":
    main()
