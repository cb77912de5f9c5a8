"""Static files under hashed names, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import HashedFilesMixin
from django.core.management import call_command
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # untyped library
    """Hashed and compressed once; our modules find each other under their hashed names too."""

    patterns = (
        *HashedFilesMixin.patterns,
        ("js/*.js", HashedFilesMixin._js_module_import_aggregation_patterns[1]),  # type: ignore[attr-defined]
    )


class QuickStorage(Storage):
    """Collects in a second; brotli would save visitors a few kilobytes and cost half a minute."""

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return Compressor(**kwargs, use_brotli=False)


def collect_if_changed() -> bool:
    """Make the pages' files ready; False when the last collection still holds."""
    mark = settings.STATIC_ROOT / "collected-from"
    state = _state()
    if mark.exists() and mark.read_text() == state:
        return False
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    mark.write_text(state)
    return True


def _state() -> str:
    """Changes whenever a source file, or the way of storing it, does."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            changed = int(storage.get_modified_time(path).timestamp())
            digest.update(f"{path} {storage.size(path)} {changed}\n".encode())
    return digest.hexdigest()
