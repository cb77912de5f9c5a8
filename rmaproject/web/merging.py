"""Two people change one record: each field of the second form beside what the first one saved.

A form carries what it started with. Where only one side changed a field, that side stands; where
both did, both are shown and its owner chooses. Nothing typed is lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django import forms
from django.http import HttpRequest, QueryDict

from rmaproject.shared.errors import DomainError
from rmaproject.web.history import said

BASE: Final = "base"
#: Names of inputs that no form of ours has: `take-1-2` is stock that goes into a shipment.
TAKE, THEIRS, YOURS = "meet:take:", "meet:theirs:", "meet:yours:"
#: What a hidden field may hold at most: nobody needs more, and a forger shall not cost us time.
MOST: Final = 200_000

Texts = list[str]


@dataclass(frozen=True)
class Extra:
    """An input that stands in no Django form: its name, how it is called, what the record says."""

    name: str
    label: str
    value: Any
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def texts(self) -> Texts:
        return [] if self.value in (None, "") else [str(self.value)]


@dataclass(frozen=True)
class Clash:
    """A field that both sides changed."""

    name: str
    label: str
    was: str
    theirs: str
    yours: str
    theirs_sent: str
    yours_sent: str


@dataclass
class Meeting:
    """What somebody else did since the form was opened, beside what was typed."""

    who: str
    at: datetime | None
    data: QueryDict
    clashes: list[Clash] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)


def base_of(form: Any, extras: Iterable[Extra] = ()) -> str:
    """What a form starts with, as its hidden field carries it."""
    started = {name: theirs for name, _label, theirs, _show in _inputs(form, extras)}
    return json.dumps(started, ensure_ascii=False)


def meet(
    request: HttpRequest, form: Any, refusal: DomainError, extras: Iterable[Extra] = ()
) -> Meeting | None:
    """Merge a stale form with the record as it is now, whose values are the form's `initial`.

    None for every other refusal. The form is left with the merged values; `Meeting.data` holds
    them for inputs beside it.
    """
    if refusal.code != "stale_version":
        return None
    told = refusal.facts
    meeting = Meeting(told.get("who", ""), told.get("at"), form.data.copy())
    base = posted_base(request)
    for name, label, theirs, show in _inputs(form, extras):
        yours = _sent(form, name)
        was = base.get(name) if base is not None else None
        if yours == theirs or theirs == was:
            continue
        if yours == was:
            meeting.data.setlist(name, theirs)
            meeting.taken.append((label, show(theirs)))
        else:
            meeting.clashes.append(_clash(name, label, (was or [], theirs, yours), show))
    form.data = meeting.data
    form.meeting = meeting
    return meeting


def settle(request: HttpRequest) -> None:
    """Put in what was chosen on a page of clashes, unless its owner typed something else since."""
    chosen = [name for name in request.POST if name.startswith(TAKE)]
    if not chosen:
        return
    data = request.POST.copy()
    for choice in chosen:
        name = choice.removeprefix(TAKE)
        yours, theirs = (_read(data.get(kind + name, "")) for kind in (YOURS, THEIRS))
        unchanged = _normal(data.getlist(name)) == yours
        if data.get(choice) == "theirs" and unchanged and theirs is not None:
            data.setlist(name, theirs)
        for kind in (TAKE, THEIRS, YOURS):
            data.pop(kind + name, None)
    data._mutable = False
    request.POST = data  # type: ignore[assignment]


def _inputs(form: Any, extras: Iterable[Extra]) -> Iterator[tuple[str, str, Texts, Any]]:
    """Every input: its name, its label, what the record says, and how such values are shown."""
    for bound in form if form is not None else ():
        if isinstance(bound.field, forms.FileField):
            continue
        started = form.get_initial_for_field(bound.field, bound.name)
        yield (
            bound.html_name,
            str(bound.label),
            _texts(bound.field, started),
            lambda texts, known=bound.field: _shown(texts, _choices(known)),
        )
    for extra in extras:
        names = extra.choices
        yield (
            extra.name,
            extra.label,
            extra.texts,
            lambda texts, names=names: _shown(texts, names),
        )


def _texts(known: forms.Field, value: Any) -> Texts:
    """A value of the record as its input would send it."""
    value = known.prepare_value(value)
    if isinstance(known.widget, forms.CheckboxInput):
        return ["on"] if value else []
    shown = known.widget.format_value(value)
    return _normal(shown if isinstance(shown, list | tuple) else [shown])


def _sent(form: Any, name: str) -> Texts:
    return _normal(form.data.getlist(name))


def _normal(values: Iterable[Any]) -> Texts:
    """Without what browsers do to text on its way: line ends, and fields left empty."""
    texts = (str(value).replace("\r\n", "\n").strip() for value in values if value is not None)
    return [text for text in texts if text]


def _choices(known: forms.Field) -> dict[str, str]:
    """The labels of what can be chosen."""
    found: dict[str, str] = {}
    if not hasattr(known, "choices"):
        return found
    for value, label in known.choices:
        pairs = label if isinstance(label, list | tuple) else [(value, label)]
        found |= {str(key): str(words) for key, words in pairs}
    return found


def _shown(texts: Texts, known: Mapping[str, str]) -> str:
    if texts == ["on"]:
        return said(True)
    return ", ".join(known.get(text, text) for text in texts)


def _clash(name: str, label: str, sides: tuple[Texts, Texts, Texts], show: Any) -> Clash:
    was, theirs, yours = sides
    sent = (json.dumps(theirs), json.dumps(yours))
    return Clash(name, label, show(was), show(theirs), show(yours), *sent)


def posted_base(request: HttpRequest) -> dict[str, Texts] | None:
    """What a posted form says that it started with; None where it does not say so readably."""
    try:
        told = json.loads(request.POST.get(BASE, "")[:MOST])
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    return {name: _normal(texts) for name, texts in told.items() if isinstance(texts, list)}


def _read(text: str) -> Texts | None:
    try:
        told = json.loads(text[:MOST])
    except (ValueError, RecursionError):
        return None
    return _normal(told) if isinstance(told, list) else None
