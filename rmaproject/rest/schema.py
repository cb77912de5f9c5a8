"""The OpenAPI document says what every resource does on its own: pages, versions, refusals.

A resource describes its bodies; what `Resource` and `writing.change` do for all of them is
written down here once.
"""

from __future__ import annotations

import inspect
from typing import Any, Final

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from rmaproject.rest.catalogue import known_codes
from rmaproject.rest.expanding import MAX_DEPTH, expansion_paths, names_with
from rmaproject.rest.filters import RecordFilter
from rmaproject.rest.input_schema import narrowed, or_blank
from rmaproject.rest.inputs import Input
from rmaproject.rest.paging import DEFAULT_LIMIT, MAX_LIMIT, MOST_COUNTED
from rmaproject.rest.problems import CONTENT_TYPE
from rmaproject.rest.selecting import names_of, paths_of, words_pattern
from rmaproject.rest.views import Resource

Schema = dict[str, Any]

#: What an Idempotency-Key looks like in a header.
KEY: Final = r"^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$"
CHANGES: Final = {"POST", "PATCH", "PUT", "DELETE"}
REFUSALS: Final = {
    "400": "The request cannot be read: each bad value is named by its pointer.",
    "401": "Nobody is logged in, or the token is wrong.",
    "403": "The caller lacks the right, or returns are switched off (`returns_disabled`).",
    "404": "There is no such record, or the caller may not know of it.",
    "406": "The Accept header asks for something else than JSON.",
    "409": "The record is not in a state that allows this; the legal verbs are named.",
    "412": "Somebody changed the record since its version was read.",
    "413": "The body has more than a mebibyte.",
    "415": "The body is not JSON.",
    "422": "A rule of the trade is broken; the figures are in `facts`.",
    "428": "The record's version is missing: send its ETag as If-Match.",
    "429": "Too many calls; `Retry-After` says when to go on.",
    "503": "The record is in use or the database away; `Retry-After` says when to try again.",
}
PROBLEM: Final[Schema] = {
    "type": "object",
    "description": "A refusal (RFC 9457). `code` stays; more codes may come.",
    "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "Explains the code."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wrong and what to do."},
        "instance": {"type": "string", "description": "The path of the request."},
        "code": {
            "type": "string",
            "enum": known_codes(),
            "examples": ["exceeds_returnable", "illegal_transition"],
        },
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "examples": ["/lines/0/quantity"]},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
        "facts": {"type": "object", "additionalProperties": True},
        "current_status": {"type": "string"},
        "legal_verbs": {"type": "array", "items": {"type": "string"}},
    },
}


def name_ids(endpoints: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Call the id of a record `id`, as its JSON does."""
    return [(path.replace("{uuid}", "{id}"), *rest) for path, *rest in endpoints]


class Envelope:
    """How a list answers, in the terms of the schema."""

    def get_paginated_response_schema(self, schema: Schema) -> Schema:
        link = {"type": ["string", "null"], "format": "uri"}
        counted = {"type": "integer", "description": f"With `count=true`, up to {MOST_COUNTED}."}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {
                "results": schema,
                "next": link,
                "previous": link,
                "count": counted,
                "count_capped": {"type": "boolean", "description": "There are more than that."},
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[Schema]:
        limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
        cursor = "A place in the list, as `next` and `previous` give it."
        return [
            {"name": "limit", "in": "query", "required": False, "schema": limit},
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": cursor,
                "schema": {"type": "string"},
            },
        ]


class ResourceSchema(AutoSchema):
    """What each operation has beyond its own description."""

    def get_override_parameters(self) -> list[Any]:
        found = [*super().get_override_parameters(), *self._of_changes(), *OF_EVERYTHING]
        found += [IF_NONE_MATCH] if self.method == "GET" else []
        found += self._of_shapes()
        if self._is_list_view():
            return [*found, *self._of_lists(), *OF_LISTS]
        if self.method in CHANGES or "{" in self.path:
            about = "The version, to be sent as If-Match by the next change."
            found.append(_header("ETag", about, [200, 201]))
        return found

    def get_summary(self) -> str:
        """The first line of what the operation says of itself."""
        action = getattr(self.view, "action", "") or ""
        doc = inspect.getdoc(getattr(self.view, action, None)) or ""
        if doc:
            return doc.splitlines()[0].rstrip(".")
        words = self._tokenize_path()[-1].replace("_", " ").replace("-", " ")
        return f"List {words}" if self._is_list_view() else f"Show one of the {words}"

    def _of_changes(self) -> list[OpenApiParameter]:
        if self.method not in CHANGES:
            return []
        if getattr(self.view, "action", "") in getattr(self.view, "looks", ()):
            return []  # it changes nothing, so repeats need no key and no version
        found = [
            OpenApiParameter(
                "Idempotency-Key",
                {"type": "string", "pattern": KEY, "examples": ["rma-2026-0001"]},
                location=OpenApiParameter.HEADER,
                required=getattr(self.view, "action", "") == "bulk",
                description="Repeats of this request get its first answer.",
            )
        ]
        if self._takes_version():
            found.append(
                OpenApiParameter(
                    "If-Match",
                    location=OpenApiParameter.HEADER,
                    required=self._needs_version(),
                    description="The ETag of the record that is changed.",
                )
            )
        if self.method == "POST":
            found.append(_header("Location", "Where the new record is.", [201]))
        return found

    def _takes_version(self) -> bool:
        """Changes of a record, and creates below one."""
        return self.method in CHANGES and (self.method != "POST" or "{" in self.path)

    def _needs_version(self) -> bool:
        free = getattr(self.view, "unversioned", ())
        return self._takes_version() and getattr(self.view, "action", "") not in free

    def _of_shapes(self) -> list[OpenApiParameter]:
        view = self.view
        if not isinstance(view, Resource) or view.action not in {"list", "retrieve"}:
            return []
        if view.action == "retrieve" and type(view).retrieve is not Resource.retrieve:
            return []
        names = paths_of(names_with(names_of(view.serializer_class), view.expansions))  # type: ignore[arg-type]
        some = words_pattern(names)
        found = [
            OpenApiParameter("fields", some, description="Only these, like `id,lines.quantity`."),
            OpenApiParameter("omit", some, description="All but these."),
        ]
        if view.expansions:
            told = ", ".join(f"`{name}`" for name in sorted(view.expansions))
            about = f"Whole records inside, up to {MAX_DEPTH} deep: {told}."
            paths = words_pattern(expansion_paths(view.expansions))
            found.append(OpenApiParameter("expand", paths, description=about))
        return found

    def _of_lists(self) -> list[OpenApiParameter]:
        view = self.view
        if not isinstance(view, Resource) or view.action != "list":
            return []
        orders = [f"{sign}{name}" for name in view.orderings for sign in ("", "-")]
        about = f"By default {view.default_ordering}."
        found = [OpenApiParameter("ordering", enum=orders, description=about)]
        found.append(OpenApiParameter("count", OpenApiTypes.BOOL, description="How many in all."))
        since = "What changed at this instant or later; see `X-Page-Generated`."
        found.append(OpenApiParameter("updated_since", OpenApiTypes.DATETIME, description=since))
        if type(view).find is not Resource.find:
            found.append(OpenApiParameter("search", description="A part of a number or name."))
        known = view.filters.base_filters if view.filters else {}
        return found + [_filter(name, field) for name, field in known.items()]

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Schema:
        schema: Schema = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, Input):
            schema["additionalProperties"] = False
            schema.update(serializer.shape)
            schema["properties"] = {
                name: or_blank(known) for name, known in schema.get("properties", {}).items()
            }
        return schema

    def _map_serializer_field(
        self, field: Any, direction: Any, bypass_extensions: bool = False
    ) -> Schema:
        schema: Schema = super()._map_serializer_field(field, direction, bypass_extensions)
        return narrowed(field, schema) if direction == "request" else schema

    def _get_paginator(self) -> Any:
        return Envelope() if isinstance(self.view, Resource) else None

    def get_paginated_name(self, serializer_name: str) -> str:
        return f"{serializer_name.removesuffix('Output')}Page"

    def _resolve_path_parameters(self, variables: list[str]) -> list[Schema]:
        kind = {"type": "string", "format": "uuid"}
        return [
            {"name": name, "in": "path", "required": True, "schema": kind} for name in variables
        ]

    def _get_response_bodies(self, direction: Any = "response") -> Schema:
        bodies: Schema = super()._get_response_bodies(direction)
        if direction != "response":
            return bodies
        problem = ResolvedComponent("Problem", ResolvedComponent.SCHEMA, PROBLEM, "Problem")
        self.registry.register_on_missing(problem)
        if self.method == "GET":
            bodies.setdefault("304", {"description": "The caller has it already."})
        for status in self._refusals():
            content = {CONTENT_TYPE: {"schema": problem.ref}}
            bodies.setdefault(status, {"description": REFUSALS[status], "content": content})
        return dict(sorted(bodies.items()))

    def _refusals(self) -> list[str]:
        found = ["400", "401", "403", "406", "429", "503"]
        changes = self.method in CHANGES
        found += getattr(self.view, "also_refuses", ())
        if changes or "{" in self.path:
            found.append("404")
        if changes:
            found += ["409", "413", "415", "422"]
        if self._takes_version():
            found += ["412", "428"] if self._needs_version() else ["412"]
        return found


def _header(name: str, description: str, statuses: list[int]) -> OpenApiParameter:
    return OpenApiParameter(
        name,
        location=OpenApiParameter.HEADER,
        description=description,
        response=statuses,
    )


#: What every answer has.
OF_EVERYTHING: Final = (
    _header("API-Version", "The version of the interface.", [200, 201]),
    _header("RateLimit", "How many calls are left, and for how many seconds.", [200, 201]),
    _header("RateLimit-Policy", "How many calls there are in how many seconds.", [200, 201]),
)
IF_NONE_MATCH: Final = OpenApiParameter(
    "If-None-Match", location=OpenApiParameter.HEADER, description="A tag that you have."
)
OF_LISTS: Final = (
    _header("ETag", "The tag of all that the page shows.", [200]),
    _header("Link", "Neighbouring pages.", [200]),
    _header("X-Page-Generated", "On a first page: from when to ask next time.", [200]),
)


def _filter(name: str, field: Any) -> OpenApiParameter:
    """A filter as a parameter; its kind is read off what it takes."""
    kinds = {
        "BooleanFilter": OpenApiTypes.BOOL,
        "FlagFilter": OpenApiTypes.BOOL,
        "DateFilter": OpenApiTypes.DATE,
        "IsoDateTimeFilter": OpenApiTypes.DATETIME,
        "NumberFilter": OpenApiTypes.NUMBER,
        "UUIDFilter": OpenApiTypes.UUID,
    }
    kind: Any = kinds.get(type(field).__name__, OpenApiTypes.STR)
    choices = field.extra.get("choices") if kind is OpenApiTypes.STR else None
    several = name.endswith("__in")
    values = [value for value, _ in choices] if choices and not several else None
    label = field.extra.get("label") or getattr(field, "_label", None) or ""
    if several:
        label = "Several values, parted by commas."
        if choices:
            kind = words_pattern(str(value) for value, _ in choices)
    if isinstance(field, RecordFilter):
        label = label or "By id or by reference, code or SKU."
    if kind is OpenApiTypes.STR and not values:
        kind = {"type": "string", "minLength": 1}
    if hasattr(field, "in_schema"):
        kind = field.in_schema()
    return OpenApiParameter(name, kind, enum=values, description=str(label))
