"""Many callers at the same moment, each with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Barrier, Thread
from typing import Any

from django.db import connection

from rmaproject.shared.errors import DomainError

WAIT = 20.0


def race(jobs: Sequence[Callable[[], Any]]) -> tuple[list[Any], list[DomainError]]:
    """Start all jobs at once; what those that succeeded gave, and the refusals of the others.

    Any other exception is the test's failure.
    """
    start = Barrier(len(jobs))
    results: list[Any] = [None] * len(jobs)

    def run(place: int, job: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            start.wait(WAIT)
            results[place] = job()
        except BaseException as error:
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, job)) for place, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    assert not any(thread.is_alive() for thread in threads)
    return _sorted(results)


def written_over(before: int) -> Callable[..., None]:
    """Writes a counter as it was read, instead of raising it where it stands: for controls."""

    def write(model: Any, changes: dict[int, tuple[Any]], column: str) -> None:
        for key, (amount,) in changes.items():
            model.objects.filter(pk=key).update(**{column: before + amount})

    return write


def _sorted(results: list[Any]) -> tuple[list[Any], list[DomainError]]:
    refusals = [result for result in results if isinstance(result, DomainError)]
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, DomainError):
            raise result
    return [result for result in results if not isinstance(result, BaseException)], refusals
