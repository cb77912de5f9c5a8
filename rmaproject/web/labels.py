"""What the inputs of our forms are called, by the address a form is sent to and an input's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from django import forms
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise

#: Inputs that templates write themselves; those of a line end with the key of the line.
OWN: Final[Mapping[str, Label]] = {
    "caption": _("Caption"),
    "code": _("Code"),
    "condition": _("Condition"),
    "customer": _("Customer"),
    "customer_visible": _("The customer may see it"),
    "description": _("Description"),
    "disposition": _("Disposition"),
    "grade": _("Grade"),
    "location": _("Location"),
    "name": _("Name"),
    "note": _("Note"),
    "outcome": _("Outcome"),
    "override_reason": _("Reason"),
    "part": _("Part"),
    "price": _("Price"),
    "quantity": _("Quantity"),
    "reason": _("Reason"),
    "reason_code": _("Reason"),
    "serial": _("Serial number"),
    "text": _("Note"),
    "tracking_number": _("Tracking number"),
    "verdict": _("Verdict"),
}
#: Keys and numbers that tell the inputs of lines apart.
_KEY: Final = re.compile(r"[_-]?([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+)[_-]?")


def label_of(path: str, name: str) -> str:
    """What an input was called on the form that is sent to this path, in the reader's language."""
    plain = _KEY.sub(" ", name).strip().replace(" ", "_")
    known, last = _labels(_module(path)), plain.rpartition("-")[2]
    labels = (known.get(name), OWN.get(plain), known.get(plain), OWN.get(last), known.get(last))
    return str(next((label for label in labels if label), _readable(plain)))


def _readable(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").strip().capitalize()


def _module(path: str) -> str:
    try:
        view: Any = resolve(path.partition("?")[0]).func
    except Resolver404:
        return ""
    return str(view.__module__)


@cache
def _labels(module: str) -> dict[str, Label]:
    """The labels of all forms; where several name an input, those nearest to the view's module."""
    found: dict[str, Label] = {}
    for form in sorted(_forms(forms.BaseForm), key=lambda form: _near(form.__module__, module)):
        fields: Mapping[str, forms.Field] = getattr(form, "base_fields", {})
        found |= {name: field.label for name, field in fields.items() if field.label}
    return found


def _forms(kind: type[Any]) -> Iterator[type[Any]]:
    for form in kind.__subclasses__():
        if not form.__module__.startswith("django."):
            yield form
        yield from _forms(form)


def _near(module: str, wanted: str) -> tuple[int, str]:
    """How many packages two modules share, from the top."""
    pairs = zip(module.split("."), wanted.split("."), strict=False)
    shared = 0
    for one, other in pairs:
        if one != other:
            break
        shared += 1
    return shared, module
