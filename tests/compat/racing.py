"""Two clients of a foreign door at the same moment."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.racing import race


def at_once(call: Callable[[int], Any], times: int = 2) -> list[tuple[int, Any]]:
    """What so many calls that are sent together answer, by status: lowest first."""

    def job(number: int) -> Callable[[], Any]:
        def run() -> tuple[int, Any]:
            answer = call(number)
            return answer.status_code, json.loads(answer.content)

        return run

    answers, refused = race([job(number) for number in range(times)])
    assert not refused
    return sorted(answers, key=lambda answer: answer[0])
