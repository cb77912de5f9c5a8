"""Which rows the demo data is made of, so that all of it can be removed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.apps import apps
from django.db.models import Model

from returns.models import DemoLoad
from rmaproject.access.actors import Actor
from rmaproject.shared import clock

#: Where business records live; trails, events and files hang on them by their ids.
APPS: Final = ("customers", "stock", "sales", "returns")
Keys = dict[str, set[Any]]


@contextmanager
def recorded(actor: Actor) -> Iterator[None]:
    """Keep which rows come about inside; nothing is there before but what every desk has."""
    before = _keys()
    yield
    made = {label: sorted(keys - before[label]) for label, keys in _keys().items()}
    rows = {label: keys for label, keys in made.items() if keys}
    DemoLoad.objects.create(pk=1, at=clock.now(), loaded_by_id=actor.user_id, rows=rows)


def _keys() -> Keys:
    return {
        model._meta.label: set(model._base_manager.values_list("pk", flat=True))
        for model in _models()
    }


def _models() -> list[type[Model]]:
    return [
        model
        for label in APPS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model is not DemoLoad
    ]
