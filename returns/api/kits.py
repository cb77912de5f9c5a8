"""Kits in returns over REST: parts that came back are put back on the shelf as kits."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request

from returns import services
from returns.api import nameable
from returns.api.inputs import location_field
from returns.api.outputs import ReturnOutput
from returns.api.verbs import Answered, ReturnVerbs
from returns.services import KitRestockInput
from rmaproject.rest import inputs
from rmaproject.rest.inputs import Input, RecordField


class RestockKitForm(Input):
    """Which sold kit is put together again; as many as are complete unless a quantity is given."""

    kit_line = RecordField(nameable.order_lines)
    disposition = RecordField(nameable.dispositions, by="code")
    quantity = inputs.QuantityInput(required=False)
    location = location_field()


class KitVerbs(ReturnVerbs):
    """What is done with kits that come back in parts."""

    @extend_schema(request=RestockKitForm, responses=ReturnOutput)
    @action(detail=True, methods=["post"], url_path="restock-kit")
    def restock_kit(self, request: Request, uuid: str) -> Answered:
        """Restock received parts of a sold kit as whole kits; nothing happens when one misses."""

        def act(key: int, values: dict[str, Any]) -> Any:
            services.restock_kit(key, KitRestockInput(**values), actor=self.actor)

        return self._verb(uuid, "dispose", RestockKitForm, act)
