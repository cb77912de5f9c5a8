"""Their words to the inputs of our services, where several resources need the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from returns.compat.inventree.base import InventreeDoor
from returns.compat.inventree.forms import EMPTY, NOT_KEPT, READ_ONLY
from returns.compat.inventree.lists import refused
from returns.compat.inventree.resources import Records
from rmaproject.shared.errors import Conflict, InputErrors


class PostOnly(Records):
    """A verb's address: it takes POST and nothing else. Stands before the class of its record."""

    http_method_names = ["post"]

    @property
    def allowed_methods(self) -> list[str]:
        """What the header Allow says."""
        return ["POST"]


class Only(serializers.Field[Any, Any, Any, Any]):
    """A value of theirs that has one meaning here: it may be said, and nothing else."""

    default_error_messages = {"other": NOT_KEPT}

    def __init__(self, value: Any, **options: Any) -> None:
        self.value = value
        super().__init__(**{"required": False, "allow_null": True, **options})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        said = data is not serializers.empty and data not in EMPTY
        if said and str(data).lower() != str(self.value).lower():
            self.fail("other")
        raise serializers.SkipField

    def to_representation(self, value: Any) -> Any:
        return value


def renamed(values: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """The values under our names."""
    return {words.get(name, name): value for name, value in values.items()}


def keep_same(values: dict[str, Any], name: str, known: int | None) -> None:
    """Take out a record that stays; clients repeat it when they save the whole.

    Raises InputErrors when it is another one.
    """
    if name in values:
        given = values.pop(name)
        if (given.pk if given is not None else None) != known:
            raise refused({name: READ_ONLY}, "read_only")


def never_deleted(message: str) -> Conflict:
    """The refusal to delete what has a history."""
    return Conflict(message, code="never_deleted")


def body_of(door: InventreeDoor, form: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The checked values of a verb's body. Raises a validation error naming each bad field."""
    given = form(data=door.request.data, context={"actor": door.actor, "shown": {}})
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def not_of_order(name: str) -> InputErrors:
    """The refusal of a record that belongs to another order."""
    return refused({name: "This does not belong to the order."}, "wrong_order")
