"""Fields that the forms of all apps share, and what to say when a service refuses the input."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.formats import get_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rmaproject.shared import money
from rmaproject.shared.days import EARLIEST, LATEST, may_be_meant

#: One sign before three last digits: thousands to one reader, decimals to the other.
_UNCLEAR: Final = re.compile(r"-?[1-9]\d{0,2}([.,])\d{3}(\1\d{3})*")
#: Both signs: the first parts thousands, the last one decimals.
_GROUPED: Final = re.compile(r"-?\d{1,3}(,\d{3})+\.\d+|-?\d{1,3}(\.\d{3})+,\d+")


class DayField(forms.DateField):
    """A day, picked in the browser's own calendar, in a year that somebody may mean."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and not may_be_meant(day):
            years = {"first": EARLIEST.year, "last": LATEST.year}
            message = _("Choose a day in the years %(first)d to %(last)d.") % years
            raise forms.ValidationError(message, code="far_day")
        return day


class AmountField(forms.DecimalField):
    """A decimal with a point or a comma; a unit's quantity, a price.

    What a reader of the page's language takes for decimals is decimals. What they may take for
    thousands is refused, and the sentence says how to write it.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 15, "decimal_places": 5, **options})

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return super().to_python(value)
        typed = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3})", "", value.strip())
        if _GROUPED.fullmatch(typed):
            thousands = "," if typed.rfind(".") > typed.rfind(",") else "."
            typed = typed.replace(thousands, "")
        elif (unclear := _UNCLEAR.fullmatch(typed)) and unclear[1] == _thousands(typed):
            raise forms.ValidationError(_asked(unclear[1]) % {"typed": typed}, code="unclear_comma")
        return super().to_python(typed.replace(",", "."))

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        return money.plain(value).replace(".", get_format("DECIMAL_SEPARATOR"))


def _thousands(typed: str) -> str:
    """The sign that parts thousands in the reader's language; a repeated one anywhere does."""
    repeated = next((sign for sign in ".," if typed.count(sign) > 1), "")
    return repeated or ("." if get_format("DECIMAL_SEPARATOR") == "," else ",")


def _asked(sign: str) -> str:
    if sign == ".":
        return _("Thousands or decimals? Write %(typed)s without the point, or with a comma.")
    return _("Thousands or decimals? Write %(typed)s without the comma, or with a point.")


def typed_amount(value: Decimal | None, currency: str) -> str:
    """An amount as its reader would type it, with at least the decimals of its currency.

    A unit price may be finer; "" for none. An AmountField reads it as the same amount.
    """
    if value is None:
        return ""
    finer = len(money.plain(value).partition(".")[2])
    least = money.digits(currency) if currency else 0
    return f"{value:.{max(finer, least)}f}".replace(".", get_format("DECIMAL_SEPARATOR"))


class QuantityField(AmountField):
    """A quantity of goods, more than nothing."""

    def clean(self, value: Any) -> Any:
        quantity = super().clean(value)
        if quantity is not None and quantity <= 0:
            raise forms.ValidationError(_("A quantity is more than nothing."), code="quantity")
        return quantity


class RecordField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of few records, named by its UUID."""

    def __init__(self, queryset: QuerySet[Any, Any], **options: Any) -> None:
        empty = gettext_lazy("Choose") if options.get("required", True) else gettext_lazy("None")
        named = {"to_field_name": "uuid", "empty_label": empty, **options}
        super().__init__(queryset, **named)


class SuggestingInput(forms.TextInput):
    """A text input that offers what exists; works as a plain one where that is not shown."""

    suggestions: tuple[tuple[str, str], ...] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        listed = f"suggestions-{name}"
        box = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        pairs = self.suggestions
        options = format_html_join("", '<option value="{}">{}</option>', pairs)
        return format_html('{}<datalist id="{}">{}</datalist>', box, listed, options)


class LookUpField(forms.CharField):
    """One of many records, named by its reference, its name, or its UUID in a link.

    `by` are the columns a person may type, the first of them unique.
    """

    widget = SuggestingInput
    OFFERED = 50

    def __init__(
        self, rows: QuerySet[Any, Any] | None = None, *, by: tuple[str, ...], **options: Any
    ) -> None:
        self.rows, self.by = rows, by
        super().__init__(**{"max_length": 200, **options})

    def offer(self, rows: QuerySet[Any, Any]) -> None:
        """Set what can be chosen, and suggest the newest of them."""
        self.rows = rows
        pairs = rows.order_by("-pk").values_list(*self.by[:2])[: self.OFFERED]
        self.widget.suggestions = tuple((str(row[0]), str(row[-1])) for row in pairs)

    def prepare_value(self, value: Any) -> Any:
        return getattr(value, self.by[0]) if isinstance(value, Model) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self.find(text) if text else None

    def find(self, text: str) -> Any:
        """The one record meant. Raises ValidationError naming what comes close."""
        if self.rows is None:
            raise forms.ValidationError(_("Nothing can be chosen here."), code="unknown")
        for match in (self._by_uuid(text), *self._exact(text)):
            if match is not None:
                found = list(self.rows.filter(match)[:2])
                if len(found) == 1:
                    return found[0]
        return self._close_to(text)

    def _exact(self, text: str) -> list[Q]:
        return [Q(**{f"{column}__iexact": text}) for column in self.by]

    def _by_uuid(self, text: str) -> Q | None:
        try:
            return Q(uuid=UUID(text))
        except ValueError:
            return None

    def _close_to(self, text: str) -> Any:
        assert self.rows is not None  # noqa: S101 find() checks it
        near = Q()
        for column in self.by:
            near |= Q(**{f"{column}__icontains": text})
        found = list(self.rows.filter(near).order_by("pk")[:6])
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("There is no such record."), code="unknown")
        shown = ", ".join(" ".join(str(getattr(row, name)) for name in self.by) for row in found)
        words = _("Several fit; give the exact reference: %(names)s.") % {"names": shown}
        raise forms.ValidationError(words, code="ambiguous")


def posted_quantity(text: str) -> Decimal | None:
    """A quantity typed into a line of a form; None where nothing was typed.

    Raises forms.ValidationError with the sentence for the line.
    """
    field = QuantityField(required=False)
    found: Decimal | None = field.clean(text.strip())
    return found
