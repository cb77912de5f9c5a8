"""Refunds by bank, paid by one SEPA credit transfer file (pain.001) that the bank's site takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext
from sepaxml import SepaTransfer
from sepaxml.validation import ValidationError

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock, money
from rmaproject.shared.db import command, lock_rows
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation
from rmaproject.shared.vault import seal, unseal
from sales.models import Account, BankDetails, BankFile, Business, Document, Refund
from sales.services.banking import SEE, opened
from sales.services.numbering import draw
from sales.services.refunding.followers import lock_followers
from sales.services.refunding.moving import finish
from sales.services.refunding.paying import mark_sent, require_payable
from sales.states import RefundState, Via

PAY: Final = "sales.pay_refund"
SCHEMA: Final = "pain.001.001.03"
CURRENCY: Final = "EUR"
MOST: Final = 1000


@command
def make_bank_file(
    business: Business,
    refund_ids: Sequence[int],
    *,
    actor: Actor,
    execute_on: date | None = None,
) -> BankFile:
    """Put ready refunds by bank into one file; they count as sent from here on.

    Raises RuleViolation `refunds_missing`, `too_many`, `wrong_business`, `not_by_bank`,
    `wrong_currency`, `invalid_date`, `invalid_bank_file`; Conflict `illegal_transition`,
    `business_account_missing`; NotPermitted `four_eyes`, `above_limit`.
    """
    today = clock.today(business)
    on = execute_on or today
    if on < today:
        message = gettext("A bank carries nothing out in the past.")
        raise RuleViolation(message, code="invalid_date", pointer="/execute_on")
    refunds = _locked(refund_ids)
    for refund in refunds:
        _require_fit(refund, business)
        require_payable(refund, actor)
    account = _account_of(business)
    file = BankFile(
        business=business,
        paid_from=account,
        currency=CURRENCY,
        amount=sum((refund.amount for refund in refunds), money.ZERO),
        count=len(refunds),
        execute_on=on,
        sealed=seal(_written(account, refunds, on)),
        made_by_id=actor.user_id,
    )
    file.reference = draw(business, Document.BANK_FILE, today, BankFile).reference
    told = [refund.reference for refund in refunds]
    trail.create(file, actor=actor, amount=file.amount, refunds=told)
    for refund in refunds:
        mark_sent(refund, actor, bank_file=file)
    return file


@command
def read_bank_file(file_id: int, *, actor: Actor) -> str:
    """The file's text with all accounts in full; that it was taken out stays in its trail.

    Raises NotPermitted `not_permitted`, NotFound.
    """
    actor.require(PAY)
    actor.require(SEE)
    file = _locked_file(file_id)
    trail.change(file, "download", actor=actor)
    return unseal(file.sealed)


@command
def confirm_bank_file(file_id: int, *, actor: Actor) -> BankFile:
    """Take finance's word that the bank carried the file out: what is still sent is done.

    Raises Conflict `nothing_to_confirm`.
    """
    file = _locked_file(file_id)
    sent = Refund.objects.filter(bank_file=file, state=RefundState.SENT)
    refunds = _locked(list(sent.values_list("pk", flat=True)), maybe_none=True)
    waiting = [refund for refund in refunds if refund.state == RefundState.SENT]
    if not waiting:
        message = gettext("No refund of this file waits to be confirmed.")
        raise Conflict(message, code="nothing_to_confirm")
    for refund in waiting:
        refund.credit_note.refresh_from_db()
        finish(refund, "confirm", actor=actor)
    told = [refund.reference for refund in waiting]
    trail.change(file, "confirm", actor=actor, refunds=told)
    return file


def _locked(keys: Sequence[int], *, maybe_none: bool = False) -> list[Refund]:
    """The refunds, locked after what follows them and their accounts, each kind in key order."""
    found = list(
        Refund.objects.filter(pk__in=keys).values_list("credit_note", "account").distinct()
    )
    if not found and not maybe_none:
        message = gettext("Choose the refunds to pay.")
        raise RuleViolation(message, code="refunds_missing", pointer="/refunds")
    if len(keys) > MOST:
        message = gettext("One file pays at most %(most)s refunds.") % {"most": MOST}
        raise RuleViolation(message, code="too_many", pointer="/refunds", most=MOST)
    lock_followers({note for note, _ in found})
    lock_rows(Account, {account for _, account in found})
    lock_rows(Refund, keys)
    rows = Refund.objects.select_related("business", "customer", "credit_note", "bank_details")
    return list(rows.filter(pk__in=set(keys)).order_by("pk"))


def _locked_file(file_id: int) -> BankFile:
    rows = BankFile.objects.select_related("business").select_for_update(of=("self",))
    file = rows.filter(pk=file_id).first()
    if file is None:
        raise NotFound(gettext("There is no such bank file."), code="not_found")
    return file


def _require_fit(refund: Refund, business: Business) -> None:
    facts = {"refund": refund.reference, "pointer": "/refunds"}
    if refund.business_id != business.pk:
        message = gettext("%(reference)s is another business's.") % {"reference": refund.reference}
        raise RuleViolation(message, code="wrong_business", **facts)
    if refund.currency != CURRENCY:
        message = gettext("%(reference)s is in %(currency)s; a SEPA file pays euros.") % {
            "reference": refund.reference,
            "currency": refund.currency,
        }
        raise RuleViolation(message, code="wrong_currency", **facts)
    if refund.via != Via.BANK:
        message = gettext("%(reference)s does not go by bank.") % {"reference": refund.reference}
        raise RuleViolation(message, code="not_by_bank", **facts)


def _account_of(business: Business) -> BankDetails:
    found = BankDetails.objects.filter(business=business, retired_at=None).first()
    if found is None:
        message = gettext("From which account %(name)s pays is not known; enter it first.") % {
            "name": business.name
        }
        raise Conflict(message, code="business_account_missing")
    return found


def _written(account: BankDetails, refunds: Sequence[Refund], on: date) -> str:
    """The file's text, valid by its schema.

    Raises RuleViolation `invalid_bank_file` with the refunds whose accounts the schema refuses.
    """
    try:
        return _exported(account, refunds, on)
    except ValidationError:
        raise _refused(account, refunds, on) from None


def _refused(account: BankDetails, refunds: Sequence[Refund], on: date) -> RuleViolation:
    """Without the cause: it repeats what stands in the file. Each line is tried alone."""
    wrong = [refund.reference for refund in refunds if not _fits(account, refund, on)]
    if not wrong or len(wrong) == len(refunds) > 1:
        message = gettext("The bank's schema refuses this file; look at the names of the accounts.")
        return RuleViolation(message, code="invalid_bank_file", refunds=wrong)
    names = ", ".join(wrong)
    message = gettext(
        "The bank's schema refuses the account of %(names)s; look at the holder's name."
    ) % {"names": names}
    return RuleViolation(message, code="invalid_bank_file", pointer="/refunds", refunds=wrong)


def _fits(account: BankDetails, refund: Refund, on: date) -> bool:
    try:
        _exported(account, [refund], on)
    except ValidationError:
        return False
    return True


def _exported(account: BankDetails, refunds: Sequence[Refund], on: date) -> str:
    """The text by its schema. Raises ValidationError, whose words repeat accounts in full."""
    payer = opened(account)
    config = {"name": payer.owner, "IBAN": payer.iban, "batch": True, "currency": CURRENCY}
    transfer = SepaTransfer({**config, **_bic(payer.bic)}, schema=SCHEMA, clean=True)
    for refund in refunds:
        if refund.bank_details is not None:
            transfer.add_payment(_payment(refund, refund.bank_details, on))
    text: bytes = transfer.export(validate=True)
    return text.decode()


def _payment(refund: Refund, details: BankDetails, on: date) -> dict[str, object]:
    payee = opened(details)
    note = refund.credit_note.reference
    return {
        "name": payee.owner,
        "IBAN": payee.iban,
        **_bic(payee.bic),
        "amount": int(Decimal(refund.amount) * 100),
        "execution_date": on,
        "description": f"{refund.reference} {note}",
        "endtoend_id": refund.key.replace("-", ""),
    }


def _bic(text: str) -> dict[str, str]:
    return {"BIC": text} if text else {}
