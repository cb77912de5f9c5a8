"""Where goods shall be put is said of a return, or of one of its lines."""

from __future__ import annotations

from returns.models import ReturnOrder
from tests.api.returning import asked
from tests.factories import LocationFactory


def test_a_return_and_its_lines_say_where_goods_shall_be_put(api, business, bo, sale):
    LocationFactory(code="HALL", name="Hall")
    LocationFactory(code="SHELF")
    line = {"order_line": str(sale.lines.get().uuid), "quantity": "1", "location": "SHELF"}

    made = api.post("/returns/", asked(business, bo, line, location="HALL")).json()

    assert made["location"]["reference"] == "HALL"
    assert made["lines"][0]["location"]["reference"] == "SHELF"
    order = ReturnOrder.objects.get(uuid=made["id"])
    path = f"/returns/{order.uuid}/"
    changed = api.patch(path, {"location": None}, If_Match=f'"{order.version}"')
    assert (changed.status_code, changed.json()["location"]) == (200, None)
    tag = changed.headers["ETag"]
    moved = api.patch(f"{path}lines/{made['lines'][0]['id']}/", {"location": "hall"}, If_Match=tag)
    assert (moved.status_code, moved.json()["location"]["reference"]) == (200, "HALL")
