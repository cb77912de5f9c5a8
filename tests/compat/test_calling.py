"""The comparison of whole bodies refuses what differs; else no test that uses it means anything."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compat.calling import same

A = "0b9e6d0e-6b1f-4c8e-9f7c-6a4f7f3f2a11"
B = "5d2a3c4b-1111-4c8e-9f7c-6a4f7f3f2a22"


def test_placeholders_stand_for_values_and_give_them():
    body = {"id": A, "lines": [{"of": A, "id": B}], "on": "2026-03-02", "n": 1.5}
    expected = {
        "id": "<uuid:order>",
        "lines": [{"of": "<uuid:order>", "id": "<uuid:line>"}],
        "on": "<date>",
        "n": "<number>",
    }

    found = same(body, expected)

    assert found == {"order": A, "line": B}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"a": 1, "b": 2}, {"a": 1}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ([1, 2], [1]),
        ({"a": "1"}, {"a": 1}),
        ({"a": True}, {"a": 1}),
        ({"a": None}, {"a": "<text>"}),
        ({"a": ""}, {"a": "<text>"}),
        ({"a": "x"}, {"a": "<uuid>"}),
        ({"a": A, "b": B}, {"a": "<uuid:one>", "b": "<uuid:one>"}),
        ({"a": "2026-03-02T10:00:00"}, {"a": "<time>"}),
        ({"a": "20260302"}, {"a": "<date>"}),
        ([{"a": 1}], {"a": 1}),
    ],
)
def test_what_differs_is_refused(body: Any, expected: Any):
    with pytest.raises(AssertionError):
        same(body, expected)
