"""Every address of the program is in the table of rights, and the table is what really happens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import get_resolver

from rmaproject.access.models import User
from rmaproject.access.roles import all_permissions
from tests.permission_table import TABLE
from tests.world import World, make_world

SEE_ALL = "access.see_all_businesses"


@dataclass(frozen=True)
class Rule:
    """One line of the table."""

    method: str
    path: str
    who: tuple[str, ...]

    @property
    def groups(self) -> list[set[str]]:
        """Each needed permission with those that stand in for it."""
        return [set(who.split("|")) for who in self.who if "." in who]


def rules() -> list[Rule]:
    rows = (line.split() for line in TABLE.strip().splitlines())
    return [Rule(method, path, tuple(who)) for method, path, *who in rows]


def routes(patterns: Iterable[Any], before: str = "/") -> Iterator[tuple[str, Any]]:
    """Every address below these patterns, its variables in braces, with its view."""
    for known in patterns:
        text = before + str(known.pattern).removeprefix("^")
        if hasattr(known, "url_patterns"):
            yield from routes(known.url_patterns, text)
        else:
            yield plain(text), known.callback


def plain(pattern: str) -> str:
    text = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"{\1}", pattern)
    text = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", text).removesuffix("$").replace("^", "")
    return text.replace("\\.", ".").replace("(?:.*/)?", "{anything}")


def test_every_address_is_in_the_table_and_nothing_else():
    known = {(rule.path, rule.method) for rule in rules()}
    there: set[tuple[str, str]] = set()
    for path, view in routes(get_resolver().url_patterns):
        methods = {name.upper() for name in getattr(view, "actions", None) or ()} - {"HEAD"}
        listed = {method for told, method in known if told == path}
        there |= {(path, method) for method in methods or listed or {"-"}}

    assert sorted(there - known) == [], "Addresses that the table does not name."
    assert sorted(known - there) == [], "Lines whose address is gone."


def test_every_permission_of_the_table_exists(db):
    named = {name for rule in rules() for group in rule.groups for name in group}

    assert named - set(all_permissions()) == set()


@pytest.fixture
def world(business, bo) -> World:
    return make_world(business, bo)


def person(permissions: set[str]) -> Client:
    """Somebody logged in who holds these rights."""
    user = User.objects.create_user(f"user{User.objects.count()}")
    known = all_permissions()
    user.user_permissions.set([known[name] for name in permissions])
    client = Client()
    client.force_login(user)
    return client


def call(client: Client, rule: Rule, world: World) -> HttpResponseBase:
    """The answer to a call that changes nothing for good."""
    method = "GET" if rule.method == "-" else rule.method
    with transaction.atomic():
        answer = client.generic(
            method,
            world.address(rule.path),
            b"{}",
            content_type="application/json",
            headers={"If-Match": "*"},
        )
        transaction.set_rollback(True)
    return answer


def refused(answer: HttpResponseBase) -> bool:
    return answer.status_code in {403, 404}


def test_nobody_gets_in_without_logging_in(world):
    anybody = Client()
    for rule in rules():
        answer = call(anybody, rule, world)
        told = (rule.method, rule.path, answer.status_code)
        if rule.who == ("public",):
            assert answer.status_code not in {401, 403}, told
        elif rule.path.startswith("/api/"):
            assert answer.status_code == 401, told
        else:
            assert answer.status_code == 302, told
            assert answer.headers["Location"].startswith("/login/"), told


def test_who_holds_no_right_gets_nothing(world):
    nobody = person(set())
    for rule in rules():
        answer = call(nobody, rule, world)
        if rule.groups:
            assert refused(answer), (rule.method, rule.path, answer.status_code)
        else:
            assert answer.status_code != 403, (rule.method, rule.path)


def test_each_right_of_the_table_is_needed(world):
    everything = set(all_permissions())
    without = cache(lambda group: person(everything - set(group)))
    for rule in rules():
        for group in rule.groups:
            answer = call(without(frozenset(group)), rule, world)
            assert refused(answer), (rule.method, rule.path, group, answer.status_code)


def test_the_rights_of_the_table_are_enough(world):
    holder = cache(lambda rights: person(set(rights)))
    for rule in rules():
        rights = frozenset({SEE_ALL} | {min(group) for group in rule.groups})
        answer = call(holder(rights), rule, world)
        assert answer.status_code not in {401, 403}, (rule.method, rule.path, answer.content)
        if rule.method == "GET" and "{anything}" not in rule.path:
            assert answer.status_code != 404, (rule.method, rule.path)
