"""Who comes in, where they land, and what they are told when something is refused."""

from __future__ import annotations

from django.urls import reverse

from returns.services import turn_returns
from rmaproject.access.actors import SYSTEM
from tests.factories import UserFactory


def test_a_stranger_is_asked_to_log_in_and_comes_back_to_the_page(client, db):
    answer = client.get("/returns/?queue=hold")

    assert answer.status_code == 302
    assert answer.url == "/login/?next=/returns/%3Fqueue%3Dhold"


def test_a_wrong_password_keeps_the_name_and_says_so(client, db):
    UserFactory(username="ada")

    answer = client.post("/login/", {"username": "ada", "password": "wrong"})

    assert answer.status_code == 422
    assert 'value="ada"' in answer.content.decode()
    assert "That did not match." in answer.content.decode()


def test_the_right_password_leads_to_the_asked_page_of_this_site_only(client, roles):
    UserFactory(username="ada", roles=["Manager"])
    given = {"username": "ada", "password": "a long pass phrase"}

    there = client.post("/login/", {**given, "next": "/returns/"})
    client.logout()
    away = client.post("/login/", {**given, "next": "https://elsewhere.example/"})

    assert there.url == "/returns/"
    assert away.url == "/"


def test_the_start_page_is_today_and_while_returns_are_off_the_first_open_place(clerk, business):
    assert clerk.get("/").status_code == 200

    turn_returns(on=False, actor=SYSTEM)

    assert clerk.get("/").url == reverse("refunds:list")


def test_an_unknown_address_answers_with_the_page_for_it(clerk):
    answer = clerk.get("/nowhere")

    assert answer.status_code == 404
    assert "This page does not exist" in answer.content.decode()


def test_while_returns_are_off_their_pages_say_so(clerk):
    answer = clerk.get("/returns/")

    assert answer.status_code == 403
    assert "Returns are switched off" in answer.content.decode()


def test_an_address_with_a_nonsense_page_or_filter_is_refused_with_a_sentence(clerk, business):
    for query in ("after=%25%25", "before=zzz", "status=maybe", "due_from=soon", "customer=x"):
        answer = clerk.get(f"/returns/?{query}")

        assert answer.status_code == 400, query
        assert "Open the list again." in answer.content.decode(), query


def test_who_was_logged_out_over_a_form_comes_back_to_its_page_and_is_told(client, roles, tents):
    UserFactory(username="ada", roles=["Manager"])
    page = f"/sales/{tents.uuid}/"

    sent = client.post(f"{page}hold/", headers={"referer": f"http://testserver{page}"})
    given = {"username": "ada", "password": "a long pass phrase", "next": page}
    back = client.post("/login/", given, follow=True)

    assert sent.url == f"/login/?next={page}"
    assert "the last step was not done" in back.content.decode()


def test_an_address_that_cannot_be_read_is_not_called_a_conflict(clerk, business):
    answer = clerk.get("/sales/", {"after": "zzz"})

    assert answer.status_code == 400
    assert "This cannot be read" in answer.content.decode()


def test_the_login_carries_the_name_of_the_desk_not_of_the_host(client, db):
    shown = client.get("/login/").content.decode()

    assert "<b>Returns desk</b>" in shown
    assert "<b>testserver</b>" not in shown
