"""The page of one return: what is wrong with it, its money taken apart, its fields and history."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from returns.models import ReturnOrder
from returns.services import add_comment, credit_return, edit_return, hold_return
from returns.services.editing import edit_line
from rmaproject.access.actors import SYSTEM
from rmaproject.access.models import User
from tests.factories import actor_with, ask_return, goods, sell
from tests.returns.ruling import publish, rule
from tests.returns.steps import decided, receive
from tests.web.browser import queries_of, text_of, version_on


def page_of(client, order, query=""):
    return text_of(client.get(f"/returns/{order.uuid}/{query}"))


def change(client, order, name, value, **more):
    given = {"version": version_on(client.get(f"/returns/{order.uuid}/")), "value": value, **more}
    return client.post(f"/returns/{order.uuid}/fields/{name.replace('_', '-')}/", given)


def test_owner_day_and_reference_are_edited_where_they_stand(clerk, ada, tents):
    order = ask_return(tents)

    change(clerk, order, "responsible", f"u{ada.user.pk}")
    change(clerk, order, "target_date", "2026-12-24")
    change(clerk, order, "customer_reference", "RET-7")

    order.refresh_from_db()
    told = (order.responsible_user, str(order.target_date), order.customer_reference)
    assert told == (ada.user, "2026-12-24", "RET-7")


def test_a_field_on_a_stale_page_changes_nothing_and_says_who_was_first(clerk, tents):
    order = ask_return(tents)
    edit_return(order.pk, {"customer_reference": "FIRST"}, actor=SYSTEM)

    answer = change(clerk, order, "customer_reference", "SECOND", version="1")

    assert answer.status_code == 412
    assert ReturnOrder.objects.get().customer_reference == "FIRST"


def test_nonsense_in_a_field_is_refused_in_words(clerk, tents):
    order = ask_return(tents)

    assert change(clerk, order, "target_date", "someday").status_code == 400
    assert change(clerk, order, "responsible", "u999999").status_code == 400
    assert change(clerk, order, "status", "complete").status_code == 404


def test_the_banner_names_who_can_approve(client, business, bo, ada, tents, clerk):
    publish(business, rule("approval", {"needed": "always"}))
    order = ask_return(tents, issued=True)
    agent = actor_with("Service agent", username="jonas")

    assert "Look and approve" in page_of(clerk, order)
    client.force_login(agent.user)
    assert "ada can approve it." in page_of(client, order)


def test_a_return_on_hold_says_why_in_its_banner(clerk, tents):
    order = ask_return(tents, issued=True)
    hold_return(order.pk, reason="The customer is away.", actor=SYSTEM)

    assert re.search(r"On hold.</b>\s*The customer is away.", page_of(clerk, order))


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_how_late_it_is_says_the_page_once_by_the_readers_day(clerk, ada, tents, zone):
    order = ask_return(tents, issued=True)
    User.objects.filter(pk=ada.user.pk).update(time_zone=zone)
    today = timezone.localdate(timezone=ZoneInfo(zone))
    edit_return(order.pk, {"target_date": today - timedelta(days=3)}, actor=SYSTEM)

    shown = page_of(clerk, order)

    assert "3 days late." in shown
    assert re.findall(r"(\d+) days? late", shown) == ["3"] * shown.count("days late")


def test_a_blocked_verb_stands_locked_with_its_reason(clerk, tents):
    order = ask_return(tents, issued=True)

    shown = page_of(clerk, order)

    locked = re.search(r'aria-disabled="true" aria-describedby="why-complete"', shown)
    assert locked
    assert re.search(r'id="why-complete">1 have not come; receive or release them.', shown)


def test_every_figure_of_the_credit_opens_what_it_is_made_of(clerk, business, bo, tents):
    order = decided(tents)
    credit_return(order.pk, actor=SYSTEM)
    note = order.lines.get().credits.get().credit_line.credit_note

    shown = page_of(clerk, order)

    apart = shown[shown.index('class="money apart"') :]
    for words in ("Goods accepted", "1 × Tent", "VAT 21 %", note.reference, "Gross"):
        assert words in apart, words


def test_the_history_is_told_by_kind_and_by_person(clerk, ada, tents):
    order = ask_return(tents)
    add_comment(order.pk, "Zipper is broken.", actor=ada)
    edit_return(order.pk, {"customer_reference": "RET-7"}, actor=SYSTEM)

    notes = text_of(clerk.get(f"/returns/{order.uuid}/?show=notes", HTTP_HX_REQUEST="true"))
    changes = page_of(clerk, order, "?show=changes")
    hers = page_of(clerk, order, f"?show=&by={ada.user.pk}")

    assert "<html" not in notes
    assert ("Zipper is broken." in notes, "RET-7" in notes) == (True, False)
    timeline = changes[changes.index('id="timeline"') :]
    assert "Zipper is broken." not in timeline
    assert "Customer&#x27;s reference" in timeline
    assert "asked for the return" not in hers[hers.index('id="timeline"') :]


def test_values_in_the_history_are_words_and_days_and_never_codes(clerk, ada, tents):
    order = ask_return(tents)
    values = {"target_date": "2026-12-24", "responsible_user": ada.user}
    edit_return(order.pk, values, actor=SYSTEM)
    line = order.lines.get()
    edit_line(line, {"outcome": "replacement"}, actor=SYSTEM)

    shown = page_of(clerk, order)

    assert "24 Dec 2026" in shown
    assert "<del>Refund</del> <ins>Replacement</ins>" in shown


def test_a_long_history_comes_in_pages(clerk, tents):
    order = ask_return(tents)
    for number in range(45):
        add_comment(order.pk, f"Note {number:02}", actor=SYSTEM)

    shown = page_of(clerk, order)
    older = re.search(r'href="([^"]+older=\d+)#h-time"', shown)[1].replace("&amp;", "&")

    assert ("Note 44" in shown, "Note 02" in shown) == (True, False)
    assert "Note 02" in text_of(clerk.get(older))


def test_a_note_is_internal_until_somebody_says_otherwise(clerk, tents):
    order = ask_return(tents)
    url = f"/returns/{order.uuid}/notes/"

    clerk.post(url, {"text": "For us.", "customer_visible": "no"})
    clerk.post(url, {"text": "For them.", "customer_visible": "yes"})

    told = list(order.comments.order_by("pk").values_list("text", "audience"))
    assert told == [("For us.", "internal"), ("For them.", "customer")]
    assert "wrote a note that the customer can read" in page_of(clerk, order)


def test_the_page_needs_no_more_queries_for_more_lines_and_notes(clerk, ada, business, bo, tents):
    small = ask_return(tents, issued=True)
    receive(small.lines.get())
    add_comment(small.pk, "One", actor=ada)
    few = queries_of(clerk, f"/returns/{small.uuid}/")
    sold = sell(business, bo, *(goods(f"SKU-{n}", "2") for n in range(6)))
    large = ask_return(sold, issued=True)
    for line in large.lines.all():
        receive(line)
    for number in range(9):
        add_comment(large.pk, f"Note {number}", actor=ada)

    assert queries_of(clerk, f"/returns/{large.uuid}/") <= few


def test_people_are_suggested_by_the_beginning_of_their_names(clerk, ada):
    actor_with("Finance", username="tobe", first_name="Tobe", last_name="Okafor")

    assert clerk.get("/people/?q=oka").json() == {
        "people": [{"username": "tobe", "name": "Tobe Okafor"}]
    }


def test_a_customers_page_shows_the_returns_that_one_may_see(clerk, bo, tents):
    order = ask_return(tents)

    shown = text_of(clerk.get(f"/customers/{bo.uuid}/"))

    assert f'<a href="/returns/{order.uuid}/">{order.reference}</a>' in shown
