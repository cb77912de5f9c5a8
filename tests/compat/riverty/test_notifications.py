"""What this system's subscribers hear of a return's money, and that they hear it once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from returns.models import ReturnOrder
from rmaproject.access.actors import Actor
from rmaproject.webhooks.models import Endpoint
from rmaproject.webhooks.services import create_endpoint
from rmaproject.webhooks.services.sending import send_due
from rmaproject.webhooks.services.spreading import spread_all
from sales.models import Refund
from tests.compat.calling import same
from tests.compat.riverty.steps import BANK, PEG, Shop
from tests.factories import actor_with
from tests.refunds.money import IBAN, paid_by_hand
from tests.webhooks.receiver import Receiver, receiving

# Nobody is called inside a transaction, so the tests have none.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def iris(roles: None) -> Actor:
    """Iris, who connects other systems."""
    return actor_with("Integrator", username="iris")


@pytest.fixture
def heard(settings: Any, iris: Actor) -> Any:
    """Hears in one of the formats; gives the bodies that arrived so far."""
    settings.WEBHOOK_ALLOW, settings.WEBHOOK_TIMEOUT = ["127.0.0.0/8"], 2
    with receiving() as server:
        yield lambda **values: Listener(server, iris, values)


class Listener:
    """An endpoint, and what came to it."""

    def __init__(self, server: Receiver, owner: Actor, values: dict[str, Any]) -> None:
        self.server = server
        told = {"url": server.url, "types": ["*"], **values}
        self.endpoint: Endpoint = create_endpoint(told, actor=owner)[0]

    @property
    def bodies(self) -> list[Any]:
        spread_all()
        send_due(self.endpoint.pk)
        return [json.loads(body) for _, body in self.server.got]


def test_a_refund_that_is_done_is_told_once_in_this_systems_words(shop: Shop, heard: Any):
    listener = heard(format="riverty")
    shop.book(PEG, bankDetails={**BANK, "iban": IBAN, "bic": "COBADEFFXXX"})
    refund = Refund.objects.get()
    assert listener.bodies == []

    paid_by_hand()

    (told,) = listener.bodies
    same(
        told,
        {
            "notificationId": "<uuid>",
            "notificationType": "accounting/refundCompleted",
            "createdAt": "<time>",
            "businessCode": shop.order.business.code,
            "refundId": str(refund.uuid),
            "refundReference": refund.reference,
        },
    )
    assert len(listener.bodies) == 1


def test_wrong_bank_details_are_told_as_a_refund_that_waits(shop: Shop, heard: Any):
    listener = heard(types=["refund.waiting_details"])

    rma: ReturnOrder = shop.book(PEG, bankDetails=BANK)

    (told,) = listener.bodies
    refund = Refund.objects.get()
    assert (told["type"], told["data"]["id"]) == ("refund.waiting_details", str(refund.uuid))
    assert told["data"]["status"] == "waiting_details"
    assert rma.details_refused == "invalid_iban"
    assert "436345345344742" not in json.dumps(told)
