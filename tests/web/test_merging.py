"""Two people change one record: side by side by field, merged where only one side changed."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client

from customers.models import Company
from returns.models import ReturnOrder
from tests.factories import UserFactory, ask_return
from tests.web.browser import text_of, version_on


def fields_of(answer):
    """What a browser would send of the page's own form, as it was shown."""
    form = text_of(answer).partition("<main")[2].partition('<form method="post"')[2]
    form = form.partition("</form>")[0]
    given = {}
    for tag in re.findall(r"<input[^>]*>", form):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        ticked = told.get("type") in ("checkbox", "radio")
        if "name" in told and (not ticked or " checked" in tag):
            given[told["name"]] = unescape(told.get("value", "on" if ticked else ""))
    for name, text in re.findall(
        r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL
    ):
        given[name] = unescape(text)
    for name, options in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        given[name] = unescape(chosen[1]) if chosen else ""
    return given


def leonie_saves(page, **values):
    """Leonie opens the form too, changes it and saves it first."""
    client = Client()
    user = UserFactory(username="leonie", first_name="Leonie", roles=["Manager"])
    client.force_login(user)
    answer = client.post(page, {**fields_of(client.get(page)), **values})
    assert answer.status_code == 302, text_of(answer)


def test_both_changed_one_field_and_each_another_one(clerk, bo):
    page = f"/customers/{bo.uuid}/edit/"
    mine = fields_of(clerk.get(page))

    leonie_saves(page, phone="111", email="bo@tents.example")
    met = clerk.post(page, {**mine, "phone": "222", "note": "Rings on Mondays"})
    shown = fields_of(met)

    assert met.status_code == 412
    text = text_of(met)
    assert "Leonie changed this" in text
    assert "Take theirs" in text
    assert (shown["phone"], shown["email"]) == ("222", "bo@tents.example")
    assert shown["note"] == "Rings on Mondays"

    clerk.post(page, {**shown, "meet:take:phone": "theirs"})

    saved = Company.objects.get(pk=bo.pk)
    assert (saved.phone, saved.email) == ("111", "bo@tents.example")
    assert saved.note == "Rings on Mondays"


def test_mine_is_kept_when_it_is_chosen_and_what_is_typed_afterwards_stands(clerk, bo):
    page = f"/customers/{bo.uuid}/edit/"
    first = fields_of(clerk.get(page))
    leonie_saves(page, phone="111")
    shown = fields_of(clerk.post(page, {**first, "phone": "222"}))

    clerk.post(page, {**shown, "meet:take:phone": "theirs", "phone": "333"})

    assert Company.objects.get(pk=bo.pk).phone == "333"


def test_a_form_that_is_shown_again_for_a_mistake_still_meets_what_came_between(clerk, bo):
    page = f"/customers/{bo.uuid}/edit/"
    first = fields_of(clerk.get(page))
    leonie_saves(page, phone="111")

    wrong = clerk.post(page, {**first, "phone": "222", "name": ""})
    met = clerk.post(page, {**fields_of(wrong), "name": "Bo Jansen"})

    assert wrong.status_code == 422
    assert met.status_code == 412
    assert Company.objects.get(pk=bo.pk).phone == "111"


def test_a_line_of_a_return_that_only_they_changed_keeps_their_quantity(clerk, tents):
    order = ask_return(tents)
    page = f"/returns/{order.uuid}/edit/"
    first = fields_of(clerk.get(page))
    line = f"quantity_{order.lines.get().uuid}"
    assert first[line] == "1"

    leonie_saves(page, **{line: "2", "do": "save"})
    met = clerk.post(page, {**first, "note": "Fragile", "do": "save"})
    shown = fields_of(met)
    clerk.post(page, {**shown, "do": "save"})

    assert met.status_code == 412
    assert shown[line] == "2"
    saved = ReturnOrder.objects.get(pk=order.pk)
    assert (saved.note, str(saved.lines.get().quantity)) == ("Fragile", "2.00000")


def test_who_saves_what_the_other_saved_already_has_nothing_to_choose(clerk, bo):
    page = f"/customers/{bo.uuid}/edit/"
    first = fields_of(clerk.get(page))
    leonie_saves(page, phone="111")

    met = clerk.post(page, {**first, "phone": "111"})

    assert met.status_code == 412
    assert "Take theirs" not in text_of(met)
    assert version_on(met) == str(Company.objects.get(pk=bo.pk).version)
