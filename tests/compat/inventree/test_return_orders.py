from __future__ import annotations

from typing import Any

import pytest

from returns.models import ReturnOrder
from tests.compat.inventree.calling import Caller, body

pytestmark = pytest.mark.django_db


def test_an_order_is_made_listed_shown_and_deleted(client: Caller, bo: Any) -> None:
    made = body(client.post("order/ro/?format=json", {"customer": bo.pk, "description": "x"}), 201)
    pk = made["pk"]

    assert body(client.get("order/ro/"))[0]["reference"] == "RMA-0001"
    assert body(client.get(f"order/ro/{pk}/")) == made
    paged = body(client.get("order/ro/?limit=1"))
    assert (paged["count"], paged["next"], len(paged["results"])) == (1, None, 1)
    body(client.delete(f"order/ro/{pk}/"), 204)
    body(client.get(f"order/ro/{pk}/"), 404)


def test_a_unit_comes_back_is_refunded_and_the_order_completes(
    client: Caller, bo: Any, unit: Any, business: Any
) -> None:
    pk = body(client.post("order/ro/", {"customer": bo.pk}), 201)["pk"]
    line = body(client.post("order/ro-line/", {"order": pk, "item": unit.pk}), 201)
    assert line["outcome"] == 10
    assert body(client.post(f"order/ro/{pk}/issue/"), 201)["status"] == 20
    items = {"items": [{"item": line["pk"]}], "location": business.returns_location_id}
    body(client.post(f"order/ro/{pk}/receive/", items), 201)
    changed = body(client.patch(f"order/ro-line/{line['pk']}/", {"outcome": 50}))
    assert changed["outcome"] == 50

    done = body(client.post(f"order/ro/{pk}/complete/"), 201)

    assert (done["status"], done["completed_lines"]) == (30, 1)
    assert done["total_price"] == 121.0
    assert ReturnOrder.objects.get().money != "none"
