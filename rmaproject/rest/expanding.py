"""`expand=`: other records whole inside of an answer, each as its own address shows it.

Whatever is expanded is read by the resource it belongs to, with that resource's rights and rows in
sight, once for all rows of a page: more rows cost no more queries.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.utils.module_loading import import_string

from rmaproject.rest.selecting import Names, names_of, refuse_names

if TYPE_CHECKING:
    from rmaproject.rest.shaping import Shaped

#: How many records may lie inside each other.
MAX_DEPTH: Final = 3
Shown = dict[str, Any]


@dataclass(frozen=True)
class One:
    """A record in the place of its id or short form; what the caller may not see stays short.

    `resource` is the dotted name of its class, because resources name each other.
    """

    resource: str


@dataclass(frozen=True)
class Many:
    """A list of records that the plain answer has not.

    `pairs` gives, for the ids of records, which keys of others belong to which, in order.
    """

    resource: str
    pairs: Callable[[Collection[UUID]], Iterable[tuple[UUID, int]]]


Expansions = Mapping[str, One | Many]


@dataclass(frozen=True)
class Branch:
    """One expansion that is asked for, and what is expanded inside of it."""

    name: str
    how: One | Many
    inside: tuple[Branch, ...]

    def put(self, view: Shaped, shown: list[Shown]) -> None:
        """Put the records into the rows that are shown. Raises NotPermitted as their list does."""
        peer = _class_of(self.how)()
        peer.request, peer.args, peer.kwargs, peer.action = view.request, (), {}, "list"
        if isinstance(self.how, One):
            self._put_one(peer, shown)
        else:
            self._put_many(peer, self.how, shown)

    def _put_one(self, peer: Shaped, shown: list[Shown]) -> None:
        places = [place for row in shown for place in _places(row, self.name.split("."))]
        wanted = {_id_of(owner[name]) for owner, name in places}
        found = self._read(peer, uuid__in=wanted - {None}) if places else []
        by_id = {row["id"]: row for _, row in found}
        for owner, name in places:
            owner[name] = by_id.get(_id_of(owner[name]), owner[name])

    def _put_many(self, peer: Shaped, how: Many, shown: list[Shown]) -> None:
        pairs = list(how.pairs([row["id"] for row in shown]))
        found = dict(self._read(peer, pk__in={key for _, key in pairs}))
        for row in shown:
            keys = dict.fromkeys(key for owner, key in pairs if owner == row["id"])
            row[self.name] = [found[key] for key in keys if key in found]

    def _read(self, peer: Shaped, **which: Any) -> list[tuple[int, Shown]]:
        rows = list(peer.loaded(peer.visible().filter(**which)))
        shown = peer.show_all(rows)
        for branch in self.inside:
            branch.put(peer, shown)
        return [(row.pk, told) for row, told in zip(rows, shown, strict=True)]


def branches_of(paths: Iterable[str], known: Expansions, *, above: str = "") -> list[Branch]:
    """What is to be expanded, by the paths that a caller gives.

    Raises InputErrors `invalid_parameter` for what is not offered there, or lies too deep.
    """
    inside: dict[str, list[str]] = {}
    for path in paths:
        name = next((name for name in known if path == name or path.startswith(f"{name}.")), None)
        if name is None:
            offered = [f"{above}{name}" for name in known] if _depth(above) < MAX_DEPTH else []
            raise refuse_names("expand", [f"{above}{path}"], offered)
        rest = path.removeprefix(name).removeprefix(".")
        inside.setdefault(name, []).extend([rest] if rest else [])
    return [_branch(name, rest, known, above) for name, rest in inside.items()]


def names_with(names: Names, known: Expansions) -> Names:
    """The fields of a record, expanded or not, for `fields` and `omit`."""
    more = {
        name: names.get(name, frozenset()) | frozenset(names_of(_class_of(how).serializer_class))  # type: ignore[arg-type]
        for name, how in known.items()
        if "." not in name
    }
    return {**names, **more}


def expansion_paths(known: Expansions, depth: int = MAX_DEPTH) -> Iterator[str]:
    """Everything that `expand` may name."""
    for name, how in known.items():
        yield name
        if depth > 1:
            inner = expansion_paths(_class_of(how).expansions, depth - 1)
            yield from (f"{name}.{path}" for path in inner)


def _branch(name: str, rest: list[str], known: Expansions, above: str) -> Branch:
    how = known[name]
    # A slash parts the records of a path, so that a dot inside of a name counts for nothing.
    place = f"{above}{name}/"
    offered = _class_of(how).expansions if _depth(place) < MAX_DEPTH else {}
    return Branch(name, how, tuple(branches_of(rest, offered, above=place)))


def _class_of(how: One | Many) -> type[Shaped]:
    found: type[Shaped] = import_string(how.resource)
    return found


def _depth(above: str) -> int:
    return above.count("/")


def _places(row: Any, steps: list[str]) -> Iterator[tuple[Shown, str]]:
    """Where in a row a record is named: the object and the name in it."""
    if isinstance(row, list):
        for item in row:
            yield from _places(item, steps)
    elif isinstance(row, dict):
        if len(steps) > 1:
            yield from _places(row.get(steps[0]), steps[1:])
        elif row.get(steps[0]) is not None:
            yield row, steps[0]


def _id_of(value: Any) -> Any:
    return value["id"] if isinstance(value, dict) else value
