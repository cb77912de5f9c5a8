"""Inputs of forms, what a form carries unseen, and where buttons stand."""

from __future__ import annotations

from typing import Any, Final

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect
from django.utils.html import format_html, format_html_join

from rmaproject.web import merging
from rmaproject.web import once as sending
from rmaproject.web.bars import look_up

register = template.Library()

MOST_BAR_ACTIONS: Final = 2


@register.simple_tag
def control(field: BoundField) -> str:
    """The input of a bound field in the look; Django itself adds the aria attributes."""
    bare = isinstance(
        field.field.widget, (CheckboxInput, CheckboxSelectMultiple, RadioSelect, FileInput)
    )
    css = field.field.widget.attrs.get("class", "")
    attrs: dict[str, str | bool] = {} if bare else {"class": f"input {css}".strip()}
    return field.as_widget(attrs=attrs)


@register.simple_tag(takes_context=True)
def once(context: Any) -> str:
    """The key by which a form is known when it is sent for the second time."""
    request = context.get("request")
    if request is None:
        return ""
    key = sending.shown_key(request)
    return format_html('<input type="hidden" name="{}" value="{}">', sending.FIELD, key)


@register.simple_tag(takes_context=True)
def carried(context: Any, form: Any, version: Any = "", extras: Any = ()) -> str:
    """What the form of a record carries unseen: its key, the version it shows, what it began with.

    A form that is shown again stays based on what its reader saw first, until they were shown
    what somebody else changed meanwhile.
    """
    request = context.get("request")
    if request is None:
        return ""
    again = request.method == "POST" and not getattr(form, "meeting", None)
    shown = (again and request.POST.get("version")) or version
    if not shown:
        return once(context)
    base = (again and request.POST.get(merging.BASE)) or merging.base_of(form, extras)
    hidden = '<input type="hidden" name="{}" value="{}">'
    fields = (("version", shown), (merging.BASE, base))
    return once(context) + format_html_join("", hidden, fields)


@register.filter
def is_check(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def needs_fieldset(field: BoundField) -> bool:
    return bool(field.field.widget.use_fieldset)


@register.simple_tag
def arrange(actions: Any) -> dict[str, list[Any]]:
    """Which actions stand as buttons and which in the menu; the primary one comes last.

    A primary action that is blocked keeps its place, locked; dangerous ones are one step away.
    """
    actions = list(actions or [])
    primary = [
        action for action in actions if look_up(action, "primary") and look_up(action, "allowed")
    ][:1]
    locked = [
        action
        for action in actions
        if look_up(action, "primary") and not look_up(action, "allowed")
    ]
    ready = [
        action
        for action in actions
        if action not in primary and look_up(action, "allowed") and not look_up(action, "danger")
    ][:MOST_BAR_ACTIONS]
    bar = locked + ready + primary
    return {"bar": bar, "menu": [action for action in actions if action not in bar]}
