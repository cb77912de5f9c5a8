"""Changes of an open return: its facts, its lines, extra lines, parcels and notes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from returns.locks import lock_return
from returns.models import Comment, ExtraLine, Parcel, ReturnLine, ReturnOrder
from returns.noticing import tell_mentioned
from returns.services._advance import lock_for, require, touched
from returns.services.approval import reask_if_raised
from returns.services.claims import explaining_claims
from returns.services.custom import change_values, joined
from returns.services.eligible import require_eligible
from returns.services.inputs import LineInput
from returns.services.requesting import require_whole_units
from returns.states import LIVE
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.locks import lock_order_lines
from sales.services.numbering import require_reference
from sales.services.units import require_vat

#: What may be changed on a return, on its lines and on its extra lines after they were made.
EDITABLE = {
    "reference",
    "customer_reference",
    "target_date",
    "deadline",
    "refund_by",
    "reason",
    "responsible_user",
    "responsible_group",
    "note",
    "location",
    "custom",
}
LINE_FIELDS = {"quantity", "reason", "note", "outcome", "location", "custom"}
#: What the rules for a line look at, and what can make the return worth more.
ASKED_OF_RULES = {"reason", "outcome"}
RAISING_FIELDS = {"quantity", *ASKED_OF_RULES}
EXTRA_FIELDS = {"kind", "name", "quantity", "gross_unit_price", "vat_percent", "vat_type", "tax"}
PARCEL_FIELDS = {"carrier", "tracking_number", "expected_on", "location"}
PRIVATE = {"note", "customer_reference"}


@command
def edit_return(return_id: int, values: dict[str, Any], *, actor: Actor) -> ReturnOrder:
    """Change header fields of an open return.

    Raises Conflict `illegal_transition`, `on_hold`, `reference_exists`; RuleViolation
    `invalid_reference`; for `custom` as `request_return`.
    """
    trail.require_editable(values, EDITABLE)
    if "reference" in values:
        require_reference(values["reference"])
    order = lock_for(return_id, "edit")
    custom = change_values(order, None, values.get("custom", {}))
    values = {name: value for name, value in values.items() if name != "custom"}
    facts = joined(trail.changed_fields(order, values, private=PRIVATE), custom)
    if facts:
        trail.change(order, "edit", actor=actor, fields=values, **facts)
    return order


def edit_line(
    line: ReturnLine, values: dict[str, Any], *, actor: Actor, override_reason: str = ""
) -> ReturnOrder:
    """Change quantity, reason, outcome or note of a line, never below what came or was released.

    Units that were credited, replaced or sent back keep what they got; a new outcome holds for the
    rest. Another reason or outcome is asked of the rules; above what was approved the return
    waits for approval again. Raises RuleViolation `not_eligible`, `exceeds_returnable`,
    `below_received`, `unit_counts_one`, `invalid_quantity`, `invalid_outcome`; Conflict
    `line_void`, `outcome_given` when none is left.
    """
    quantity = values.get("quantity", line.quantity)
    asked = LineInput(quantity=quantity - line.quantity, order_line=line.order_line)
    with explaining_claims([asked]):
        return _edit_line(line, values, actor, override_reason)


@command
def _edit_line(
    line: ReturnLine, values: dict[str, Any], actor: Actor, override_reason: str
) -> ReturnOrder:
    trail.require_editable(values, LINE_FIELDS)
    order = lock_for(line.return_order_id, "edit")
    line.refresh_from_db()
    _require_not_void(line)
    least = line.received + line.released
    if values.get("quantity", line.quantity) < least:
        message = _("%(least)s of this line were received or released already.") % {
            "least": money.plain(least)
        }
        raise RuleViolation(message, code="below_received", pointer="/quantity")
    require_whole_units(line.part, values.get("quantity", line.quantity))
    _require_outcome_open(line, values.get("outcome", line.outcome))
    custom = change_values(order, line, values.get("custom", {}))
    values = {name: value for name, value in values.items() if name != "custom"}
    facts = joined(trail.changed_fields(line, values, private=PRIVATE), custom)
    for name, value in values.items():
        setattr(line, name, value)
    lock_order_lines([line.order_line_id] if line.order_line_id else [])
    line.save(update_fields=list(values))
    if ASKED_OF_RULES & set(facts.get("changed", ())):
        require_eligible(order, [line], actor=actor, override_reason=override_reason)
    touched(order, "edit_line", actor=actor, line=line.uuid, **facts)
    if RAISING_FIELDS & set(facts.get("changed", ())):
        reask_if_raised(order, actor)
    return order


@command
def remove_line(line: ReturnLine, *, actor: Actor) -> ReturnOrder:
    """Take a line out: what it claimed may be claimed again; the row stays, void.

    Raises RuleViolation `line_has_history` once goods were received or credited;
    Conflict `line_void`.
    """
    order = lock_for(line.return_order_id, "edit")
    line.refresh_from_db()
    _require_not_void(line)
    lock_order_lines([line.order_line_id] if line.order_line_id else [])
    ReturnLine.objects.filter(pk=line.pk).update(void=True)
    return touched(order, "remove_line", actor=actor, line=line.uuid)


@command
def add_extra_line(return_id: int, values: dict[str, Any], *, actor: Actor) -> ExtraLine:
    """Add a credit (above zero) or charge (below zero) that is no goods; price is gross.

    Raises RuleViolation `invalid_currency`, `wrong_customer` for another's invoice line,
    `invalid_vat` for a VAT that cannot lie within the amount.
    """
    order = lock_for(return_id, "edit")
    currency = values.pop("currency", "") or currency_of(order)
    line = new_extra_line(order, currency, values)
    line.save(force_insert=True)
    touched(order, "add_extra_line", actor=actor, line=line.uuid)
    reask_if_raised(order, actor)
    return line


def new_extra_line(
    order: ReturnOrder, currency: str, values: dict[str, Any], *, pointer: str = "/tax"
) -> ExtraLine:
    """An unsaved extra line with the next free number; `pointer` says where its VAT was given.

    Raises RuleViolation `invalid_currency`, `wrong_customer`, `invalid_vat`.
    """
    if currency not in money.CURRENCIES:
        message = _("%(currency)s is no ISO 4217 currency.") % {"currency": currency}
        raise RuleViolation(message, code="invalid_currency", pointer="/currency")
    last = order.extra_lines.aggregate(last=Max("number"))["last"] or 0
    line = ExtraLine(return_order=order, number=last + 1, currency=currency, **values)
    _require_own_invoice(order, line)
    _require_vat(line, pointer)
    return line


@command
def edit_extra_line(line: ExtraLine, values: dict[str, Any], *, actor: Actor) -> ReturnOrder:
    """Change an extra line.

    Raises Conflict `line_credited`, `line_void`; RuleViolation `invalid_vat`.
    """
    trail.require_editable(values, EXTRA_FIELDS | {"invoice_line", "currency"})
    order = lock_for(line.return_order_id, "edit")
    _require_uncredited(line)
    facts = trail.changed_fields(line, values, private=set())
    for name, value in values.items():
        setattr(line, name, value)
    _require_own_invoice(order, line)
    _require_vat(line, "/tax")
    line.save(update_fields=list(values))
    touched(order, "edit_extra_line", actor=actor, line=line.uuid, **facts)
    reask_if_raised(order, actor)
    return order


@command
def remove_extra_line(line: ExtraLine, *, actor: Actor) -> ReturnOrder:
    """Take an extra line out. Raises Conflict `line_credited`, `line_void`."""
    order = lock_for(line.return_order_id, "edit")
    _require_uncredited(line)
    ExtraLine.objects.filter(pk=line.pk).update(void=True)
    touched(order, "remove_extra_line", actor=actor, line=line.uuid)
    reask_if_raised(order, actor)
    return order


@command
def add_parcel(return_id: int, values: dict[str, Any], *, actor: Actor) -> Parcel:
    """Announce an inbound consignment of an open return, also before it is issued.

    Raises Conflict `illegal_transition`.
    """
    order = _lock_announcing(return_id)
    number = order.parcels.count() + 1
    parcel = Parcel.objects.create(return_order=order, number=number, **values)
    touched(order, "add_parcel", actor=actor, parcel=parcel.uuid)
    return parcel


@command
def edit_parcel(parcel: Parcel, values: dict[str, Any], *, actor: Actor) -> ReturnOrder:
    """Change what was announced of a parcel; what came in it stays as it was received.

    Raises Conflict `parcel_void`, `illegal_transition`.
    """
    trail.require_editable(values, PARCEL_FIELDS)
    order = _lock_announcing(parcel.return_order_id)
    _require_parcel(parcel)
    facts = trail.changed_fields(parcel, values, private=set())
    for name, value in values.items():
        setattr(parcel, name, value)
    parcel.save(update_fields=list(values))
    return touched(order, "edit_parcel", actor=actor, parcel=parcel.uuid, **facts)


@command
def void_parcel(parcel: Parcel, *, actor: Actor) -> ReturnOrder:
    """Take out a parcel that does not come.

    Raises Conflict `parcel_received` once something came in it, also if that was taken back;
    `parcel_void`, `illegal_transition`.
    """
    order = _lock_announcing(parcel.return_order_id)
    _require_parcel(parcel)
    if parcel.receipts.exists():
        message = _("Goods were received in this parcel, so it stays.")
        raise Conflict(message, code="parcel_received", receipts=parcel.receipts.count())
    Parcel.objects.filter(pk=parcel.pk).update(void=True)
    return touched(order, "void_parcel", actor=actor, parcel=parcel.uuid)


@command
def add_comment(return_id: int, text: str, *, audience: str = "internal", actor: Actor) -> Comment:
    """Write a note, for us or for the customer too; legal in every status.

    Whom it names as @username is told of it.
    """
    order = lock_return(return_id)
    if not text.strip():
        raise RuleViolation(_("A note needs a text."), code="text_missing", pointer="/text")
    comment = Comment.objects.create(
        return_order=order,
        text=text,
        audience=audience,
        author_id=actor.user_id,
        at=clock.now(),
    )
    trail.change(order, "comment", actor=actor, comment=comment.uuid, audience=audience)
    tell_mentioned(order, comment, actor)
    return comment


def currency_of(order: ReturnOrder) -> str:
    """The currency of the return's first sold line, else its business's own."""
    line = order.lines.exclude(order_line=None).select_related("order_line__order").first()
    if line is not None and line.order_line is not None:
        return str(line.order_line.order.currency)
    return str(order.business.currency)


def extra_gross(line: ExtraLine) -> Decimal:
    """What an extra line is worth to the customer, in its currency; below zero a charge."""
    return money.rounded(line.quantity * line.gross_unit_price, line.currency)


def _require_own_invoice(order: ReturnOrder, line: ExtraLine) -> None:
    """Refuse to take back from an invoice of another customer, business or currency."""
    if line.invoice_line is None:
        return
    invoice = line.invoice_line.invoice
    if (invoice.customer_id, invoice.business_id) != (order.customer_id, order.business_id):
        message = _("The invoice is not one of this business to this customer.")
        raise RuleViolation(message, code="wrong_customer", pointer="/invoice_line")
    if invoice.currency != line.currency:
        message = _("The invoice is in %(currency)s.") % {"currency": invoice.currency}
        raise RuleViolation(message, code="invalid_currency", pointer="/currency")


def _require_vat(line: ExtraLine, pointer: str) -> None:
    if line.tax is not None:
        require_vat(extra_gross(line), line.tax, pointer=pointer)


def _lock_announcing(return_id: int) -> ReturnOrder:
    """The return, locked, where its facts or its goods are still open."""
    order = lock_return(return_id)
    require(order, "edit" if order.status in LIVE else "receive")
    return order


def _require_parcel(parcel: Parcel) -> None:
    parcel.refresh_from_db()
    if parcel.void:
        raise Conflict(_("The parcel was taken out of the return."), code="parcel_void")


def _require_not_void(line: ReturnLine | ExtraLine) -> None:
    if line.void:
        raise Conflict(_("The line was taken out of the return."), code="line_void")


def _require_outcome_open(line: ReturnLine, outcome: str) -> None:
    """Refuse a new outcome where every unit has had its own."""
    if outcome == line.outcome:
        return
    given = line.credited + line.replaced + line.sent_back
    if given and given >= line.quantity + line.waived - line.released:
        message = _("Every unit of this line was credited, replaced or sent back.")
        raise Conflict(message, code="outcome_given", given=money.plain(given))


def _require_uncredited(line: ExtraLine) -> None:
    line.refresh_from_db()
    _require_not_void(line)
    if line.credited:
        raise Conflict(_("The line was credited and stays as it is."), code="line_credited")
