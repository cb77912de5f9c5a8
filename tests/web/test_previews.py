"""The preview on pages: shown on request, and acted on only while it is true."""

from __future__ import annotations

import re

from returns.models import ReturnOrder
from returns.services import add_extra_line, waive_return
from returns.services.releasing import QuantityInput
from rmaproject.access.actors import SYSTEM
from sales.models import CreditNote
from tests.factories import ask_return, goods, sell
from tests.returns.ruling import publish, rule
from tests.web.browser import text_of, version_on


def form(business, tents, **more):
    line = tents.lines.get()
    return {"customer": "BO", "business": business.uuid, f"quantity_{line.uuid}": "1", **more}


def token_on(answer):
    found = re.search(r'name="preview" value="([0-9a-f]{64})"', text_of(answer))
    assert found, "The page carries no preview."
    return found[1]


def test_a_new_return_is_previewed_and_then_made(clerk, business, bo, tents):
    shown = clerk.post("/returns/new/", form(business, tents, do="preview"))

    assert shown.status_code == 200
    assert not ReturnOrder.objects.exists()
    for words in ("Credit on invoice", "50.00", "To be refunded", "can come back"):
        assert words in text_of(shown), words
    made = clerk.post("/returns/new/", form(business, tents, do="save", preview=token_on(shown)))
    assert made.status_code == 302
    assert ReturnOrder.objects.get().status == "pending"


def test_a_stale_preview_is_told_and_shown_anew(clerk, business, bo, tents):
    token = token_on(clerk.post("/returns/new/", form(business, tents, do="preview")))
    sell(business, bo, goods("ROPE", "1", "20.00"), paid=False)

    stale = clerk.post("/returns/new/", form(business, tents, do="issue", preview=token))

    assert stale.status_code == 409
    assert "Settles invoice" in text_of(stale)
    assert not ReturnOrder.objects.exists()
    again = form(business, tents, do="issue", preview=token_on(stale))
    assert clerk.post("/returns/new/", again).status_code == 302
    assert ReturnOrder.objects.get().status == "in_progress"


def test_a_preview_says_why_something_cannot_come_back(clerk, business, bo, tents):
    line = tents.lines.get()
    asked = form(business, tents, do="preview") | {f"quantity_{line.uuid}": "9"}

    answer = clerk.post("/returns/new/", asked)

    assert answer.status_code == 200
    assert 'name="preview" value' not in text_of(answer)
    assert "Only 2 of this line can be returned, not 9." in text_of(answer)


def test_a_credit_is_not_booked_otherwise_than_it_was_shown(clerk, tents):
    rma = ask_return(tents, "1", issued=True)
    waive_return(rma.pk, [QuantityInput(rma.lines.get(), 1)], actor=SYSTEM)
    page = clerk.get(f"/returns/{rma.uuid}/credit/")
    fee = {"kind": "fee", "name": "Fee", "gross_unit_price": -5}
    add_extra_line(rma.pk, fee, actor=SYSTEM)
    rma.refresh_from_db()

    stale = clerk.post(
        f"/returns/{rma.uuid}/credit/", {"version": rma.version, "preview": token_on(page)}
    )

    assert stale.status_code == 409
    assert CreditNote.objects.count() == 0
    fresh = clerk.get(f"/returns/{rma.uuid}/credit/")
    told = {"version": version_on(fresh), "preview": token_on(fresh)}
    assert clerk.post(f"/returns/{rma.uuid}/credit/", told).status_code == 302
    assert CreditNote.objects.get().gross == 45


def test_the_next_step_is_shown_from_the_return_and_taken_as_shown(clerk, business, bo, tents):
    rma = ask_return(tents, "1")
    path = f"/returns/{rma.uuid}/preview/issue/"
    assert f'href="{path}"' in text_of(clerk.get(f"/returns/{rma.uuid}/"))
    page = clerk.get(path)
    sell(business, bo, goods("ROPE", "1", "20.00"), paid=False)

    stale = clerk.post(path, {"version": rma.version, "preview": token_on(page)})

    for words in ("can come back", "To be refunded", "Bank transfer, waits for bank details"):
        assert words in text_of(page), words
    assert stale.status_code == 409
    assert "20.00 EUR settle invoice" in text_of(stale)
    assert ReturnOrder.objects.get().status == "pending"
    told = {"version": version_on(stale), "preview": token_on(stale)}
    assert clerk.post(path, told).status_code == 302
    assert ReturnOrder.objects.get().status == "in_progress"


def test_sums_stand_under_each_other_as_on_paper(clerk, business, tents):
    publish(business, rule("fee", {"percent": "10"}), rule("refund", {"approval_above": "30"}))

    shown = text_of(clerk.post("/returns/new/", form(business, tents, do="preview")))

    rows = re.findall(r'<th scope="row">([^<]+)[^/]*(?:</small>)?</th><td>([^<]+)</td>', shown)
    assert rows[-4:] == [
        ("Goods", "50.00"),
        ("Restocking fee 10 %", "−5.00"),
        ("Credit", "45.00"),
        ("To be refunded", "45.00"),
    ]
    assert "The refund of 45.00 EUR waits for approval: above 30.00 EUR." in shown


def test_a_return_under_way_shows_what_the_rest_would_give(clerk, tents):
    rma = ask_return(tents, "2", issued=True)

    page = text_of(clerk.get(f"/returns/{rma.uuid}/preview/receive/"))

    assert "100.00" in page
    assert 'class="btn primary"' not in page.partition("</main>")[0]
    assert clerk.post(f"/returns/{rma.uuid}/preview/receive/").status_code == 405
