"""The pages of refunds: queue, buttons, accounts, bank files, limits."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from rmaproject.access.actors import SYSTEM
from sales.models import ApprovalLimit, BankDetails, BankFile, Refund
from sales.services.banking import keep_bank_details
from sales.services.limits import set_limit
from tests.factories import actor_with
from tests.refunds.money import IBAN, OTHER_IBAN, account, bank_of, credited, ready, refund_of
from tests.web.browser import text_of, version_on

pytestmark = pytest.mark.django_db


def press(client, refund, verb, **values):
    """Open the page of the refund and press a button of it."""
    opened = client.get(f"/refunds/{refund.uuid}/")
    given = {"version": version_on(opened), **values}
    return client.post(f"/refunds/{refund.uuid}/{verb}/", given, follow=True)


def state_of(refund):
    return Refund.objects.get(pk=refund.pk).state


def test_each_queue_shows_its_refunds_with_their_count(clerk, business, bo, cy):
    first = refund_of(credited(business, bo, gateway="sandbox"))
    second = refund_of(credited(business, cy))

    everything = text_of(clerk.get("/refunds/"))
    waiting = text_of(clerk.get("/refunds/?queue=account"))

    assert first.reference in everything
    assert second.reference in everything
    assert 'To approve <span class="n">1</span>' in everything
    assert first.reference not in waiting
    assert second.reference in waiting


def test_a_refund_is_approved_paid_and_confirmed_by_its_buttons(clerk, business, bo):
    bank_of(bo)
    refund = refund_of(credited(business, bo))

    for verb, state in (("approve", "ready"), ("pay", "sent"), ("confirm", "done")):
        assert press(clerk, refund, verb).status_code == 200
        assert state_of(refund) == state

    shown = text_of(clerk.get(f"/refunds/{refund.uuid}/"))
    assert "confirmed that it was paid" in shown
    assert IBAN not in shown


def test_a_step_that_the_state_does_not_allow_is_refused_in_words(clerk, business, bo):
    refund = refund_of(credited(business, bo))

    answer = press(clerk, refund, "pay")

    assert answer.status_code == 409
    assert "waiting details" in text_of(answer)
    assert state_of(refund) == "waiting_details"


def test_a_stale_page_changes_nothing(clerk, business, bo):
    refund = refund_of(credited(business, bo, gateway="sandbox"))

    answer = clerk.post(f"/refunds/{refund.uuid}/approve/", {"version": "9"})

    assert answer.status_code == 412
    assert state_of(refund) == "waiting_approval"


def test_a_refund_may_be_kept_as_store_credit(clerk, business, bo):
    refund = refund_of(credited(business, bo, gateway="sandbox"))

    press(clerk, refund, "keep")

    refund.credit_note.refresh_from_db()
    assert (state_of(refund), refund.credit_note.kept) == ("cancelled", 10)


def test_the_account_is_entered_and_never_shown_again(clerk, business, bo):
    refund = refund_of(credited(business, bo))
    path = f"/refunds/{refund.uuid}/details/"
    version = version_on(clerk.get(path))
    wrong = IBAN[:-1] + "1"

    refused = clerk.post(path, {"version": version, "owner": "Bo", "iban": wrong})
    done = clerk.post(path, {"version": version, "owner": "Bo", "iban": IBAN}, follow=True)

    assert refused.status_code == 422
    assert "This is no IBAN" in text_of(refused)
    assert wrong not in text_of(refused)
    assert state_of(refund) == "waiting_approval"
    assert "DE** **** 3000" in text_of(done)
    assert IBAN not in text_of(done)


def test_without_an_account_the_form_asks_for_one(clerk, business, bo):
    refund = refund_of(credited(business, bo))
    path = f"/refunds/{refund.uuid}/details/"

    answer = clerk.post(path, {"version": version_on(clerk.get(path))})

    assert answer.status_code == 422
    assert "Choose a known account or enter a new one." in text_of(answer)


def test_the_amount_is_changed_and_approved_anew(clerk, business, bo):
    refund = ready(business, bo)
    path = f"/refunds/{refund.uuid}/change/"

    given = {"version": version_on(clerk.get(path)), "amount": "4.00", "via": "manual"}
    clerk.post(path, given)

    refund.refresh_from_db()
    assert (refund.amount, refund.via, refund.state) == (4, "manual", "waiting_approval")


def test_an_account_in_full_is_for_few(client, clerk, business, bo):
    details = bank_of(bo)
    path = f"/refunds/bank-details/{details.uuid}/reveal/"

    seen = clerk.post(path)
    client.force_login(actor_with("Service agent", username="sue").user)
    refused = client.post(path)

    assert IBAN in text_of(seen)
    assert "no-store" in seen.headers["Cache-Control"]
    assert refused.status_code == 403
    assert IBAN not in text_of(refused)


def test_a_bank_file_is_made_saved_and_confirmed(clerk, business, bo):
    keep_bank_details(account(OTHER_IBAN), business=business, actor=SYSTEM)
    bank_of(bo)
    refund = ready(business, bo, gateway="")
    assert "New file for Tents &amp; Co" in text_of(clerk.get("/refunds/bank-files/"))

    clerk.post("/refunds/bank-files/new/", {"refunds": [str(refund.uuid)]})
    file = BankFile.objects.get()
    page = clerk.get(f"/refunds/bank-files/{file.uuid}/")
    saved = clerk.get(f"/refunds/bank-files/{file.uuid}/content/")
    given = {"version": file.version + 1}
    clerk.post(f"/refunds/bank-files/{file.uuid}/confirm/", given)

    assert "NL** **** 4300" in text_of(page)
    assert IBAN not in text_of(page)
    assert f"<IBAN>{IBAN}</IBAN>" in text_of(saved)
    assert state_of(refund) == "done"


def test_a_file_without_refunds_is_asked_again(clerk, business):
    answer = clerk.post("/refunds/bank-files/new/", {})

    assert answer.status_code == 422
    assert BankFile.objects.count() == 0


def test_an_administrator_limits_a_role_and_says_from_where_a_business_pays(
    client, roles, business
):
    from django.contrib.auth.models import Group

    client.force_login(actor_with("Administrator", username="eve").user)
    manager = Group.objects.get(name="Manager")

    given = {"group": manager.pk, "currency": "EUR", "amount": "250"}
    client.post("/settings/limits/new/", given)
    path = f"/settings/businesses/{business.uuid}/account/"
    client.post(path, {"owner": "Tents & Co", "iban": OTHER_IBAN})

    assert ApprovalLimit.objects.get().amount == 250
    assert "250.00" in text_of(client.get("/settings/limits/"))
    assert str(BankDetails.objects.get(business=business)) == "NL** **** 4300"
    assert "NL** **** 4300" in text_of(client.get(path))


def test_the_page_of_a_return_shows_its_refunds_and_takes_the_account(clerk, business, bo):
    rma = credited(business, bo)
    opened = clerk.get(f"/returns/{rma.uuid}/")
    path = f"/returns/{rma.uuid}/bank-details/"

    clerk.post(path, {"version": version_on(clerk.get(path)), "owner": "Bo", "iban": IBAN})
    after = text_of(clerk.get(f"/returns/{rma.uuid}/"))

    assert refund_of(rma).reference in text_of(opened)
    assert "Refund: waiting for bank details" in text_of(opened)
    assert "Enter a bank account" in text_of(opened)
    assert refund_of(rma).state == "waiting_approval"
    assert "by bank to DE** **** 3000" in after
    assert IBAN not in after


def test_the_line_whose_account_the_bank_refuses_is_named(clerk, business, bo, cy):
    keep_bank_details(account(OTHER_IBAN), business=business, actor=SYSTEM)
    bank_of(bo)
    good = ready(business, bo, gateway="")
    keep_bank_details(account(owner="😀"), customer=cy, actor=SYSTEM)
    wrong = ready(business, cy, gateway="")

    given = {"refunds": [str(good.uuid), str(wrong.uuid)]}
    answer = clerk.post("/refunds/bank-files/new/", given)

    assert answer.status_code == 422
    message = f"refuses the account of {wrong.reference}; look at the holder"
    assert message in text_of(answer).replace("&#x27;", "'")
    assert state_of(good) == "ready"
    assert IBAN not in text_of(answer)


def test_a_file_sent_twice_is_made_once(clerk, business, bo):
    keep_bank_details(account(OTHER_IBAN), business=business, actor=SYSTEM)
    bank_of(bo)
    refund = ready(business, bo, gateway="")
    opened = clerk.get("/refunds/bank-files/new/")
    once = re.search(r'name="once" value="([^"]+)"', text_of(opened))[1]
    given = {"refunds": [str(refund.uuid)], "once": once, "execute_on": ""}

    first = clerk.post("/refunds/bank-files/new/", given)
    again = clerk.post("/refunds/bank-files/new/", given)

    assert BankFile.objects.count() == 1
    assert again.url == first.url
    assert "Saved for the bank" in text_of(clerk.get(first.url))


def test_what_somebody_else_must_pay_cannot_be_chosen_for_a_file(clerk, business, bo):
    bank_of(bo)
    refund = ready(business, bo, gateway="")
    role = clerk.get("/").wsgi_request.user.groups.get()
    set_limit(role, "EUR", Decimal(5), actor=SYSTEM)

    shown = text_of(clerk.get("/refunds/bank-files/new/"))

    assert refund.reference in shown
    assert "It is above your limit of 5.00 EUR." in shown
    assert "disabled" in shown.partition(refund.reference)[2]
