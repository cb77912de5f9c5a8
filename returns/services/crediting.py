"""What the customer gets for decided goods: credit notes, one for each invoice concerned.

The return's lock comes first, then the account's, then invoice lines in key order; the number of
the note is drawn last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from returns import refunds
from returns.counting import uncredited
from returns.locks import lines_of
from returns.models import ExtraLine, LineCredit, ReturnLine, ReturnOrder
from returns.services._advance import lock_for, touched
from returns.services.chunks import Chunk, Chunks
from returns.services.drafting import Draft, Drafts, Paid, currency_of_line, keeps
from returns.services.extras import draft_extras
from returns.services.finishing import finish_when_done
from returns.services.inputs import CreditInput
from returns.services.neighbours import recount_neighbours
from returns.services.paying_out import refund_terms
from returns.terms import line_terms
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.db import add_figures, command
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation
from sales.locks import lock_invoice_lines
from sales.models import CreditLine, CreditNote, InvoiceLine, LineKind
from sales.services.crediting import Target, book
from sales.services.units import GivenAmount, free_units, goods_lines, require_vat, worths
from sales.shares import Interval, share

#: What the lines beside the goods say: why less is credited than the goods are worth.
NAMES = {
    refunds.Cause.SHARE: "Refund share {} %",
    refunds.Cause.FEE: "Restocking fee {} %",
}


@command
def credit_return(
    return_id: int,
    wanted: Sequence[CreditInput] | None = None,
    *,
    actor: Actor,
    reference: str = "",
    credited_on: date | None = None,
) -> list[CreditNote]:
    """Book the credit for decided units and extra lines; all that is owed unless lines are named.

    Raises RuleViolation `exceeds_accepted`, `exceeds_invoiced`, `credit_below_zero`,
    `exceeds_invoice`, `invalid_vat`; Conflict `nothing_to_credit`, `illegal_transition`,
    `reference_exists`.
    """
    order = lock_for(return_id, "credit")
    notes = book_credits(order, wanted, actor=actor, reference=reference, credited_on=credited_on)
    if not notes:
        message = _("Nothing that was decided waits for a credit.")
        raise Conflict(message, code="nothing_to_credit")
    touched(order, "credit", actor=actor, credit_notes=[note.uuid for note in notes])
    finish_when_done(order, actor=actor)
    return notes


def book_credits(
    order: ReturnOrder,
    wanted: Sequence[CreditInput] | None,
    *,
    actor: Actor,
    reference: str = "",
    credited_on: date | None = None,
    lines: list[ReturnLine] | None = None,
) -> list[CreditNote]:
    """Book the credits of a locked return; none when nothing waits for one.

    `lines` are all of the return as they stand, from a caller who has just made them.
    """
    known = {line.pk: line for line in (lines_of(order) if lines is None else lines)}
    entries = _entries(known, wanted)
    extra = list(order.extra_lines.filter(void=False, credited=False).order_by("number"))
    drafts = Drafts(order, [entry.line for entry in entries], extra)
    chunks = Chunks([entry.line for entry in entries])
    invoiced = _invoice_lines([entry.line for entry in entries])
    for entry in entries:
        _draft_line(drafts, chunks, entry, invoiced.get(entry.line.pk, []))
    drafts.bear_discounts()
    draft_extras(drafts, extra)
    made = [draft for draft in drafts.all() if draft.lines]
    notes = [
        _book(order, draft, actor, _numbered(reference, position), credited_on)
        for position, draft in enumerate(made, start=1)
    ]
    sold = {entry.line.order_line_id for entry in entries if entry.line.order_line_id}
    recount_neighbours(sold, actor=actor, own=order)
    return notes


def _numbered(given: str, position: int) -> str:
    """A given number is that of the first note; notes on further invoices add -2, -3 to it."""
    return f"{given}-{position}" if given and position > 1 else given


def _entries(
    lines: dict[int, ReturnLine], wanted: Sequence[CreditInput] | None
) -> list[CreditInput]:
    if wanted is None:
        return [CreditInput(line) for line in lines.values() if uncredited(line) > 0]
    checked = []
    for number, entry in enumerate(wanted):
        line = lines.get(entry.line.pk)
        if line is None:
            message = _("The line does not belong to this return.")
            raise NotFound(message, code="not_found", pointer=f"/lines/{number}/line")
        _require_decided(line, entry.quantity, number)
        if entry.given is not None:
            pointer = f"/lines/{number}/vat_amount"
            require_vat(entry.given.gross, entry.given.tax, pointer=pointer)
        checked.append(CreditInput(line, entry.quantity, entry.given))
    return checked


def _require_decided(line: ReturnLine, quantity: Decimal | None, number: int) -> None:
    open_units = uncredited(line)
    if quantity is not None and not 0 < quantity <= open_units:
        message = _("Only %(open_units)s of this line wait for a credit.") % {
            "open_units": money.plain(open_units)
        }
        pointer = f"/lines/{number}/quantity"
        raise RuleViolation(
            message, code="exceeds_accepted", pointer=pointer, open=money.plain(open_units)
        )


def _draft_line(
    drafts: Drafts, chunks: Chunks, entry: CreditInput, invoiced: Sequence[InvoiceLine]
) -> None:
    """Credit units on their invoice lines, the named one or the order line's oldest first.

    A given amount stands for all units of the entry and bears no reduction.
    """
    line, currency = entry.line, currency_of_line(drafts.order, entry.line)
    wanted = uncredited(line) if entry.quantity is None else entry.quantity
    if line.order_line_id is None:
        _draft_blind(drafts, chunks.take(line, wanted), entry, wanted, currency)
        return
    done = money.ZERO
    for chunk in chunks.take(line, wanted):
        rest = chunk.units
        for sold in invoiced:
            units = min(free_units(sold, drafts.on(sold.invoice)), rest)
            if units <= 0:
                continue
            given = _part_of(entry.given, Interval(done, done + units), wanted, currency)
            _draft_units(drafts, line, chunk, sold, units, given)
            rest, done = rest - units, done + units
    if done < wanted and entry.quantity is not None:
        message = _("Only %(done)s of this line were invoiced and not credited.") % {
            "done": money.plain(done)
        }
        raise RuleViolation(message, code="exceeds_invoiced", open=money.plain(done))


def _draft_units(
    drafts: Drafts,
    line: ReturnLine,
    chunk: Chunk,
    sold: InvoiceLine,
    units: Decimal,
    given: GivenAmount | None,
) -> None:
    """The goods with their discounts, then what is kept of them."""
    currency = currency_of_line(drafts.order, line)
    draft = drafts.draft(currency, sold.invoice, keep=keeps(line))
    drafted = drafts.on(sold.invoice)
    covered = goods_lines(sold, units, currency, given=given, drafted=drafted)
    for credit in covered:
        own = credit.invoice_line_id == sold.pk
        draft.add(credit, Paid(line, credit.quantity if own else money.ZERO, chunk.inspection))
    if given is not None:
        return
    terms = refunds.Terms(chunk.share, line_terms(drafts.order, line).fee_percent)
    if not terms.in_full:
        for credit in _reductions(sold, covered, terms, currency):
            draft.add(credit, Paid(line, money.ZERO, chunk.inspection))


def _reductions(
    sold: InvoiceLine, covered: Sequence[CreditLine], terms: refunds.Terms, currency: str
) -> list[CreditLine]:
    whole, made = worths(sold, currency), []
    for units in [credit.units for credit in covered if credit.units is not None]:
        place = Interval(units.lower, units.upper)
        found = refunds.reductions(whole, sold.quantity, place, terms, currency)
        made += [_reduction_line(entry, place.size) for entry in found]
    return made


def _reduction_line(entry: refunds.Reduction, quantity: Decimal) -> CreditLine:
    return CreditLine(
        kind=LineKind.FEE,
        name=NAMES[entry.cause].format(money.plain(_shown(entry))),
        quantity=quantity,
        net=entry.net,
        tax=entry.gross - entry.net,
        gross=entry.gross,
        vat_percent=entry.vat_percent,
        vat_type=entry.vat_type,
    )


def _shown(entry: refunds.Reduction) -> Decimal:
    """A refund share names what is credited, a fee what is kept."""
    return refunds.WHOLE - entry.percent if entry.cause == refunds.Cause.SHARE else entry.percent


def _invoice_lines(lines: Sequence[ReturnLine]) -> dict[int, list[InvoiceLine]]:
    """What each line of a known sale is credited on, by its key: locked, the oldest first."""
    named = {line.invoice_line_id for line in lines if line.invoice_line_id}
    sold = {line.order_line_id for line in lines if line.order_line_id and not line.invoice_line_id}
    if sold:
        rows = InvoiceLine.objects.filter(order_line__in=sold)
        named.update(rows.values_list("pk", flat=True))
    if not named:
        return {}
    found = sorted(
        lock_invoice_lines(named).values(), key=lambda row: (row.invoice.invoiced_on, row.pk)
    )
    return {line.pk: [row for row in found if _is_of(row, line)] for line in lines}


def _is_of(row: InvoiceLine, line: ReturnLine) -> bool:
    if line.invoice_line_id is not None:
        return row.pk == line.invoice_line_id
    return line.order_line_id is not None and row.order_line_id == line.order_line_id


def _part_of(
    given: GivenAmount | None, units: Interval, wanted: Decimal, currency: str
) -> GivenAmount | None:
    """The share of an amount that is given for all wanted units."""
    if given is None:
        return None
    return GivenAmount(
        gross=share(given.gross, wanted, units, currency),
        tax=share(given.tax, wanted, units, currency),
        vat_percent=given.vat_percent,
        vat_type=given.vat_type,
    )


def _draft_blind(
    drafts: Drafts, chunks: Sequence[Chunk], entry: CreditInput, wanted: Decimal, currency: str
) -> None:
    """Without a known sale nothing can be computed: only given amounts are credited."""
    line, done = entry.line, money.ZERO
    for chunk in chunks:
        place = Interval(done, done + chunk.units)
        given = _part_of(entry.given, place, wanted, currency)
        if given is None:
            return
        draft = drafts.draft(currency, None, keep=keeps(line))
        draft.add(_blind_line(line, chunk.units, given), Paid(line, chunk.units, chunk.inspection))
        done = place.end


def _blind_line(line: ReturnLine, quantity: Decimal, given: GivenAmount) -> CreditLine:
    return CreditLine(
        part=line.part,
        kind=LineKind.GOODS,
        name=line.part.name if line.part else line.description,
        quantity=quantity,
        given=True,
        net=given.gross - given.tax,
        tax=given.tax,
        gross=given.gross,
        vat_percent=given.vat_percent,
        vat_type=given.vat_type,
    )


def _book(
    order: ReturnOrder, draft: Draft, actor: Actor, reference: str, credited_on: date | None
) -> CreditNote:
    invoice = draft.invoice
    sale = invoice.order_id if invoice else None
    target = Target(order.business, draft.account, invoice, sale)
    note = book(
        target,
        draft.lines,
        actor=actor,
        reference=reference,
        credited_on=credited_on,
        keep=draft.keep,
        terms=refund_terms(order),
    )
    LineCredit.objects.bulk_create(
        LineCredit(
            line=paid.line if isinstance(paid.line, ReturnLine) else None,
            extra_line=paid.line if isinstance(paid.line, ExtraLine) else None,
            credit_line=credit,
            inspection=paid.inspection,
            quantity=paid.quantity,
        )
        for credit, paid in zip(draft.lines, draft.pays, strict=True)
    )
    _count(draft.pays)
    return note


def _count(pays: Iterable[Paid]) -> None:
    extra: set[int] = set()
    raised: dict[int, tuple[Decimal]] = {}
    for paid in pays:
        if isinstance(paid.line, ExtraLine):
            extra.add(paid.line.pk)
        elif paid.quantity:
            (before,) = raised.get(paid.line.pk, (money.ZERO,))
            raised[paid.line.pk] = (before + paid.quantity,)
            paid.line.credited += paid.quantity
    if extra:
        ExtraLine.objects.filter(pk__in=extra).update(credited=True)
    add_figures(ReturnLine, raised, "credited")
