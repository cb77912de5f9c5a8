"""Bank accounts in requests and answers: named by id or told in full, shown as a mask."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from rmaproject.access.actors import Actor
from rmaproject.rest.inputs import Input, RecordField
from sales.models import BankDetails
from sales.services.banking import BankAccount


class MaskedOutput(serializers.Serializer[Any]):
    """A bank account: its id, and country and last four signs of its IBAN."""

    id = serializers.UUIDField()
    masked = serializers.CharField()


class AccountInput(Input):
    """A bank account in full. A refusal never repeats what was sent."""

    owner = serializers.CharField(max_length=200)
    iban = serializers.CharField(max_length=60)
    bic = serializers.CharField(max_length=20, required=False, allow_blank=True)


def masked(details: BankDetails | None) -> dict[str, Any] | None:
    """A bank account as everybody may see it; None for none."""
    return None if details is None else {"id": details.uuid, "masked": str(details)}


def account_of(values: dict[str, Any]) -> BankAccount:
    """A checked account as the service takes it."""
    return BankAccount(owner=values["owner"], iban=values["iban"], bic=values.get("bic", ""))


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "format": "uuid"},
            {
                "type": "object",
                "required": ["owner", "iban"],
                "additionalProperties": False,
                "properties": {
                    "owner": {"type": "string"},
                    "iban": {"type": "string"},
                    "bic": {"type": "string"},
                },
            },
        ]
    }
)
class BankDetailsField(RecordField):
    """A known bank account by its id, or one in full, which is kept when the request is done."""

    def __init__(self, **options: Any) -> None:
        super().__init__(_in_use, **options)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            return super().to_internal_value(data)
        told = AccountInput(data=data)
        told.is_valid(raise_exception=True)
        return account_of(told.validated_data)


def _in_use(actor: Actor) -> Any:
    return BankDetails.objects.visible_to(actor.scope).in_use()
