"""Bank accounts: checked, kept encrypted, shown as a mask, and told in full to few (G18)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

from customers.models import Company
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation, below
from rmaproject.shared.vault import digests, seal, unseal
from sales.models import BankDetails, Business, Refund
from sales.states import ON_THEIR_WAY

SEE = "sales.see_bank_details"
MAX_OWNER = 70


@dataclass(frozen=True)
class BankAccount:
    """A bank account in full; it is never shown by accident."""

    owner: str = field(repr=False)
    iban: str = field(repr=False)
    bic: str = field(default="", repr=False)


@command
def keep_bank_details(
    account: BankAccount,
    *,
    actor: Actor,
    customer: Company | None = None,
    business: Business | None = None,
) -> BankDetails:
    """Keep a bank account of a customer, or the one that a business pays from.

    The same account of the same holder is kept once. A business's new account takes the place of
    the one before. Raises RuleViolation `invalid_iban`, `invalid_bic`, `invalid_owner`, none of
    which repeats the value; Conflict `no_field_keys`.
    """
    checked = _checked(account)
    rows = BankDetails.objects.filter(customer=customer, business=business, retired_at=None)
    known = rows.filter(digest__in=digests(_text(checked))).first()
    if known is not None:
        return known
    if business is not None:
        for before in rows.select_for_update():
            _retire(before, actor)
    iban = IBAN(checked.iban)
    details = BankDetails(
        customer=customer,
        business=business,
        sealed=seal(_text(checked)),
        digest=digests(_text(checked))[0],
        country=iban.country_code,
        last4=str(iban)[-4:],
    )
    trail.create(details, actor=actor, holder=(customer or business).uuid)  # type: ignore[union-attr]
    return details


@command
def retire_bank_details(details_id: int, *, actor: Actor) -> BankDetails:
    """Use an account no more. Raises Conflict `bank_details_in_use` while a refund waits for it."""
    details = _locked(details_id)
    waiting = Refund.objects.filter(bank_details=details, state__in=ON_THEIR_WAY)
    if waiting.exists():
        message = _("A refund that is not done goes to this account; change that first.")
        refunds = list(waiting.values_list("reference", flat=True)[:20])
        raise Conflict(message, code="bank_details_in_use", refunds=refunds)
    if details.retired_at is None:
        _retire(details, actor)
    return details


@command
def reveal_bank_details(details_id: int, *, actor: Actor) -> BankAccount:
    """The account in full; that it was shown, and to whom, stays in its trail.

    Raises NotPermitted `not_permitted`, NotFound.
    """
    actor.require(SEE)
    details = _locked(details_id)
    trail.change(details, "reveal", actor=actor)
    return opened(details)


def opened(details: BankDetails) -> BankAccount:
    """The account in full, for writing a bank file; whoever shows it asks `reveal` instead."""
    return BankAccount(**json.loads(unseal(details.sealed)))


def reseal(details: BankDetails, *, actor: Actor) -> None:
    """Close the account with the newest key."""
    text = unseal(details.sealed)
    fields = {"sealed": seal(text), "digest": digests(text)[0]}
    trail.change(details, "reseal", actor=actor, fields=fields)


def only_account_of(customer: Company) -> BankDetails | None:
    """The customer's bank account where there is exactly one: which of two is for people to say."""
    rows = list(BankDetails.objects.filter(customer=customer, retired_at=None)[:2])
    return rows[0] if len(rows) == 1 else None


def require_account_of(details: BankDetails, customer_id: int) -> None:
    """Refuse an account that is another's or no longer used.

    Raises RuleViolation `wrong_customer`, Conflict `bank_details_retired`.
    """
    if details.customer_id != customer_id:
        message = _("The bank account belongs to somebody else than the money.")
        raise RuleViolation(message, code="wrong_customer", pointer="/bank_details")
    if details.retired_at is not None:
        message = _("This bank account is used no more.")
        raise Conflict(message, code="bank_details_retired", pointer="/bank_details")


def known_account(
    told: BankDetails | BankAccount, customer: Company, *, actor: Actor
) -> BankDetails:
    """The account of a customer; one told in full is kept first.

    Raises RuleViolation `wrong_customer`, `invalid_iban`, `invalid_bic`, `invalid_owner`;
    Conflict `bank_details_retired`.
    """
    if isinstance(told, BankAccount):
        with below("/bank_details"):
            return keep_bank_details(told, customer=customer, actor=actor)
    require_account_of(told, customer.pk)
    return told


def _locked(details_id: int) -> BankDetails:
    details = BankDetails.objects.select_for_update().filter(pk=details_id).first()
    if details is None:
        raise NotFound(_("There is no such bank account."), code="not_found")
    return details


def _retire(details: BankDetails, actor: Actor) -> None:
    trail.change(details, "retire", actor=actor, fields={"retired_at": clock.now()})


def _checked(account: BankAccount) -> BankAccount:
    owner = " ".join(account.owner.split())
    if not 1 <= len(owner) <= MAX_OWNER or not owner.isprintable():
        message = _(
            "The owner of an account is named by 1 to %(max_owner)s printable characters."
        ) % {"max_owner": MAX_OWNER}
        raise RuleViolation(message, code="invalid_owner", pointer="/owner")
    return BankAccount(owner=owner, iban=_iban(account.iban), bic=_bic(account.bic))


def _iban(text: str) -> str:
    """Raised anew without the cause: its words would repeat the number."""
    try:
        return str(IBAN(text))
    except SchwiftyException:
        message = _("This is no IBAN: its length, its country or its check digits are wrong.")
        raise RuleViolation(message, code="invalid_iban", pointer="/iban") from None


def _bic(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return str(BIC(text))
    except SchwiftyException:
        message = _("This is no BIC: it has 8 or 11 letters and digits in a fixed order.")
        raise RuleViolation(message, code="invalid_bic", pointer="/bic") from None


def _text(account: BankAccount) -> str:
    return json.dumps(
        {"owner": account.owner, "iban": account.iban, "bic": account.bic}, sort_keys=True
    )
