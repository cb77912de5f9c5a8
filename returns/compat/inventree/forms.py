"""What clients may write: strict where a value would be lost, patient with what they only repeat.

Clients save whole records, with every field that they have read. So a field that is only shown is
passed over, one that somebody might think he can set is refused when it differs, and one that we
do not keep is refused when it says something.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from rest_framework import serializers

from returns.compat.inventree.filters import key
from rmaproject.access.actors import Actor
from rmaproject.rest.inputs import FigureInput

READ_ONLY: Final = "This field is read-only."
NOT_KEPT: Final = "This field is not kept here."
UNKNOWN: Final = "There is no such field."
#: Values that say nothing.
EMPTY: Final[tuple[Any, ...]] = (None, "", [], {}, 0)


class Form(serializers.Serializer[Any]):
    """A body of theirs. The context has `actor`, and `shown`: the record as it was last read."""

    #: Shown, computed or of another address; what is sent for them is passed over.
    shown: ClassVar[Mapping[str, str]] = {}
    #: Shown, and not to be set: refused where they differ from what is shown.
    fixed: ClassVar[Mapping[str, str]] = {}
    #: Known there and not kept here.
    unkept: ClassVar[frozenset[str]] = frozenset()

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            errors = {name: [self._refusal(name, data[name])] for name in data}
            errors = {name: found for name, found in errors.items() if found != [""]}
            if errors:
                raise serializers.ValidationError(errors)
        return super().to_internal_value(data)

    def _refusal(self, name: str, value: Any) -> str:
        if name in self.fields or name in self.shown:
            return ""
        if name in self.fixed:
            known = self.context.get("shown", {}).get(name)
            return "" if value in EMPTY or value == known else READ_ONLY
        if name in self.unkept:
            return "" if value in EMPTY else NOT_KEPT
        return UNKNOWN


class PkField(serializers.Field[Any, Any, Any, Any]):
    """Another record by its key, among those that the caller sees.

    `model` and `api_url` are what OPTIONS says of it.
    """

    default_error_messages = {
        "invalid": "Incorrect type. Expected pk value.",
        "missing": 'Invalid pk "{pk}" - object does not exist.',
    }

    def __init__(
        self,
        visible: Callable[[Actor], QuerySet[Any, Any]],
        *,
        model: str,
        api_url: str,
        **options: Any,
    ) -> None:
        self.visible, self.model, self.api_url = visible, model, api_url
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int | str):
            self.fail("invalid")
        try:
            pk = key(str(data).strip())
        except ValueError:
            self.fail("invalid")
        found = self.visible(self.context["actor"]).filter(pk=pk).first()
        if found is None:
            self.fail("missing", pk=pk)
        return found

    def to_representation(self, value: Any) -> Any:
        return value.pk


class NumberField(FigureInput):
    """A figure as a number or a text; up to five decimals unless said otherwise."""

    def __init__(self, **options: Any) -> None:
        options = {"max_digits": 15, "decimal_places": 5, **options}
        super().__init__(**options)


class QuantityField(NumberField):
    """A quantity above zero."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=Decimal("0.00001"), **options)


class TextField(serializers.CharField):
    """A text that may be left out, empty or null; null is the empty text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "allow_blank": True, "allow_null": True, **options})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        value = super().run_validation(data)
        return "" if value is None else value


class DayField(serializers.DateField):
    """A day that may be left out, null or empty; a time of day behind it is cut off."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "allow_null": True, **options})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(None if data == "" else data)
