"""Returns that happened elsewhere: made, received, accepted, credited and completed at once."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import Any, Final

from django.utils.translation import gettext as _

from returns.counting import still_expected
from returns.locks import lock_return
from returns.models import ReturnLine, ReturnOrder
from returns.services._advance import advance
from returns.services.claims import explaining_claims
from returns.services.crediting import book_credits
from returns.services.custom import read_header, write_header
from returns.services.disposing import accept_received
from returns.services.editing import add_comment, currency_of, new_extra_line
from returns.services.eligible import pin_policy
from returns.services.inputs import ArrivalInput, CreditInput, ReceiveInput, RecordInput
from returns.services.receiving import new_receipt, receive_lines
from returns.services.repeats import Told, known_return, made_once
from returns.services.requesting import Claim, insert_lines, lock_claims, spread_amount
from returns.services.serials import each_unit
from returns.states import Status
from returns.switch import require_returns_on
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock
from rmaproject.shared.db import command
from rmaproject.shared.errors import RuleViolation
from sales.models import Document
from sales.services.banking import known_account
from sales.services.numbering import draw, require_reference
from sales.services.units import GivenAmount

_ASK = "Ask the customer for other payout details; the refund waits for them. Not taken: "
#: What staff read on a return whose payout details were wrong.
DETAILS_REFUSED: Final = {
    "invalid_iban": _ASK + "the IBAN is wrong in its length, its country or its check digits.",
    "invalid_bic": _ASK + "the BIC is none.",
    "invalid_owner": _ASK + "the owner of the account is not named.",
}


def record_return(given: RecordInput, *, actor: Actor) -> tuple[ReturnOrder, bool]:
    """Book a finished return in one transaction; True when new, False when it was there before.

    No authorisation step. Given amounts are taken as they come and still consume the sold units.
    Raises as `request_return`, `receive_return` and `credit_return`; Conflict `reference_exists`
    for the same reference with other content; RuleViolation `lines_missing`.
    """
    with explaining_claims([line.line for line in given.lines]):
        return made_once(partial(_record, given, actor), partial(_known, given))


@command
def _record(given: RecordInput, actor: Actor) -> Told:
    require_returns_on()
    known = _known(given)
    if known is not None:
        return known, False
    if not given.lines and not given.extra_lines:
        raise RuleViolation(_("A return has lines."), code="lines_missing", pointer="/lines")
    claims = lock_claims([line.line for line in given.lines])
    order = _new_order(given, actor)
    made = insert_lines(order, claims, actor=actor, first=1)
    _insert_extra(order, given)
    _receive(order, given, made, actor)
    wanted = [
        CreditInput(line, _in_full(given, line), amount)
        for line, amount in zip(made, _amounts(given, claims), strict=True)
    ]
    book_credits(
        order,
        wanted,
        actor=actor,
        reference=given.credit_reference,
        credited_on=given.credited_on,
        lines=made,
    )
    if order.details_refused:
        add_comment(order.pk, DETAILS_REFUSED[order.details_refused], actor=actor)
        order = lock_return(order.pk)
    advance(order, "complete", actor=actor, lines=made, completed_at=clock.now())
    return order, True


def _amounts(given: RecordInput, claims: list[Claim]) -> list[GivenAmount | None]:
    """The given amount of each line; that of a kit is spread over its parts by their worth."""
    found: list[GivenAmount | None] = []
    for place, parts in groupby(claims, key=lambda claim: claim.place):
        claimed = list(parts)
        sold = claimed[0].sold
        currency = (sold.order if sold else given.values["business"]).currency
        found += spread_amount(given.lines[place].given, claimed, currency)
    return found


def _known(given: RecordInput) -> ReturnOrder | None:
    values = given.values
    return known_return(values["business"], values.get("reference", ""), given.digest)


def _new_order(given: RecordInput, actor: Actor) -> ReturnOrder:
    values: dict[str, Any] = dict(given.values)
    custom = read_header(values.pop("custom", {}), complete=False)
    reference = values.pop("reference", "")
    business, customer = values["business"], values["customer"]
    if not customer.is_customer:
        message = _("%(reference)s is not a customer.") % {"reference": customer.reference}
        raise RuleViolation(message, code="not_a_customer", pointer="/customer")
    values |= _payout(given, actor)
    order = ReturnOrder(
        status=Status.IN_PROGRESS,
        issued_at=clock.now(),
        created_by_id=actor.user_id,
        content_digest=given.digest,
        **{"requested_on": given.received_on or clock.today(business), **values},
    )
    if reference:
        order.reference = require_reference(reference)
    else:
        on = order.requested_on
        order.reference = draw(business, Document.RETURN_ORDER, on, ReturnOrder).reference
    pin_policy(order)
    facts = {"reference": order.reference, "business": business.uuid, **custom.facts()}
    if order.details_refused:
        facts["details_refused"] = order.details_refused
    trail.create(order, actor=actor, verb="record", **facts)
    write_header(order, custom)
    return order


def _payout(given: RecordInput, actor: Actor) -> dict[str, Any]:
    """The account that refunds go to; details that are wrong, where they may be, leave none."""
    if given.bank_details is None:
        return {}
    customer = given.values["customer"]
    try:
        return {"bank_details": known_account(given.bank_details, customer, actor=actor)}
    except RuleViolation as refusal:
        if not given.details_may_fail or refusal.code not in DETAILS_REFUSED:
            raise
        return {"details_refused": refusal.code}


def _in_full(given: RecordInput, line: ReturnLine) -> Decimal | None:
    """How much of a line must be credited now; None for as much as was invoiced."""
    return line.quantity + line.waived if given.invoiced else None


def _insert_extra(order: ReturnOrder, given: RecordInput) -> None:
    if not given.extra_lines:
        return
    currency = currency_of(order)
    for number, told in enumerate(given.extra_lines):
        values = {
            "name": told.name,
            "kind": told.kind,
            "gross_unit_price": told.gross_unit_price,
            "quantity": told.quantity,
            "vat_percent": told.vat_percent,
            "vat_type": told.vat_type,
            "tax": told.tax,
            "invoice_line": told.invoice_line,
        }
        own = told.invoice_line.invoice.currency if told.invoice_line else currency
        pointer = f"/extra_lines/{number}/vat_amount"
        new_extra_line(order, own, values, pointer=pointer).save(force_insert=True)


def _receive(order: ReturnOrder, given: RecordInput, made: list[ReturnLine], actor: Actor) -> None:
    """Receive and accept every announced unit; waived ones never come."""
    coming = [line for line in made if still_expected(line)]
    if not coming:
        return
    received_on = given.received_on or clock.today(order.business)
    if received_on > clock.today(order.business):
        message = _("Goods cannot have been received in the future.")
        raise RuleViolation(message, code="invalid_date", pointer="/received_on")
    now = clock.now()
    receipt = new_receipt(order, received_on, actor, now, number=1)
    told = [ArrivalInput(line, quantity=line.quantity) for line in coming]
    arrivals = [unit for entry in told for unit in each_unit(entry)]
    entry = ReceiveInput(lines=arrivals, location=given.location)
    moves = given.move_stock and bool(given.location)
    rows = receive_lines(order, receipt, entry, actor=actor, lines=made, move_stock=moves)
    accept_received(order, rows, actor=actor, at=now)
