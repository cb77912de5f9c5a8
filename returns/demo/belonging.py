"""What belongs to the demo data: the rows that came with it, and all that points to them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey, Model, UUIDField
from guardian.models import GroupObjectPermission, UserObjectPermission

from customers.models import Company
from returns.demo.recorded import Keys
from returns.models import DemoLoad, Disposition, Reason, Sheet
from rmaproject.access.actors import GRANTS
from rmaproject.audit.models import Aggregate
from sales.models import Business
from stock.models import Location, Part, PartCategory, StockItem

#: What is used by many: that a record of the demo names one that stays harms nobody.
SHARED: Final = (Company, Part, PartCategory, Location, Reason, Disposition, Sheet, Business)
MOST_NAMED: Final = 20


class Belonging:
    """The closure of the demo's rows over foreign keys and ids; the demo's businesses in whole."""

    def __init__(self, recorded: dict[str, list[Any]]) -> None:
        self.recorded: Keys = {label: set(keys) for label, keys in recorded.items()}
        self.rows: dict[type[Model], set[Any]] = {}
        for label, keys in recorded.items():
            model = apps.get_model(label)
            there = model._base_manager.filter(pk__in=keys)
            self._take(model, set(there.values_list("pk", flat=True)))
        self._take_by_id()
        self._take_grants()
        self.businesses = self.rows.get(Business, set())

    def needed_by(self) -> list[str]:
        """The records outside of the demo that would break: by what people call them."""
        return list(dict.fromkeys(map(_named, self._dependents())))[:MOST_NAMED]

    def _take(self, model: type[Model], keys: set[Any]) -> None:
        fresh = keys - self.rows.setdefault(model, set())
        if not fresh:
            return
        self.rows[model] |= fresh
        for other, field in _pointing_to(model):
            found = other._base_manager.filter(**{f"{field}__in": fresh})
            self._take(other, set(found.values_list("pk", flat=True)))

    def _take_by_id(self) -> None:
        """Trails, events, files: rows that name a record by its UUID."""
        named: set[Any] = set()
        for model, keys in list(self.rows.items()):
            if any(field.name == "uuid" for field in model._meta.concrete_fields):
                found = model._base_manager.filter(pk__in=keys)
                named |= set(found.values_list("uuid", flat=True))
        for model, field in _naming():
            found = model._base_manager.filter(**{f"{field}__in": named})
            self._take(model, set(found.values_list("pk", flat=True)))

    def _take_grants(self) -> None:
        for label, name, _codename in GRANTS.values():
            keys = [str(key) for key in self.rows.get(apps.get_model(label, name), ())]
            kind = ContentType.objects.get_by_natural_key(label, name)
            for model in (UserObjectPermission, GroupObjectPermission):
                found = model.objects.filter(content_type=kind, object_pk__in=keys)
                self._take(model, set(found.values_list("pk", flat=True)))

    def _dependents(self) -> Iterator[Model]:
        for model in [model for model in self.rows if model._meta.app_label in _DOMAIN]:
            grown = self.rows[model] - self.recorded.get(model._meta.label, set())
            if grown:
                rows = model._base_manager.filter(pk__in=grown)
                yield from (row for row in rows if self._is_real(model, row))

    def _is_real(self, model: type[Model], row: Any) -> bool:
        names = {field.name for field in model._meta.concrete_fields}
        if "business" in names and row.business_id is not None:
            return row.business_id not in self.businesses
        if issubclass(model, SHARED) or (issubclass(model, Aggregate) and "business" not in names):
            return True
        return any(self._is_kept(field, row) for field in _foreign_keys(model))

    def _is_kept(self, field: Any, row: Any) -> bool:
        """Whether a row also points to a record that stays and that it is a part of."""
        target, key = field.related_model, getattr(row, field.attname)
        if key is None or target._meta.app_label not in _DOMAIN:
            return False
        if issubclass(target, SHARED) and not (target is Part and isinstance(row, StockItem)):
            return False
        return key not in self.rows.get(target, set())


_DOMAIN: Final = ("customers", "stock", "sales", "returns")


@cache
def _ours() -> list[type[Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model is not DemoLoad
    ]


def _foreign_keys(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]


@cache
def _pointing_to(model: type[Model]) -> list[tuple[type[Model], str]]:
    return [
        (other, field.name)
        for other in _ours()
        for field in _foreign_keys(other)
        if field.related_model is model
    ]


@cache
def _naming() -> list[tuple[type[Model], str]]:
    """Columns that hold the UUID of a record of another table."""
    return [
        (model, field.name)
        for model in _ours()
        for field in model._meta.concrete_fields
        if isinstance(field, UUIDField) and field.name != "uuid" and not field.primary_key
    ]


def _named(row: Any) -> str:
    """What people call a record: its own number, that of the document it is in, or its name."""
    if not getattr(row, "reference", ""):
        for field in _foreign_keys(type(row)):
            document = getattr(row, field.name)
            if getattr(document, "reference", "") and not isinstance(document, SHARED):
                return _named(document)
    names = (getattr(row, name, "") for name in ("reference", "code", "sku", "name"))
    text = next((name for name in names if name), str(row.pk))
    return f"{row._meta.verbose_name} {text}"
