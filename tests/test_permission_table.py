"""Every address of the program is in the table of rights, and the table is what really happens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import get_resolver

from returns.web.record.verbs import VERBS
from rmaproject.access.models import User
from rmaproject.access.roles import all_permissions
from tests.permission_table import TABLE
from tests.world import World, make_world

FOREIGN = "returns.compat."
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
        if _foreign(known):
            continue
        text = before + str(known.pattern).removeprefix("^")
        if hasattr(known, "url_patterns"):
            if str(getattr(known.urlconf_name, "__name__", "")).startswith(FOREIGN):
                continue  # each has its own table of rights among its tests
            yield from routes(known.url_patterns, text)
        else:
            yield from ((path, known.callback) for path in spread(plain(text)))


def _foreign(known: Any) -> bool:
    """Whether an address is another system's: the tests of its door say who may do what there."""
    view = getattr(known, "callback", None)
    return view is not None and view.__module__.startswith("returns.compat.")


def plain(pattern: str) -> str:
    text = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"{\1}", pattern)
    text = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", text).removesuffix("$").replace("^", "")
    return text.replace("\\.", ".").replace("(?:.*/)?", "{anything}")


def spread(path: str) -> list[str]:
    """Each verb of a return needs its own right, so each has its own line."""
    return [path.replace("{verb}", verb) for verb in VERBS] if "{verb}" in path else [path]


def test_every_address_is_in_the_table_and_nothing_else():
    known = {(rule.path, rule.method) for rule in rules()}
    there: set[tuple[str, str]] = set()
    for path, view in routes(get_resolver().url_patterns):
        methods = {name.upper() for name in getattr(view, "actions", None) or ()} - {"HEAD"}
        listed = {method for told, method in known if told == path}
        there |= {(path, method) for method in methods or listed or {"-"}}

    assert sorted(there - known) == [], "Addresses that the table does not name."
    assert sorted(known - there) == [], "Lines whose address is gone."


def test_no_address_is_named_twice_and_only_public_ones_answer_whatever_comes():
    named = [(rule.path, rule.method) for rule in rules()]

    assert len(named) == len(set(named))
    assert {rule.who for rule in rules() if rule.method == "-"} == {("public",)}


def test_what_has_a_password_of_its_own_opens_for_nobody_without_it(world):
    admin = person(set(all_permissions()))
    own = [rule for rule in rules() if rule.who == ("password",)]

    assert [call(admin, rule, world).status_code for rule in own] == [401] * len(own)


def test_what_is_somebodys_own_is_there_for_nobody_else(world):
    admin = person(set(all_permissions()))
    own = [rule for rule in rules() if rule.who == ("owner",)]

    assert [call(admin, rule, world).status_code for rule in own] == [404] * len(own)


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
    cookies = copy(client.cookies)
    with transaction.atomic():
        answer = client.generic(
            method,
            world.address(rule.path),
            b"{}",
            content_type="application/json",
            headers={"If-Match": "*"},
        )
        transaction.set_rollback(True)
    client.cookies = cookies  # who logged out is in again
    return answer


def refused(answer: HttpResponseBase) -> bool:
    return answer.status_code in {403, 404}


def sent_to_login(answer: HttpResponseBase) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith("/login/")


def test_nobody_gets_in_without_logging_in(world):
    anybody = Client()
    for rule in rules():
        answer = call(anybody, rule, world)
        told = (rule.method, rule.path, answer.status_code)
        if rule.who == ("public",):
            assert answer.status_code not in {401, 403}, told
        elif rule.path.startswith("/api/") or rule.who == ("password",):
            assert answer.status_code == 401, told
        else:
            assert sent_to_login(answer), told


def test_who_holds_no_right_gets_nothing(world):
    nobody = person(set())
    for rule in rules():
        answer = call(nobody, rule, world)
        if rule.groups:
            assert refused(answer), (rule.method, rule.path, answer.status_code)
        else:
            assert answer.status_code != 403, (rule.method, rule.path)
            assert rule.who == ("public",) or not sent_to_login(answer), (rule.method, rule.path)


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
        for chosen in product(*rule.groups):
            answer = call(holder(frozenset({SEE_ALL, *chosen})), rule, world)
            told = (rule.method, rule.path, chosen, answer.status_code)
            assert answer.status_code != 401 or rule.who == ("password",), told
            assert answer.status_code != 403, told
            assert rule.who == ("public",) or not sent_to_login(answer), told
            if rule.method == "GET" and rule.who not in (("password",), ("owner",)):
                assert answer.status_code < 400, told


def test_the_methods_of_the_table_are_those_that_are_answered(world):
    admin = person(set(all_permissions()))
    listed: dict[str, dict[str, int]] = {}
    for rule in rules():
        answer = call(admin, rule, world)
        listed.setdefault(rule.path, {})[rule.method] = answer.status_code
        assert answer.status_code != 405, (rule.method, rule.path)

    for path, answers in listed.items():
        for method in {"GET", "POST"} - set(answers) if "-" not in answers else ():
            answer = call(admin, Rule(method, path, ()), world)
            # A page that only reads takes no notice of what is posted to it.
            as_read = answers.get("GET") if method == "POST" else None
            assert answer.status_code in {405, as_read}, (method, path, answer.status_code)
