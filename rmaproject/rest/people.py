"""People and groups in request bodies, by their names."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group

from rmaproject.access.models import User
from rmaproject.rest.inputs import RecordField


class _NameField(RecordField):
    def _key(self, data: str) -> dict[str, Any]:
        return {f"{self.by}__iexact": data}


class UserField(_NameField):
    """An active user by username; null means nobody."""

    def __init__(self, **options: Any) -> None:
        options = {"required": False, "allow_null": True, **options}
        super().__init__(
            lambda actor: User.objects.filter(is_active=True), by="username", **options
        )


class GroupField(_NameField):
    """A group of users by name; null means none."""

    def __init__(self, **options: Any) -> None:
        options = {"required": False, "allow_null": True, **options}
        super().__init__(lambda actor: Group.objects.all(), by="name", **options)
