from __future__ import annotations

import pytest

from rmaproject.shared import requestid
from rmaproject.shared.slashes import other_spelling


@pytest.mark.parametrize("path", ["/healthz", "/healthz/"])
def test_a_path_answers_with_and_without_its_slash_and_never_redirects(client, path):
    answer = client.get(path)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "other"), [("/a", "/a/"), ("/a/", "/a"), ("/", ""), ("/a//", ""), ("", "/")]
)
def test_only_one_slash_is_added_or_taken_away(path, other):
    assert other_spelling(path) == other


def test_a_sane_request_id_of_the_caller_comes_back(client):
    answer = client.get("/healthz", headers={"X-Request-ID": "order-7.retry_2"})

    assert answer.headers["X-Request-ID"] == "order-7.retry_2"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "a\nSet-Cookie: b", "<script>"])
def test_any_other_request_id_is_replaced(client, given):
    answer = client.get("/healthz", headers={"X-Request-ID": given})

    assert requestid.SANE.fullmatch(answer.headers["X-Request-ID"])
    assert answer.headers["X-Request-ID"] != given


def test_the_request_id_is_forgotten_after_the_request(client):
    client.get("/healthz")

    assert requestid.current() == ""


def test_every_answer_forbids_scripts_from_elsewhere(client):
    answer = client.get("/no-such-page")

    assert answer.status_code == 404
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")


@pytest.mark.django_db
def test_ready_asks_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get("/readyz")

    assert answer.status_code == 200
