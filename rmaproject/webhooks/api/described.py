"""Every event that may come, for the OpenAPI document: what a receiver is sent."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import OpenApiWebhook

from rmaproject.events.kinds import KINDS, Kind

_HEADERS: Final = {
    "webhook-id": "The event's id, the same at every attempt and replay: handle it once.",
    "webhook-timestamp": "When this attempt was made, in seconds since 1970.",
    "webhook-signature": "`v1,` and the signature; two of them while a secret is replaced.",
}


_FIELDS: Final[dict[str, dict[str, Any]]] = {
    "reference": {"type": "string"},
    "business": {"type": "string", "description": "The business's code."},
    "status": {"type": "string"},
    "goods": {"type": "string", "description": "Where its goods are."},
    "money": {"type": "string", "description": "What of it is paid back."},
    "credit_note": {
        "type": "object",
        "required": ["id", "reference"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "reference": {"type": "string"},
        },
    },
}
_ID: Final = "9f0c2a44-5b3e-4a6d-8a57-2f1f3c0c9b21"


def _data(kind: Kind) -> dict[str, Any]:
    told = "The record's id and version, and what became of it; read the record for more."
    return {
        "type": "object",
        "description": told,
        "required": ["id", "version"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "version": {"type": "integer"},
            **{name: _FIELDS[name] for name in kind.example},
        },
        "additionalProperties": True,
    }


def _example(kind: Kind, name: str) -> dict[str, Any]:
    return {
        "type": name,
        "timestamp": "2026-03-02T09:30:00.120000+00:00",
        "data": {"id": _ID, "version": 3, **kind.example},
    }


def _operation(kind: Kind, name: str) -> dict[str, Any]:
    body = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"type": "string", "const": name},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": _data(kind),
        },
    }
    headers = [
        {
            "name": header,
            "in": "header",
            "required": True,
            "description": about,
            "schema": {"type": "string"},
        }
        for header, about in _HEADERS.items()
    ]
    content = {"schema": body, "examples": {"example": {"value": _example(kind, name)}}}
    return {
        "summary": f"{name}: needs {kind.permission}",
        "parameters": headers,
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {
            "2XX": {"description": "Taken. Anything else, a redirect too, is tried again."},
            "410": {"description": "Not wanted any more: the webhook is switched off."},
        },
    }


def described() -> list[OpenApiWebhook]:
    """One webhook of the document for each type of event."""
    return [
        OpenApiWebhook(name, {"post": _operation(kind, name)})
        for kind in KINDS.values()
        for name in kind.types
    ]


#: What the settings name; read when the document is made, when all kinds are known.
WEBHOOKS: Final = described()
