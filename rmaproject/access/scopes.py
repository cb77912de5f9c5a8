"""What a key may open: names of permissions, or short words for many of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from django.apps import apps
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rmaproject.access.roles import OUR_APPS, PEOPLE_ONLY
from rmaproject.shared.errors import Malformed

#: Short words; each stands for the permissions that `_meaning` gives.
WORDS: Final = {
    "read": _("See records, and change nothing"),
    "write": _("Do all the daily work, but no decisions and settings that are for people"),
    "customers": _("All about customers"),
    "stock": _("All about parts, locations and stock"),
    "sales": _("All about sales, credit notes and refunds"),
    "returns": _("All about returns"),
}


@cache
def permissions() -> dict[str, str]:
    """Every permission of our apps by its full name, with its label, as the models declare them."""
    return {
        f"{label}.{codename}": str(name)
        for label in OUR_APPS
        for model in apps.get_app_config(label).get_models()
        for codename, name in model._meta.permissions
    }


def known_scopes() -> dict[str, str]:
    """Every word that may be given as a scope, with what it opens in the reader's language."""
    rights = {name: gettext(label) for name, label in permissions().items()}
    return {**{word: str(label) for word, label in WORDS.items()}, **rights}


def expand(words: Iterable[str]) -> frozenset[str]:
    """The permissions that scopes stand for. Raises Malformed `unknown_scope`."""
    found: set[str] = set()
    for word in words:
        if word not in known_scopes():
            message = gettext(
                "There is no scope %(word)r: see %(words)s, or a permission's name."
            ) % {"word": word, "words": ", ".join(WORDS)}
            raise Malformed(message, code="unknown_scope", scope=word)
        found |= _meaning(word)
    return frozenset(found)


def opened(words: Iterable[str]) -> frozenset[str]:
    """The permissions that a key of old still opens; words that are gone open nothing."""
    return expand(word for word in words if word in known_scopes())


@cache
def _meaning(word: str) -> frozenset[str]:
    known = permissions()
    if word in known:
        return frozenset({word})
    if word == "read":
        return frozenset(name for name in known if name.partition(".")[2].startswith("view_"))
    if word == "write":
        return frozenset(known) - PEOPLE_ONLY
    return frozenset(name for name in known if name.startswith(f"{word}."))
