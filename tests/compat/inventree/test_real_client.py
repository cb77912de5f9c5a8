"""The client of this system itself, unchanged, against a server of ours."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from inventree.api import InvenTreeAPI
from inventree.base import Attachment
from inventree.order import ReturnOrder
from inventree.user import Owner
from requests.exceptions import HTTPError

from tests.compat.inventree.calling import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def api(live_server: Any, roles: None, ada: Any, business: Any) -> InvenTreeAPI:
    """Ada's client, connected by name and password, going on by the token that it asked for."""
    return InvenTreeAPI(live_server.url, username="ada", password=PASSWORD)


def make(api: InvenTreeAPI, customer: Any, **values: Any) -> ReturnOrder:
    told = {"customer": customer.pk, "description": "Return of a tent", **values}
    return ReturnOrder.create(api, data=told)


def test_it_connects_and_names_the_fields_of_an_order(api: InvenTreeAPI, bo: Any) -> None:
    assert api.token
    wanted = {"contact", "line_items", "link", "overdue", "customer", "status", "reference"}
    assert wanted <= set(ReturnOrder.fieldNames(api))
    assert ReturnOrder.fieldInfo("reference", api)["default"] == "RMA-0001"
    assert any(owner.name == "ada" for owner in Owner.list(api))


def test_an_order_lives_as_its_tests_expect(api: InvenTreeAPI, bo: Any) -> None:
    order = make(api, bo)
    assert (order.status, order.getContact(), ReturnOrder.count(api)) == (10, None, 1)

    order.save({"reference": "RMA-99999"})
    assert ReturnOrder.list(api, reference="RMA-99999")[0].pk == order.pk

    for number in range(3):
        order.addExtraLineItem(reference=f"R{number}", notes="More", price=10, price_currency="EUR")
    assert [line.quantity for line in order.getExtraLineItems()] == [1, 1, 1]
    assert order.getExtraLineItems()[0].reference == "R0"
    order.getExtraLineItems()[0].delete()
    assert len(order.getExtraLineItems()) == 2

    order.cancel()
    assert (order.status, order.status_text) == (40, "Cancelled")


def test_issue_hold_and_complete(api: InvenTreeAPI, bo: Any) -> None:
    order = make(api, bo)

    order.issue()
    assert order.status == 20
    order.hold()
    assert order.status == 25
    order.issue()
    assert order.status == 20
    order.complete()
    assert order.status == 30
    with pytest.raises(HTTPError) as refusal:
        order.cancel()
    assert refusal.value.args[0]["status_code"] == 409


def test_a_deleted_order_is_gone(api: InvenTreeAPI, bo: Any) -> None:
    order = make(api, bo)

    order.delete()

    with pytest.raises(HTTPError):
        order.reload()


def test_a_unit_comes_back(api: InvenTreeAPI, bo: Any, unit: Any, business: Any) -> None:
    order = make(api, bo)
    order.issue()
    line = order.addLineItem(item=unit.pk, quantity=1, outcome=50)
    place = business.returns_location_id

    api.post(
        f"order/ro/{order.pk}/receive/",
        {"items": [{"item": line.pk, "status": 10}], "location": place},
    )
    order.complete()

    line.reload()
    assert (order.status, line.outcome, line.getOrder().pk) == (30, 50, order.pk)
    assert line.received_date
    assert order.completed_lines == 1


def test_saving_a_whole_order_changes_nothing(api: InvenTreeAPI, bo: Any) -> None:
    order = make(api, bo, notes="Second\nparagraph", link="https://example.org/1")
    before = dict(order._data)

    order.save()

    order.reload()
    del before["updated_at"], order._data["updated_at"]
    assert order._data == before


def test_metadata_is_merged_or_written_anew(api: InvenTreeAPI, bo: Any) -> None:
    order = make(api, bo)

    order.setMetadata({"a": 1})
    order.setMetadata({"b": [2]})
    assert order.getMetadata() == {"a": 1, "b": [2]}
    order.setMetadata({"c": 3}, overwrite=True)
    assert order.getMetadata() == {"c": 3}


def test_files_and_links_hang_on_an_order(api: InvenTreeAPI, bo: Any, tmp_path: Path) -> None:
    order = make(api, bo)
    file = BytesIO(b"The customer says so.")
    file.name = "letter.txt"

    order.uploadAttachment(file, comment="Their letter")
    order.addLinkAttachment("https://example.org/photo", comment="A photo")

    letter, link = order.getAttachments()
    assert (letter.filename, letter.comment, letter.link) == ("letter.txt", "Their letter", None)
    assert (link.link, link.attachment) == ("https://example.org/photo", None)
    letter.download(str(tmp_path / "letter.txt"))
    assert (tmp_path / "letter.txt").read_bytes() == b"The customer says so."
    link.delete()
    assert [row.pk for row in Attachment.list(api, model_type="returnorder")] == [letter.pk]


def test_what_we_do_not_serve_it_does_not_ask_for(api: InvenTreeAPI, bo: Any) -> None:
    order = make(api, bo)

    with pytest.raises(NotImplementedError):
        order.getParameters()
    with pytest.raises(NotImplementedError):
        order.getAuditLog()
