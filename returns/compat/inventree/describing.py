"""What OPTIONS says: the fields of a record, for as much as the caller may do with it."""

from __future__ import annotations

from typing import Any, Final

from rest_framework.metadata import SimpleMetadata
from rest_framework.serializers import Field

from returns.compat.inventree.forms import Form, PkField

READ_ONLY_LABELS: Final = {"pk": "ID"}


class _Fields(SimpleMetadata):
    """DRF's description of a form, with the texts and links that these clients read."""

    def get_field_info(self, field: Field[Any, Any, Any, Any]) -> dict[str, Any]:
        info: dict[str, Any] = super().get_field_info(field)
        info["help_text"] = str(field.help_text or "")
        if isinstance(field, PkField):
            info |= {"type": "related field", "model": field.model, "api_url": field.api_url}
        return info


def fields_of(form: Form, defaults: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Each field by its name: those that are written, then those that are only shown."""
    described = dict(_Fields().get_serializer_info(form))
    for name, kind in {**form.shown, **form.fixed}.items():
        described.setdefault(name, _read_only(name, kind))
    for name in sorted(form.unkept):
        described.setdefault(name, _read_only(name, "string"))
    for name, value in defaults.items():
        described[name]["default"] = value
    return described


def _read_only(name: str, kind: str) -> dict[str, Any]:
    label = READ_ONLY_LABELS.get(name, name.replace("_", " ").capitalize())
    told = {"type": kind, "required": False, "read_only": True}
    return {**told, "label": label, "help_text": ""}
