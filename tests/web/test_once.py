"""Nothing is done twice, nothing typed is lost: forms sent again, late, or logged out."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation

from customers.models import Company
from rmaproject.access.models import IdempotencyRecord
from rmaproject.web import once
from rmaproject.web.labels import label_of
from tests.factories import UserFactory, ask_return, goods, sell
from tests.racing import race
from tests.web.browser import text_of, version_on

NEW = "/customers/new/"


def key_on(answer):
    found = re.search(r'name="once" value="([^"]+)"', text_of(answer))
    assert found, "The form carries no key."
    return found[1].replace("&#x27;", "'")


def bea(clerk, **values):
    return {"once": key_on(clerk.get(NEW)), "reference": "BEA", "name": "Bea", **values}


def companies():
    return list(Company.objects.filter(name__startswith="Bea").values_list("name", flat=True))


def test_a_form_that_is_sent_again_leads_to_what_the_first_sending_made(clerk, business):
    told = bea(clerk, is_customer="on")

    first, second = clerk.post(NEW, told), clerk.post(NEW, told)
    shown = clerk.get(second.url)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert companies() == ["Bea"]
    assert "nothing was done twice" in text_of(shown)


def test_a_form_that_was_refused_keeps_its_key_and_is_carried_out_once_it_is_right(clerk, business):
    told = bea(clerk, reference="")
    told["name"] = ""

    refused = clerk.post(NEW, told)
    right = clerk.post(NEW, {**told, "once": key_on(refused), "reference": "BEA", "name": "Bea"})

    assert refused.status_code == 422
    assert key_on(refused) == told["once"]
    assert right.status_code == 302
    assert companies() == ["Bea"]


def test_the_same_form_with_something_else_in_it_is_held_and_sent_only_when_asked(clerk, business):
    told = bea(clerk)
    clerk.post(NEW, told)

    held = clerk.post(NEW, {**told, "reference": "BEA2", "name": "Bea the second"})
    clerk.post(NEW, {**told, "reference": "BEA2", "name": "Bea the second", "once": key_on(held)})

    assert held.status_code == 409
    assert "Bea the second" in text_of(held)
    assert companies() == ["Bea", "Bea the second"]


def test_a_form_that_somebody_else_opened_is_refused(clerk, business):
    told = bea(clerk)
    other = Client()
    other.force_login(UserFactory(username="eve", roles=["Manager"]))

    refused = other.post(NEW, told)

    assert refused.status_code == 409
    assert "opened by somebody else" in text_of(refused)
    assert companies() == []


@pytest.mark.django_db(transaction=True)
def test_a_double_click_writes_one_note(ada, tents):
    order = ask_return(tents)
    key = once.new_key(ada.user)

    answers, refusals = race([_noting(ada, order, key)] * 2)

    assert refusals == []
    assert [answer.status_code for answer in answers] == [302, 302]
    assert notes_of(order) == ["Rang Bo"]


@pytest.mark.django_db(transaction=True)
def test_without_a_common_key_a_double_click_writes_two_notes(ada, tents):
    """The control: it is the key that prevents it."""
    order = ask_return(tents)

    race([_noting(ada, order, once.new_key(ada.user)) for _ in range(2)])

    assert notes_of(order) == ["Rang Bo", "Rang Bo"]


def _noting(ada, order, key):
    client = Client()
    client.force_login(ada.user)
    return lambda: client.post(f"/returns/{order.uuid}/notes/", {"once": key, "text": "Rang Bo"})


def notes_of(order):
    return list(order.comments.values_list("text", flat=True))


def test_a_button_that_is_pressed_twice_lands_on_the_record_with_a_plain_sentence(clerk, tents):
    page = f"/returns/{ask_return(tents).uuid}/"
    given = {"version": version_on(clerk.get(page))}
    from_page = {"referer": f"http://testserver{page}"}

    first = clerk.post(f"{page}issue/", given, headers=from_page)
    again = clerk.post(f"{page}issue/", given, headers=from_page)
    shown = clerk.get(page)
    other = clerk.post(f"{page}hold/", {**given, "reason": "Waits"}, headers=from_page)

    assert (first.status_code, again.status_code) == (302, 302)
    assert again.url == page
    assert "You did this a moment ago" in text_of(shown)
    assert other.status_code == 412


def test_what_was_typed_when_the_session_had_ended_is_offered_after_the_login(clerk, ada, business):
    told = bea(clerk, note="Rings on Mondays", password="not for the records")
    clerk.logout()

    sent = clerk.post(NEW, told)
    ada.user.set_password("a long pass phrase")
    ada.user.save()
    place = re.search(r"next=(/kept/[^/]+/)", sent.url)[1]
    clerk.post("/login/", {"username": "ada", "password": "a long pass phrase", "next": place})
    offered = clerk.get(place)
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text_of(offered)))
    saved = clerk.post(NEW, fields)

    assert offered.status_code == 200
    assert "Rings on Mondays" in text_of(offered)
    assert "not for the records" not in text_of(offered)
    assert saved.status_code == 302
    assert companies() == ["Bea"]
    kept = IdempotencyRecord.objects.get(key__startswith="typed:")
    assert b"Mondays" not in bytes(kept.body)


def test_what_was_typed_stands_under_the_labels_of_its_form(clerk, business, bo):
    rma = ask_return(sell(business, bo, goods("TENT")))
    key = uuid4()

    with translation.override("de"):
        for path, name, label in (
            (NEW, "tax_number", "Steuernummer"),
            (f"/returns/{rma.uuid}/hold/", "reason", "Grund"),
            ("/returns/new/", f"quantity_{key}", "Menge"),
            ("/nowhere/", "odd_thing", "Odd thing"),
        ):
            assert label_of(path, name) == label


def test_what_somebody_typed_is_shown_to_nobody_else(clerk, business):
    told = bea(clerk)
    clerk.logout()
    place = re.search(r"next=(/kept/[^/]+/)", clerk.post(NEW, told).url)[1]
    other = Client()
    other.force_login(UserFactory(username="eve", roles=["Manager"]))

    answer = other.get(place)

    assert (answer.status_code, answer.url) == (302, "/")


def test_a_script_is_told_that_the_session_ended_and_renews_it_in_place(client, ada, business):
    ada.user.set_password("a long pass phrase")
    ada.user.save()
    headers = {"X-Sent-By": "script"}

    ended = client.post(NEW, {"name": "Bea"}, headers=headers)
    wrong = client.post("/session/", {"username": "ada", "password": "no"})
    renewed = client.post("/session/", {"username": "ada", "password": "a long pass phrase"})
    key = once.new_key(ada.user)
    saved = client.post(NEW, {"name": "Bea", "reference": "BEA", "once": key}, headers=headers)

    assert (ended.status_code, ended.headers["X-Login"]) == (401, "ended")
    assert (wrong.status_code, wrong.json()["user"]) == (422, "")
    assert renewed.json()["user"] == str(ada.user.pk)
    assert renewed.json()["token"]
    assert saved.status_code == 204
    assert saved.headers["X-Go-To"].startswith("/customers/")


def test_a_part_of_a_page_is_never_the_login_page(client, ada, business):
    part, restored = {"HX-Request": "true"}, {"HX-History-Restore-Request": "true"}

    asked = client.get("/returns/", headers=part)
    sorted_anew = client.get("/returns/", headers={**part, "HX-Boosted": "true"})
    sent = client.post(NEW, {"name": "Bea"}, headers=part)
    back = client.get("/returns/", headers={**part, **restored})

    assert (asked.status_code, asked.headers["X-Login"]) == (401, "ended")
    assert (sorted_anew.status_code, sorted_anew.headers["X-Login"]) == (401, "ended")
    assert (sent.status_code, sent.headers["X-Login"]) == (401, "ended")
    assert (back.status_code, back.url) == (302, "/login/?next=/returns/")


def test_a_form_with_an_old_token_is_kept_for_its_own_person_only(ada, business):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada.user)
    typed = {"name": "Bea", "reference": "BEA"}

    own = strict.post(NEW, {**typed, "once": once.new_key(ada.user)})
    forged = strict.post(NEW, typed)

    assert own.status_code == forged.status_code == 403
    assert 'value="Bea"' in text_of(own)
    assert "This form has expired" in text_of(forged)
    assert 'value="Bea"' not in text_of(forged)
    assert companies() == []


def test_who_guesses_a_password_has_to_wait_and_is_told_how_long(client, db, settings, tmp_path):
    settings.RATE_FILE, settings.LOGIN_TRIES, settings.LOGIN_PERIOD = tmp_path / "calls", 2, 86_400
    UserFactory(username="ada")
    told = {"username": "ada", "password": "a guess"}

    tried = [client.post("/login/", told) for _ in range(3)]
    right = client.post("/login/", {**told, "password": "a long pass phrase"})
    elsewhere = Client(REMOTE_ADDR="10.1.1.1").post(
        "/login/", {**told, "password": "a long pass phrase"}
    )

    assert [answer.status_code for answer in tried] == [422, 422, 429]
    assert right.status_code == 429
    assert "Too many wrong passwords" in text_of(right)
    assert elsewhere.status_code == 302
