"""A count of goods as JSON: what is in it, and every scan that made it so."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from returns.models import Carton, Count, CountScan, CountState, ReturnOrder, ScanVerdict
from returns.services.counts import Command, Scanned, live_count, tally_of
from rmaproject.rest.inputs import Input, QuantityInput, TextInput
from rmaproject.rest.outputs import NamedOutput
from rmaproject.rest.shapes import QuantityOutput, in_short
from rmaproject.shared import money


class ScanForm(Input):
    """One code as it was read; `key` is the scanner's own name for the scan."""

    code = TextInput(max_length=500, required=True)
    key = TextInput(max_length=64)
    quantity = QuantityInput(required=False)


class UndoForm(Input):
    """The scan to take back; the last one unless it is named."""

    scan = serializers.UUIDField(required=False)
    key = TextInput(max_length=64)


class ChooseForm(Input):
    """Which of the things that were offered a code meant."""

    scan = serializers.UUIDField()
    meaning = TextInput(max_length=64, required=True)


class ExplainForm(Input):
    """What an unknown code is: another code, or words."""

    scan = serializers.UUIDField()
    code = TextInput(max_length=200)
    description = TextInput(max_length=200)
    quantity = QuantityInput(required=False)


class CartonForm(Input):
    carton = serializers.ChoiceField([("", ""), *Carton.choices])


class FinishForm(Input):
    """`short_ok` books although announced goods are missing."""

    short_ok = serializers.BooleanField(required=False)
    note = TextInput(max_length=400)


class OfferOutput(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="What `choose` takes as `meaning`.")
    kind = serializers.ChoiceField(
        [(kind, kind) for kind in ("unit", "part", "location", "parcel", "return")]
    )
    title = serializers.CharField()


class ScanOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    verdict = serializers.ChoiceField(ScanVerdict.choices)
    line = serializers.UUIDField(allow_null=True)
    sku = serializers.CharField()
    serial = serializers.CharField()
    description = serializers.CharField()
    quantity = QuantityOutput()
    location = NamedOutput(allow_null=True)
    received_at = serializers.CharField(
        help_text="Of a duplicate: when it was received before; else empty."
    )
    received_by = serializers.CharField()
    offered = OfferOutput(many=True)
    actor = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class CountedLineOutput(serializers.Serializer[Any]):
    line = serializers.UUIDField()
    number = serializers.IntegerField()
    counted = QuantityOutput()
    missing = QuantityOutput()


class CountOutput(serializers.Serializer[Any]):
    """The count of a return as it stands; without an id while nobody counts."""

    id = serializers.UUIDField(allow_null=True)
    state = serializers.ChoiceField(CountState.choices, allow_null=True)
    parcel = serializers.UUIDField(allow_null=True)
    location = NamedOutput(allow_null=True)
    carton = serializers.ChoiceField([("", ""), *Carton.choices])
    worker = serializers.CharField(allow_null=True)
    since = serializers.DateTimeField(allow_null=True)
    lines = CountedLineOutput(many=True)
    unexpected = ScanOutput(many=True, help_text="The first scan of each, with the sum.")
    scans = ScanOutput(many=True, help_text="Those that hold, in the order they came.")


class ScannedOutput(CountOutput):
    """The count after a scan, the rows that it made, and the command that it gave."""

    scanned = ScanOutput(many=True)
    command = serializers.ChoiceField([(str(row), str(row)) for row in Command], allow_null=True)


def show_count(order: ReturnOrder) -> dict[str, Any]:
    """The live count of a return as JSON."""
    count = live_count(order)
    tally = tally_of(order, count)
    return {
        **_head(count),
        "lines": [
            {
                "line": line.uuid,
                "number": line.number,
                "counted": money.plain(tally.counted(line)),
                "missing": money.plain(tally.left(line)),
            }
            for line in tally.expected
        ],
        "unexpected": [
            {**_scan(pile.first), "quantity": money.plain(pile.quantity)} for pile in tally.piles
        ],
        "scans": [_scan(scan) for scan in tally.live],
    }


def show_scanned(order: ReturnOrder, done: Scanned) -> dict[str, Any]:
    """What a scan did, with the count as it then stands."""
    rows = [_scan(row) for row in done.rows]
    return {**show_count(order), "scanned": rows, "command": done.command}


def _head(count: Count | None) -> dict[str, Any]:
    if count is None:
        empty = ("id", "state", "parcel", "location", "worker", "since")
        return {**dict.fromkeys(empty), "carton": ""}
    return {
        "id": count.uuid,
        "state": count.state,
        "parcel": count.parcel.uuid if count.parcel else None,
        "location": in_short(count.location, by="code"),
        "carton": count.carton,
        "worker": count.worker.get_username() if count.worker else None,
        "since": count.since,
    }


def _scan(row: CountScan) -> dict[str, Any]:
    return {
        "id": row.uuid,
        "code": row.code,
        "verdict": row.verdict,
        "line": row.line.uuid if row.line else None,
        "sku": row.part.sku if row.part else "",
        "serial": row.serial,
        "description": row.description,
        "quantity": money.plain(row.quantity),
        "location": in_short(row.location, by="code"),
        "received_at": row.facts.get("at", ""),
        "received_by": row.facts.get("by", ""),
        "offered": [
            {"key": offer["key"], "kind": offer["kind"], "title": offer["label"]}
            for offer in row.facts.get("offered", ())
        ],
        "actor": row.actor.get_username() if row.actor else None,
        "at": row.at,
    }
