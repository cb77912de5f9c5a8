"""What each figure means, once, for pages, exports, API and docs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Definition:
    """A figure's name, what it says in one sentence, and how it is computed."""

    key: str
    name: Any  # translated when it is shown
    sentence: Any
    formula: Any


_ALL: Final = (
    Definition(
        "open",
        _("Open"),
        _("Returns that still ask for work; below, how their number changed in seven days."),
        _(
            "Returns that are pending, awaiting approval, in progress or on hold. Below: returns"
            " requested in the last seven days less returns closed in the last seven days."
        ),
    ),
    Definition(
        "overdue",
        _("Overdue"),
        _("Open returns whose target date has passed; below, how long ago the oldest was due."),
        _("Open returns with a target date before today. Below: today less the earliest of them."),
    ),
    Definition(
        "receive",
        _("Awaiting receipt"),
        _("Returns whose goods are still on their way; below, the parcels announced for today."),
        _(
            "Returns in progress or on hold of which something is expected and not received."
            " Below: their parcels expected today that were not received yet."
        ),
    ),
    Definition(
        "inspect",
        _("Awaiting inspection"),
        _("Open returns with goods here that nobody has decided about; below, their units."),
        _(
            "Open returns with a line of which more was received than accepted and rejected."
            " Below: the sum of received less accepted less rejected over their lines."
        ),
    ),
    Definition(
        "approval",
        _("Awaiting approval"),
        _("Returns that wait for somebody's consent; below, those that you may give it to."),
        _(
            "Returns with the status awaiting approval. Below: those that you did not ask for, if"
            " you may approve returns."
        ),
    ),
    Definition(
        "refund",
        _("Refund due"),
        _("Returns whose customers are owed money; below, the amount that is booked."),
        _(
            "Returns, neither cancelled nor rejected, with a credit to book or with a credit note"
            " that is not settled or paid in full. Below: the sum of due, by currency."
        ),
    ),
    Definition(
        "stuck",
        _("Stuck over 7 days"),
        _("Open returns that nobody has touched for more than seven days; below, those on hold."),
        _("Open returns last changed more than 7 times 24 hours ago."),
    ),
    Definition(
        "flow",
        _("Opened and closed per week"),
        _("How many returns were asked for and how many came to an end in each calendar week."),
        _(
            "Opened: returns by the week of their request. Closed: returns that were completed,"
            " cancelled or rejected, by the week in which that happened. Weeks run from Monday to"
            " Sunday (ISO 8601), days by the clock of the business."
        ),
    ),
    Definition(
        "resolution",
        _("Days to resolution"),
        _("How long completed returns took from being entered to being completed."),
        _(
            "Days with fractions from created to closed, of returns completed in the week. Median"
            " and p90, the value that nine tenths do not exceed, are interpolated linearly between"
            " neighbours (percentile_cont of PostgreSQL, PERCENTILE.INC of spreadsheets)."
        ),
    ),
    Definition(
        "stages",
        _("Days by stage"),
        _("Where the time goes of returns that were completed in the period."),
        _(
            "Authorise: created to issued. Receive: issued to the first receipt that stands."
            " Decide: first receipt to the last inspection or disposition. Credit: last decision"
            " to the first credit note that stands. Refund: that credit note to the last refund"
            " paid. A return that skipped a stage or went through it backwards is not counted"
            " there. The same median and p90."
        ),
    ),
    Definition(
        "ages",
        _("Open returns by age"),
        _("How long ago the open returns were asked for."),
        _("Today less the day of the request, of open returns, in whole days."),
    ),
    Definition(
        "units",
        _("Units returned"),
        _("Units of announced goods that came back in the period."),
        _(
            "The sum of quantities on receipts dated within the period that were not reversed."
            " Goods that nobody announced are left out."
        ),
    ),
    Definition(
        "unit_rate",
        _("Return rate by units"),
        _("Of a hundred units sold in the period, how many units came back in it."),
        _(
            "100 x units returned / units sold. Units sold: units shipped of sales orders dated"
            " within the period; for a reason, all of them; for a part, a category or a customer,"
            " its own. Rounded to two decimals."
        ),
    ),
    Definition(
        "order_rate",
        _("Return rate by orders"),
        _("Of a hundred orders of the period, of how many something came back in it."),
        _(
            "100 x orders of which at least one unit was returned in the period / sales orders"
            " dated within the period of which something was shipped. Goods without a known sale"
            " count as units only."
        ),
    ),
    Definition(
        "requested",
        _("Requested"),
        _("What customers ask for on open returns and no credit is booked of."),
        _(
            "Over lines with a known sale whose outcome is a refund or store credit: (announced +"
            " waived - released - rejected - credited - replaced - repaired) x gross unit price of"
            " the sale. An estimate: shares, fees and discounts are known when it is credited."
        ),
    ),
    Definition(
        "due",
        _("Due"),
        _("What is booked for customers and neither settled, kept as credit nor paid."),
        _("Over the credit notes of returns that stand: gross - applied - kept - refunded."),
    ),
    Definition(
        "approved",
        _("Approved, not paid"),
        _("Refunds that may be paid and are not paid yet. They are a part of what is due."),
        _("The sum of refunds that are ready, sent, unknown or failed."),
    ),
    Definition(
        "paid",
        _("Paid"),
        _("Refunds that were paid in the period."),
        _("The sum of refunds done whose payment lies within the period."),
    ),
)
#: Every definition by its key.
DEFINITIONS: Final[dict[str, Definition]] = {row.key: row for row in _ALL}
#: Those that tell of money, for who may see credit notes.
OF_MONEY: Final = frozenset({"refund", "requested", "due", "approved", "paid"})
