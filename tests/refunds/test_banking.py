"""Bank accounts are checked, kept encrypted, shown as a mask, and told to few (G18)."""

from __future__ import annotations

import logging

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from rmaproject.access.actors import SYSTEM
from rmaproject.audit import trail
from rmaproject.audit.models import AuditEntry
from rmaproject.shared.errors import Conflict, NotPermitted, RuleViolation
from sales.models import BankDetails
from sales.services.banking import (
    keep_bank_details,
    only_account_of,
    retire_bank_details,
    reveal_bank_details,
)
from tests.changes import picture
from tests.factories import actor_with
from tests.refunds.money import IBAN, OTHER_IBAN, account, bank_of, credited

pytestmark = pytest.mark.django_db

BIC = "COBADEFFXXX"


def everything_written() -> str:
    """Every text of the tables that could hold an account."""
    tables = ("sales_bankdetails", "sales_bankfile", "audit_auditentry", "sales_refund")
    with connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")
            found += [text for (text,) in cursor.fetchall()]
    return "\n".join(found)


def test_an_account_is_kept_so_that_nobody_can_read_it(bo):
    details = keep_bank_details(account(bic=BIC), customer=bo, actor=SYSTEM)

    kept = everything_written()
    assert IBAN not in kept
    assert BIC not in kept
    assert "Bo Jansen" not in kept
    assert "532013" not in kept
    assert str(details) == "DE** **** 3000"
    assert repr(details) == "<BankDetails: DE** **** 3000>"
    assert IBAN not in repr(account())


def test_an_iban_may_be_written_with_blanks_and_in_small_letters(bo):
    details = keep_bank_details(account("de89 3704 0044 0532 0130 00"), customer=bo, actor=SYSTEM)

    assert reveal_bank_details(details.pk, actor=SYSTEM).iban == IBAN


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"iban": "DE89370400440532013001"}, "invalid_iban"),
        ({"iban": "DE8937040044053201300"}, "invalid_iban"),
        ({"iban": "XX89370400440532013000"}, "invalid_iban"),
        ({"iban": ""}, "invalid_iban"),
        ({"bic": "COBADEFFXX"}, "invalid_bic"),
        ({"owner": " "}, "invalid_owner"),
        ({"owner": "x" * 71}, "invalid_owner"),
    ],
)
def test_a_wrong_account_is_refused_without_repeating_it(bo, values, code, caplog):
    caplog.set_level(logging.DEBUG)
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        keep_bank_details(account(**values), customer=bo, actor=SYSTEM)

    (value,) = values.values()
    assert refusal.value.code == code
    told = refusal.value.message + str(refusal.value.facts) + caplog.text
    assert not value.strip() or value not in told
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None
    assert picture() == before


def test_the_same_account_is_kept_once(bo):
    first, again = bank_of(bo), bank_of(bo)

    assert first == again
    assert BankDetails.objects.count() == 1


def test_the_whole_account_is_for_few_and_that_they_saw_it_stays(bo, roles):
    details = bank_of(bo)
    clerk, finance = actor_with("Service agent"), actor_with("Finance", username="fin")

    with pytest.raises(NotPermitted):
        reveal_bank_details(details.pk, actor=clerk)
    seen = reveal_bank_details(details.pk, actor=finance)

    assert (seen.owner, seen.iban) == ("Bo Jansen", IBAN)
    last = AuditEntry.objects.get(aggregate_id=details.uuid, n=2)
    assert (last.verb, last.actor, last.facts) == ("reveal", finance.user, {})


def test_an_account_that_a_refund_waits_for_cannot_be_retired(business, bo):
    details = bank_of(bo)
    credited(business, bo)

    with pytest.raises(Conflict) as refusal:
        retire_bank_details(details.pk, actor=SYSTEM)

    assert refusal.value.code == "bank_details_in_use"
    assert refusal.value.facts == {"refunds": ["RF-00001"]}


def test_a_retired_account_is_chosen_for_nothing(bo):
    retire_bank_details(bank_of(bo).pk, actor=SYSTEM)

    assert only_account_of(bo) is None


def test_a_business_pays_from_its_latest_account(business):
    first = keep_bank_details(account(), business=business, actor=SYSTEM)
    keep_bank_details(account(OTHER_IBAN), business=business, actor=SYSTEM)

    first.refresh_from_db()
    assert first.retired_at is not None
    assert [str(row) for row in BankDetails.objects.filter(retired_at=None)] == ["NL** **** 4300"]


def test_new_keys_close_what_old_keys_opened(bo, settings):
    old = settings.FIELD_KEYS
    details = bank_of(bo)
    new = [Fernet.generate_key().decode()]
    settings.FIELD_KEYS = new + old

    call_command("rotate_field_keys")

    settings.FIELD_KEYS = new
    assert reveal_bank_details(details.pk, actor=SYSTEM).iban == IBAN
    assert bank_of(bo) == details
    assert "reseal" in [entry.verb for entry in trail.history(details)]


def test_between_two_keys_the_same_account_is_still_known(bo, settings):
    details = bank_of(bo)

    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]

    assert bank_of(bo) == details


def test_without_the_key_nothing_opens(bo, settings):
    details = bank_of(bo)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(Conflict) as refusal:
        reveal_bank_details(details.pk, actor=SYSTEM)
    with pytest.raises(CommandError):
        call_command("rotate_field_keys")

    assert refusal.value.code == "wrong_field_keys"


def test_without_any_key_no_account_is_kept(bo, settings):
    settings.FIELD_KEYS = []
    before = picture()

    with pytest.raises(Conflict) as refusal:
        bank_of(bo)

    assert refusal.value.code == "no_field_keys"
    assert picture() == before
