"""What every record shows. Serializers describe answers for the schema; rows are built by hand."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class RecordOutput(serializers.Serializer[Any]):
    """A record: its id, and the version that its ETag quotes."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class NamedOutput(serializers.Serializer[Any]):
    """Another record in short: its id and its reference, code or SKU, and its name."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    name = serializers.CharField()
