"""Strict request bodies: unknown fields are refused, records are named by id or reference."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from typing import Any, ClassVar, Final
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from rmaproject.access.actors import Actor
from rmaproject.rest.callers import actor_of
from rmaproject.shared.errors import NotFound, RuleViolation
from rmaproject.shared.money import CURRENCIES

_FIGURE: Final = re.compile(r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*")
#: As many digits as any JSON library carries through its binary numbers.
_DIGITS_OF_A_NUMBER: Final = Context(prec=15)
#: What a value of JSON must be for a field of this kind, where DRF would also take its like.
_KINDS: Final[tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], type, str], ...]] = (
    (serializers.CharField, str, "Give a text."),
    (serializers.BooleanField, bool, "Give true or false."),
    (serializers.IntegerField, int, "Give a whole number."),
)


class Inputs(serializers.ListSerializer[Any]):
    """A list of bodies, each of which knows its place, so that every refusal can point to it."""

    def to_internal_value(self, data: Any) -> Any:
        child: Any = self.child
        child._index = -1
        return super().to_internal_value(data)

    def run_child_validation(self, data: Any) -> Any:
        child: Any = self.child
        child._index += 1
        return super().run_child_validation(data)


class Input(serializers.Serializer[Any]):
    """A body that takes the fields it names and no others, each in its own JSON type."""

    #: What `validate` asks of several fields together, for the schema.
    shape: ClassVar[dict[str, Any]] = {}

    class Meta:
        list_serializer_class = Inputs

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            wrong = {name: self._misfit(name, data[name]) for name in sorted(data)}
            details = {
                name: [serializers.ErrorDetail(*fault)] for name, fault in wrong.items() if fault
            }
            if details:
                raise serializers.ValidationError(details)
        return super().to_internal_value(data)

    def _misfit(self, name: str, value: Any) -> tuple[str, str] | None:
        """What is wrong with a name, or with its JSON type: `"5"` is no number, 0 is not false."""
        if name not in self.fields:
            return "There is no such field.", "unknown_field"
        for kind, fitting, message in _KINDS:
            if value is not None and isinstance(self.fields[name], kind):
                fits = type(value) is fitting or (fitting is int and _whole(value))
                return None if fits else (message, "invalid")
        return None


def _whole(value: Any) -> bool:
    """Whether a JSON number written with a point, such as 2.0, is a whole one all the same."""
    return isinstance(value, Decimal) and value == value.to_integral_value()


def read(
    form: type[serializers.Serializer[Any]], request: Request, *, root: Any = None, **options: Any
) -> dict[str, Any]:
    """The checked values of a request's body. Raises a validation error naming each bad value.

    `root` is the aggregate that `PartField`s look into.
    """
    context = {"actor": actor_of(request), "root": root}
    given = form(data=request.data, context=context, **options)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


@extend_schema_field(OpenApiTypes.STR)
class RecordField(serializers.Field[Any, Any, Any, Any]):
    """Another record, by its `id` or by its reference, code or SKU (ignoring case).

    `visible` gives the records that the caller may name; the others do not exist for it.
    Raises NotFound with the pointer's name; RuleViolation `ambiguous_reference` on two hits.
    """

    default_error_messages = {"invalid": "Give an id or a reference as text."}

    def __init__(
        self,
        visible: Callable[[Actor], QuerySet[Any, Any]],
        *,
        by: str = "",
        **options: Any,
    ) -> None:
        self.visible, self.by = visible, by
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Model:
        if not isinstance(data, str) or not data.strip() or "\x00" in data:
            self.fail("invalid")
        rows = self.rows()
        found = list(rows.filter(**self._key(data))[:2])
        if not found and self.by:
            found = list(rows.filter(**{f"{self.by}__iexact": data})[:2])
        if not found:
            name = rows.model._meta.verbose_name
            message = _("There is no %(name)s %(data)r that you can see.") % {
                "name": name,
                "data": data,
            }
            raise NotFound(message, code="not_found", pointer=self._pointer())
        if len(found) > 1:
            message = _("%(data)r names several records; give the id.") % {"data": data}
            raise RuleViolation(message, code="ambiguous_reference", pointer=self._pointer())
        return found[0]

    def rows(self) -> QuerySet[Any, Any]:
        """The records that may be named here."""
        return self.visible(self.context["actor"])

    def to_representation(self, value: Any) -> Any:
        return str(value.uuid)

    def _key(self, data: str) -> dict[str, Any]:
        try:
            return {"uuid": UUID(data)}
        except ValueError:
            return {f"{self.by}__iexact": data} if self.by else {"pk": None}

    def _pointer(self) -> str:
        steps: list[str] = []
        field: Any = self
        while field is not None and field.parent is not None:
            steps.append(field.field_name or str(getattr(field, "_index", "")))
            field = field.parent
        return "/" + "/".join(step for step in reversed(steps) if step)


class PartField(RecordField):
    """A part of the aggregate that the request is about: a line, a parcel by its number."""

    def __init__(self, within: Callable[[Any], QuerySet[Any, Any]], **options: Any) -> None:
        self.within = within
        super().__init__(lambda actor: within(None), **options)

    def to_internal_value(self, data: Any) -> Model:
        numbered = isinstance(data, int) and not isinstance(data, bool)
        return super().to_internal_value(str(data) if numbered else data)

    def rows(self) -> QuerySet[Any, Any]:
        return self.within(self.context["root"])


class FigureInput(serializers.DecimalField):
    """A figure as a JSON number or a text of plain digits; `1_000` and other scripts are none.

    A JSON number with a fraction is taken to 15 digits, which is what a binary one carries: so
    0.1 + 0.2 of most languages is 0.3. A text is taken as it stands.
    """

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or (isinstance(data, str) and not _FIGURE.fullmatch(data)):
            self.fail("invalid")
        if isinstance(data, Decimal):
            data = data.normalize(_DIGITS_OF_A_NUMBER)
        return super().to_internal_value(data)


class QuantityInput(FigureInput):
    """A quantity above zero in the part's unit, up to five decimals; a text or a number."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("min_value", Decimal("0.00001"))
        super().__init__(max_digits=15, decimal_places=5, **options)


class PriceInput(FigureInput):
    """A price of one unit, up to six decimals; gross unless its name says otherwise."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=19, decimal_places=6, **options)


class AmountInput(FigureInput):
    """An amount of money, up to four decimals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=19, decimal_places=4, **options)


class PercentInput(FigureInput):
    """A rate in percent, zero or more, up to four decimals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=7, decimal_places=4, min_value=Decimal(0), **options)


@extend_schema_field({"type": "string", "enum": sorted(CURRENCIES)})
class CurrencyInput(serializers.CharField):
    """An ISO 4217 code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=3, **options)

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if code not in CURRENCIES:
            raise serializers.ValidationError("This is no ISO 4217 currency.", "invalid_currency")
        return code


class TextInput(serializers.CharField):
    """A text that may be left out or empty; NUL bytes are refused."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("allow_blank", True)
        super().__init__(**options)
