"""What follows a commit may fail without undoing it, and without failing the request."""

from __future__ import annotations

from rmaproject.shared.db import after_commit


def fail(number: int) -> None:
    message = f"No {number} today."
    raise ValueError(message)


def test_what_fails_after_a_commit_is_logged_by_its_name(
    db, caplog, django_capture_on_commit_callbacks
):
    done: list[int] = []

    with django_capture_on_commit_callbacks(execute=True):
        after_commit(fail, 7)
        after_commit(done.append, 8)

    assert done == [8]
    assert "fail" in caplog.text
    assert "No 7 today." in caplog.text
