"""The figures, dates and signs that pages show."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import timezone

from rmaproject.web.bars import rectangles
from rmaproject.web.signs import SIGNS
from rmaproject.web.tags import dates, figures, forms, signs


def render(source, **context):
    return Template("{% load desk %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (Decimal("1234.5"), "EUR", "1,234.50"),
        (Decimal("-14.9"), "EUR", "−14.90"),
        (Decimal("0.005"), "EUR", "0.01"),
        (Decimal("1234.5"), "JPY", "1,235"),
        (Decimal("1.2345"), "KWD", "1.235"),
        (Decimal(0), "", "0.00"),
        (Decimal("-0.001"), "EUR", "0.00"),
        (None, "EUR", "–"),
    ],
)
def test_money_follows_the_digits_of_its_currency(amount, currency, shown):
    assert figures.money(amount, currency) == shown
    assert render("{% money amount currency %}", amount=amount, currency=currency) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("2.50000"), "2.5"),
        (Decimal("40.00000"), "40"),
        (Decimal(1200), "1,200"),
        (Decimal("0.00000"), "0"),
        (Decimal("-1.5"), "−1.5"),
        (None, "–"),
        ("", "–"),
    ],
)
def test_quantity_has_no_trailing_zeros(value, shown):
    assert figures.quantity(value) == shown


def test_plain_is_what_an_input_takes():
    assert figures.plain(Decimal("1200.50000")) == "1200.5"
    assert figures.plain(Decimal("1E+2")) == "100"
    assert figures.plain(None) == ""


def test_day_names_the_year_only_when_it_is_another():
    today = timezone.localdate()
    assert str(today.year) not in dates.day(today).split(">")[1]
    assert "19 Nov 2001" in dates.day(datetime.date(2001, 11, 19))
    assert dates.day(None) == "–"


def test_moment_is_in_the_zone_of_the_reader():
    at = datetime.datetime(2001, 1, 1, 12, 0, tzinfo=datetime.UTC)
    with timezone.override("Asia/Tokyo"):
        assert "1 Jan 2001, 21:00" in dates.moment(at)


def test_due_says_how_late_and_is_silent_once_closed():
    today = timezone.localdate()
    late = today - datetime.timedelta(days=2)
    assert "2 days late" in dates.due(late)
    assert "late" not in dates.due(late, closed=True)
    assert "Today" in dates.due(today)
    assert "Tomorrow" in dates.due(today + datetime.timedelta(days=1))


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ana Petrović", "AP"), ("ana.petrovic", "AP"), ("dock", "D"), ("", "–"), (None, "–")],
)
def test_initials(name, letters):
    assert signs.initials(name) == letters


@pytest.mark.parametrize(
    ("axis", "value"), [(axis, value) for axis, states in SIGNS.items() for value in states]
)
def test_each_state_has_a_sign_and_a_word(axis, value):
    badge = signs.status_badge(axis, value)
    sign = SIGNS[axis][value]
    assert f"#{sign.glyph}" in badge
    assert str(sign.word) in badge
    assert f'data-tone="{sign.tone}"' in badge


def test_within_an_axis_no_two_states_look_alike():
    for states in SIGNS.values():
        assert len({sign.glyph for sign in states.values()}) == len(states)


def test_nothing_is_a_dash_that_can_be_heard():
    badge = signs.status_badge("money", "none", short=True)
    assert "–" in badge
    assert "Nothing owed" in badge


def test_an_unknown_state_is_shown_and_escaped():
    assert "&lt;b&gt;" in signs.status_badge("goods", "<b>")


def test_axes_stand_in_their_order():
    page = render(
        "{% axes order %}", order={"status": "in_progress", "goods": "expected", "money": "none"}
    )
    places = [page.index(word) for word in ("Authorisation", "Goods", "Money")]
    assert places == sorted(places)


@dataclass
class Line:
    quantity: Decimal = Decimal(0)
    received: Decimal = Decimal(0)
    accepted: Decimal = Decimal(0)
    rejected: Decimal = Decimal(0)
    released: Decimal = Decimal(0)
    unexpected: bool = False


def test_unit_bar_draws_one_piece_a_unit():
    bar = figures.unit_bar(
        Line(quantity=Decimal(6), received=Decimal(4), accepted=Decimal(3), rejected=Decimal(1))
    )
    assert bar.count("<rect") == 6
    assert bar.count('class="accepted"') == 3
    assert "3 accepted, 1 rejected, 2 not here yet" in bar
    assert "style=" not in bar


def test_unit_bar_draws_one_piece_a_kind_when_there_are_too_many():
    bar = figures.unit_bar({"quantity": Decimal("200.5"), "received": Decimal(100)})
    assert bar.count("<rect") == 2


def test_unit_bar_leaves_out_what_was_released():
    assert "not here yet" not in figures.unit_bar(
        Line(quantity=Decimal(2), received=Decimal(1), released=Decimal(1))
    )


def test_unit_bar_of_nothing_is_nothing():
    assert figures.unit_bar(Line()) == ""


def test_unexpected_goods_have_their_own_piece():
    assert 'class="surplus"' in figures.unit_bar(Line(received=Decimal(1), unexpected=True))


@pytest.mark.parametrize("count", [1, 2, 7, 24, 25, 1000])
def test_pieces_fill_the_bar_and_no_more(count):
    pieces = list(rectangles([("open", Decimal(count))]))
    _kind, x, width = pieces[-1]
    assert Decimal("99.8") <= x + width <= Decimal("100.2")


def test_arrange_puts_the_primary_last_and_danger_away():
    actions = [
        {"verb": "receive", "allowed": True, "primary": True},
        {"verb": "hold", "allowed": True},
        {"verb": "cancel", "allowed": True, "danger": True},
        {"verb": "complete", "allowed": False, "primary": True},
        {"verb": "reopen", "allowed": False},
    ]
    arranged = forms.arrange(actions)
    assert [action["verb"] for action in arranged["bar"]] == ["complete", "hold", "receive"]
    assert [action["verb"] for action in arranged["menu"]] == ["cancel", "reopen"]


def test_icon_refers_to_the_sprite_and_is_decoration():
    drawn = signs.icon("return")
    assert "icons.svg#return" in drawn
    assert 'aria-hidden="true"' in drawn


def test_a_blocked_action_stays_and_says_why():
    action = {
        "verb": "complete",
        "label": "Complete",
        "allowed": False,
        "reason": "A line is undecided.",
        "primary": True,
    }
    page = render('{% include "partials/_actions.html" %}', actions=[action])
    assert 'aria-disabled="true" aria-describedby="why-complete"' in page
    assert "A line is undecided." in page
    assert "<form" not in page


def test_an_action_that_needs_a_reason_asks_for_it():
    action = {
        "verb": "hold",
        "label": "Hold",
        "allowed": True,
        "needs_reason": True,
        "url": "/hold/",
    }
    page = render('{% include "partials/_actions.html" %}', actions=[action], version=7)
    assert '<form class="menu ask-reason" action="/hold/" method="post" data-again>' in page
    assert 'name="reason"' in page
    assert 'name="version" value="7"' in page
