"""Files that no row names: what they were kept for was rolled back, and files know no rollback."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Final

from django.core.files.storage import default_storage

from rmaproject.files.models import Attachment
from rmaproject.shared import clock

#: The longest that the row of a file may come after it.
YOUNG: Final = timedelta(days=1)
AT_ONCE: Final = 500

#: Which of some stored names are still named by a row.
Known = Callable[[Sequence[str]], Iterable[str]]


def attached(names: Sequence[str]) -> Iterable[str]:
    """Those of the names that hang on a record and were not removed."""
    rows = Attachment.objects.filter(stored__in=names, deleted_at=None)
    return rows.values_list("stored", flat=True)


#: Our folders of the store, with who knows their files; apps add theirs. Others are left alone.
FOLDERS: Final[dict[str, Known]] = {"attachments": attached}


def remove_orphans() -> int:
    """Delete files of a day and older that no row names; gives how many. Safe to run again."""
    gone = 0
    for folder, known in FOLDERS.items():
        found = _names(folder)
        while names := list(islice(found, AT_ONCE)):
            orphans = set(names).difference(known(names))
            gone += sum(map(_deleted, orphans))
    return gone


def _names(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for inner in folders:
        yield from _names(f"{folder}/{inner}")


def _deleted(name: str) -> bool:
    try:
        if clock.now() - default_storage.get_modified_time(name) < YOUNG:
            return False
    except FileNotFoundError:
        return False
    default_storage.delete(name)
    return True
