"""Webhooks, deliveries and events as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from rmaproject.events.models import Event
from rmaproject.rest.inputs import Input, TextInput
from rmaproject.rest.outputs import RecordOutput
from rmaproject.webhooks.models import Attempt, Delivery, DeliveryState, Endpoint


class EventOutput(serializers.Serializer[Any]):
    """A change; `id` is the `webhook-id` of its deliveries, `version` that of the record."""

    id = serializers.UUIDField()
    type = serializers.CharField(help_text="As `return.receive`; more types may come.")
    timestamp = serializers.DateTimeField()
    version = serializers.IntegerField()
    data = serializers.DictField()  # type: ignore[assignment]


class EndpointOutput(RecordOutput):
    url = serializers.CharField()
    description = serializers.CharField()
    types = serializers.ListField(child=serializers.CharField())
    businesses = serializers.ListField(child=serializers.CharField())
    format = serializers.CharField()
    active = serializers.BooleanField()
    disabled_reason = serializers.CharField()
    disabled_at = serializers.DateTimeField(allow_null=True)
    owner = serializers.CharField()
    old_secret_until = serializers.DateTimeField(allow_null=True)


class NewEndpointOutput(EndpointOutput):
    """With its secret, which is shown only now."""

    secret = serializers.CharField(
        allow_null=True, help_text="Null in repeats by an Idempotency-Key."
    )


class EndpointInput(Input):
    url = serializers.CharField(max_length=2000)
    description = TextInput(max_length=200)
    types = serializers.ListField(
        child=serializers.CharField(max_length=80),
        max_length=200,
        required=False,
        help_text="Types as `return.receive`, kinds as `return.*`, or `*`, which is all.",
    )
    businesses = serializers.ListField(
        child=serializers.CharField(max_length=64),
        max_length=100,
        required=False,
        help_text="Codes; of records of other businesses nothing is told. Empty is all.",
    )
    format = serializers.CharField(max_length=30, required=False)
    active = serializers.BooleanField(required=False)


class SpanInput(Input):
    since = serializers.DateTimeField(help_text="From this instant on.")
    to = serializers.DateTimeField(help_text="Up to, without, this instant.")

    def get_fields(self) -> dict[str, Any]:
        """`from` is no name that Python lets an attribute have."""
        fields = super().get_fields()
        return {"from": fields.pop("since"), **fields}


class ReplayedOutput(EndpointOutput):
    replayed = serializers.IntegerField(help_text="How many events are told once more.")


class AttemptOutput(serializers.Serializer[Any]):
    """One call; an empty `error` and a `status` of 2xx mean that it arrived."""

    at = serializers.DateTimeField()
    milliseconds = serializers.IntegerField()
    request_headers = serializers.DictField(child=serializers.CharField())
    status = serializers.IntegerField(allow_null=True)
    response_headers = serializers.DictField(child=serializers.CharField())
    response_body = serializers.CharField(help_text="The first 2 kB.")
    error = serializers.CharField()


class DeliveryOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField(help_text="How many attempts were begun.")
    message_id = serializers.UUIDField(help_text="The `webhook-id`: the event's id.")
    type = serializers.CharField()
    state = serializers.ChoiceField(DeliveryState.choices)
    replayed = serializers.BooleanField()
    attempts = serializers.IntegerField()
    next_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    log = AttemptOutput(many=True)


def show_event(row: Event) -> dict[str, Any]:
    """An event as JSON."""
    return {
        "id": row.uuid,
        "type": row.type,
        "timestamp": row.at,
        "version": row.version,
        "data": row.data,
    }


def show_endpoint(row: Endpoint) -> dict[str, Any]:
    """A webhook as JSON, without its secret."""
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "url": row.url,
        "description": row.description,
        "types": row.types,
        "businesses": row.businesses,
        "format": row.format,
        "active": row.active,
        "disabled_reason": row.disabled_reason,
        "disabled_at": row.disabled_at,
        "owner": row.owner.username,
        "old_secret_until": row.old_secret_until,
    }


def show_delivery(row: Delivery) -> dict[str, Any]:
    """A delivery with every attempt."""
    waits = row.state == DeliveryState.PENDING
    return {
        "id": row.uuid,
        "version": row.attempts,
        "message_id": row.message_id,
        "type": row.type,
        "state": row.state,
        "replayed": row.replayed,
        "attempts": row.attempts,
        "next_at": row.next_at if waits else None,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
        "log": [_show_attempt(known) for known in row.log.all()],
    }


def _show_attempt(row: Attempt) -> dict[str, Any]:
    return {
        "at": row.at,
        "milliseconds": row.milliseconds,
        "request_headers": row.request_headers,
        "status": row.status,
        "response_headers": row.response_headers,
        "response_body": row.response_body,
        "error": row.error,
    }
