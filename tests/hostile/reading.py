"""Reads the forms of a page as a browser would, and where its links lead."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final

#: What a person types freely; `hidden` is what only a liar changes.
TYPED: Final = ("text", "textarea", "search", "tel", "password", "email", "url")
VALUED: Final = ("date", "time", "month", "number", "datetime-local", "color")


@dataclass
class Field:
    """One control of a form, with what a browser would send for it untouched."""

    name: str
    kind: str
    value: str = ""
    sent: bool = True
    most: int = 1_000_000
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """One form of a page."""

    action: str
    method: str
    many_parts: bool
    ident: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[Field] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Field]:
        return [field for field in self.fields if field.kind in kinds]


class Page(HTMLParser):
    """The forms and the links of a page."""

    def __init__(self, text: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self._area: Field | None = None
        self._select: Field | None = None
        self._others: list[tuple[str, Field]] = []
        self.feed(text)
        named = {form.ident: form for form in self.forms if form.ident}
        for ident, control in self._others:
            if ident in named:
                _put(named[ident], control)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = given.get("action") or self.address
            many = given.get("enctype", "").startswith("multipart")
            method = given.get("method", "get").lower()
            self._form = Form(action, method, many, given.get("id", ""))
            self.forms.append(self._form)
        elif tag == "a":
            self.links.append(given.get("href", ""))
        elif tag in ("input", "textarea", "select", "button") and "disabled" not in given:
            self._control(tag, given)
        elif tag == "option" and self._select is not None:
            self._option(given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text") if tag == "input" else tag
        sent = kind not in ("checkbox", "radio") or "checked" in given
        default = "on" if kind in ("checkbox", "radio") else ""
        control = Field(given.get("name", ""), kind, given.get("value", default), sent)
        control.most = int(given.get("maxlength") or control.most)
        self._area = control if tag == "textarea" else None
        self._select = control if tag == "select" else None
        if "form" in given:
            self._others.append((given["form"], control))
        elif self._form is not None:
            _put(self._form, control)

    def _option(self, given: dict[str, str]) -> None:
        assert self._select is not None
        value = given.get("value", "")
        if not self._select.options or "selected" in given:
            self._select.value = value
        self._select.options.append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data


def _put(form: Form, control: Field) -> None:
    if control.kind in ("button", "submit", "image"):
        form.buttons.append(control)
    elif control.name:
        form.fields.append(control)


def filled(form: Form, changes: dict[str, Any]) -> list[tuple[str, Any]]:
    """What a browser would send, with other values in the fields of these names."""
    told = [(row.name, changes.get(row.name, row.value)) for row in form.fields if row.sent]
    there = {name for name, _value in told}
    told += [(name, value) for name, value in changes.items() if name not in there]
    return told
