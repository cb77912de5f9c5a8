"""What a document of rules may say, and which of its rules decides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from returns.eligibility import approval_of, assess
from returns.policies import (
    LineFacts,
    References,
    ReturnFacts,
    line_rule,
    parse,
    return_rule,
    sentence,
)
from returns.terms import terms_of_line, terms_of_return
from rmaproject.shared.errors import InputErrors, RuleViolation
from tests.returns.ruling import rule

DAY = date(2026, 3, 2)


def read(*rules, **options):
    return parse({"rules": list(rules)}, currency="EUR", **options)


def facts(*lines, **values):
    return ReturnFacts(requested_on=DAY, lines=lines or (LineFacts(),), **values)


def wrong(document, **options):
    with pytest.raises(InputErrors) as refusal:
        parse(document, currency="EUR", **options)
    return {error["pointer"]: error["code"] for error in refusal.value.errors}


def test_all_that_is_wrong_is_named_at_once_by_its_place():
    found = wrong(
        {
            "rules": [
                {"aspect": "window", "then": {"days": "30", "from": "birth"}, "when": {"size": 1}},
                {"aspect": "praise", "then": {}},
                {"aspect": "fee", "then": {"percent": "101"}, "when": {"min_amount": "5"}},
                {"aspect": "deadline"},
                "a rule",
            ],
            "extra": 1,
        }
    )

    assert found == {
        "/extra": "unknown_field",
        "/rules/0/then/days": "invalid",
        "/rules/0/then/from": "invalid_choice",
        "/rules/0/when/size": "unknown_field",
        "/rules/1/aspect": "unknown_aspect",
        "/rules/2/then/percent": "invalid",
        "/rules/2/when/min_amount": "not_for_lines",
        "/rules/3/then": "required",
        "/rules/4": "invalid",
    }


@pytest.mark.parametrize(
    ("aspect", "then", "pointer", "code"),
    [
        ("window", {"days": 30}, "/rules/0/then/from", "required"),
        ("window", {"days": -1, "from": "order"}, "/rules/0/then/days", "invalid"),
        ("window", {"days": True, "from": "order"}, "/rules/0/then/days", "invalid"),
        ("final_sale", {"final": "yes"}, "/rules/0/then/final", "invalid"),
        ("approval", {"needed": "above"}, "/rules/0/then/above", "required"),
        ("approval", {"needed": "never", "above": "5"}, "/rules/0/then/above", "required"),
        ("approval", {"needed": "above", "above": 1.5}, "/rules/0/then/above", "invalid"),
        ("approval", {"needed": "above", "above": "-5"}, "/rules/0/then/above", "invalid"),
        (
            "approval",
            {"needed": "above", "above": "5.001"},
            "/rules/0/then/above",
            "invalid_amount",
        ),
        ("shipping", {"paid_by": "customer"}, "/rules/0/then/amount", "required"),
        ("shipping", {"currency": "EURO"}, "/rules/0/then/currency", "invalid_currency"),
        ("outcomes", {"offer": ["praise"]}, "/rules/0/then/offer", "invalid_choice"),
        ("outcomes", {"offer": []}, "/rules/0/then/offer", "invalid"),
        ("flow", {"accept_on_arrival": True}, "/rules/0/then/accept_on_arrival", "unknown_field"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(aspect, then, pointer, code):
    assert wrong({"rules": [rule(aspect, then)]}) == {pointer: code}


@pytest.mark.parametrize("word", ["", " ", "x" * 65, "a\x00b", 5, None])
def test_a_condition_names_words(word):
    found = wrong({"rules": [rule("final_sale", {"final": True}, {"sku": [word]})]})

    assert found == {"/rules/0/when/sku": "invalid"}


@pytest.mark.parametrize("document", [None, [], "rules", {"rules": {}}, {"rules": None}])
def test_what_is_no_document_is_refused(document):
    assert wrong(document)


def test_conditions_name_only_what_there_is():
    when = {"customer": ["BO", "NOBODY"], "sku": "tent", "country": ["nl", "NLD"]}
    known = References(customer=frozenset(["bo"]), sku=frozenset(["tent"]))

    found = wrong({"rules": [rule("final_sale", {"final": True}, when)]}, known=known)

    assert found == {
        "/rules/0/when/customer": "unknown_reference",
        "/rules/0/when/country": "invalid_country",
    }


WEAKER = [
    ({}, {"sku": "A"}),
    ({"sku": ["A", "B"]}, {"sku": "a"}),
    ({"country": "NL"}, {"country": "NL", "sku": "A"}),
]


@pytest.mark.parametrize(("first", "second"), WEAKER)
def test_a_rule_that_an_earlier_one_always_decides_before_is_refused(first, second):
    with pytest.raises(RuleViolation) as refusal:
        read(rule("fee", {"percent": "5"}, first), rule("fee", {"percent": "9"}, second))

    assert (refusal.value.code, refusal.value.pointer) == ("rule_unreachable", "/rules/1")
    assert refusal.value.facts == {"aspect": "fee", "rule": 2, "earlier_rule": 1}


@pytest.mark.parametrize(("first", "second"), WEAKER)
def test_the_narrower_rule_may_come_first(first, second):
    read(rule("fee", {"percent": "9"}, second), rule("fee", {"percent": "5"}, first))


def test_rules_of_the_same_conditions_that_say_different_things_contradict_each_other():
    when = {"country": ["NL", "be"]}

    with pytest.raises(RuleViolation) as refusal:
        read(
            rule("deadline", {"days": 10}),
            rule("fee", {"percent": "5"}, when),
            rule("fee", {"percent": "9"}, {"country": ["BE", "NL"]}),
        )

    assert (refusal.value.code, refusal.value.pointer) == ("rules_contradict", "/rules/2")
    assert refusal.value.facts == {"aspect": "fee", "rule": 3, "earlier_rule": 2}


def test_a_range_of_amounts_within_another_is_unreachable_only_in_its_currency():
    wide = rule("deadline", {"days": 10}, {"min_amount": "10", "max_amount": "90"})
    narrow = {"min_amount": "20", "max_amount": "80"}

    read(wide, rule("deadline", {"days": 5}, {**narrow, "currency": "USD"}))
    with pytest.raises(RuleViolation) as refusal:
        read(wide, rule("deadline", {"days": 5}, narrow))

    assert refusal.value.code == "rule_unreachable"


@pytest.mark.parametrize(
    ("when", "yes", "no"),
    [
        ({"customer": "BO"}, facts(customer="bo"), facts(customer="cy")),
        (
            {"customer_flags": ["vip", "press"]},
            facts(flags=frozenset(["press"])),
            facts(flags=frozenset(["late"])),
        ),
        ({"country": ["NL", "BE"]}, facts(country="be"), facts(country="de")),
        ({"sku": "TENT"}, facts(LineFacts(sku="tent")), facts(LineFacts(sku="peg"))),
        ({"category": "food"}, facts(LineFacts(category="food")), facts(LineFacts())),
        ({"reason": "late"}, facts(LineFacts(reason="late")), facts(LineFacts(reason="other"))),
        ({"channel": "shop"}, facts(LineFacts(channel="shop")), facts(LineFacts(channel="web"))),
    ],
)
def test_a_rule_holds_where_its_condition_holds(when, yes, no):
    rules = read(rule("fee", {"percent": "5"}, when), rule("deadline", {"days": 5}, when))

    for given, holds in ((yes, True), (no, False)):
        assert (line_rule(rules, "fee", given, given.lines[0]) is not None) is holds
        assert (return_rule(rules, "deadline", given) is not None) is holds


def test_all_conditions_of_a_rule_have_to_hold_on_one_line():
    rules = read(rule("deadline", {"days": 5}, {"sku": "TENT", "reason": "late"}))
    apart = facts(LineFacts(sku="tent"), LineFacts(reason="late"))
    together = facts(LineFacts(), LineFacts(sku="tent", reason="late"))

    assert return_rule(rules, "deadline", apart) is None
    assert return_rule(rules, "deadline", together) is not None


def test_of_each_aspect_the_first_rule_that_holds_decides():
    rules = read(
        rule("fee", {"percent": "0"}, {"customer_flags": "vip"}),
        rule("fee", {"percent": "20"}, {"category": "food"}),
        rule("fee", {"percent": "10"}),
    )
    food, tent = LineFacts(category="food"), LineFacts()

    plain, vip = facts(food, tent), facts(food, tent, flags=frozenset(["vip"]))
    fees = [
        terms_of_line(rules, known, line).fee_percent
        for known in (plain, vip)
        for line in (food, tent)
    ]

    assert fees == [20, 10, 0, 0]


@pytest.mark.parametrize(
    ("amount", "needed"), [("99.99", False), ("100.00", False), ("100.01", True)]
)
def test_approval_is_needed_above_the_amount_not_at_it(amount, needed):
    rules = read(rule("approval", {"needed": "above", "above": "100.00"}))

    answer = approval_of(rules, facts(amounts={"EUR": Decimal(amount)}))

    assert answer.needed is needed
    assert answer.facts["amounts"] == {"EUR": amount.rstrip("0").rstrip(".")}


@pytest.mark.parametrize(
    ("amount", "days"), [("9.99", 30), ("10.00", 7), ("20.00", 7), ("20.01", 30)]
)
def test_a_range_of_amounts_has_both_its_ends(amount, days):
    rules = read(
        rule("deadline", {"days": 7}, {"min_amount": "10.00", "max_amount": "20.00"}),
        rule("deadline", {"days": 30}),
    )

    known = facts(amounts={"EUR": Decimal(amount)})

    assert terms_of_return(rules, known).deadline_days == days


def test_another_currency_than_the_rules_is_on_the_safe_side():
    dollars = facts(amounts={"USD": Decimal("1.00")})
    above = read(rule("approval", {"needed": "above", "above": "100.00"}))
    ranged = read(rule("approval", {"needed": "always"}, {"min_amount": "100.00"}))
    never = read(
        rule("approval", {"needed": "never"}, {"max_amount": "100.00"}),
        rule("approval", {"needed": "always"}),
    )
    charge = read(rule("shipping", {"paid_by": "customer", "amount": "5.00"}))
    refund = read(rule("refund", {"approval_above": "500.00", "four_eyes_above": "900.00"}))

    assert [approval_of(rules, dollars).needed for rules in (above, ranged, never, charge)] == [
        True
    ] * 4
    assert approval_of(charge, dollars).code == "other_currency"
    assert terms_of_return(charge, dollars).shipping_charge == 0
    terms = terms_of_return(refund, dollars)
    assert (terms.refund_approval_above, terms.refund_four_eyes_above) == (0, 0)


@pytest.mark.parametrize(
    ("then", "amount", "four_eyes"),
    [
        ({"four_eyes": True}, "1", True),
        ({}, "999", False),
        ({"four_eyes_above": "50"}, "50", False),
        ({"four_eyes_above": "50"}, "50.01", True),
    ],
)
def test_four_eyes_are_wanted_always_or_above_an_amount(then, amount, four_eyes):
    rules = read(rule("approval", {"needed": "always", **then}))

    assert approval_of(rules, facts(amounts={"EUR": Decimal(amount)})).four_eyes is four_eyes


def test_terms_are_what_the_rules_say_and_otherwise_the_defaults():
    rules = read(
        rule(
            "shipping",
            {
                "paid_by": "customer",
                "amount": "4.95",
                "vat_percent": "21",
                "refund_original": "full",
            },
        ),
        rule("refund", {"approval_above": None, "four_eyes_above": "900.00"}),
        rule("flow", {"accept_on_receipt": True, "complete_when_done": True}),
        rule("replacement", {"in_advance": False}),
        rule("inspection", {"required": True}),
        rule("deadline", {"days": 14}),
    )
    known = facts()

    terms = terms_of_return(rules, known)
    line = terms_of_line(rules, known, known.lines[0])

    assert (terms.shipping_charge, terms.shipping_vat_percent) == (Decimal("4.95"), 21)
    assert terms.refund_shipping == "full"
    assert (terms.refund_approval_above, terms.refund_four_eyes_above) == (None, 900)
    flow = (terms.accept_on_receipt, terms.credit_on_accept, terms.complete_when_done)
    assert flow == (True, False, True)
    assert terms.advance_replacement is False
    assert terms.deadline(DAY) == date(2026, 3, 16)
    assert (line.fee_percent, line.inspection_required) == (0, True)


def test_every_rule_is_asked_not_only_the_first_that_refuses():
    rules = read(
        rule("returnable", {"allowed": False, "message": "Food stays eaten."}),
        rule("final_sale", {"final": True}),
        rule("window", {"days": 1, "from": "order"}),
        rule("outcomes", {"offer": ["repair"]}),
    )
    line = LineFacts(ordered_on=date(2026, 2, 28))

    (answer,) = assess(rules, facts(line))

    assert (answer.allowed, answer.code, answer.message) == (
        False,
        "not_returnable",
        "Food stays eaten.",
    )
    assert [check.code for check in answer.checks] == [
        "not_returnable",
        "final_sale",
        "outside_window",
        "outcome_not_offered",
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            rule("window", {"days": 30, "from": "delivery"}, {"country": ["nl", "be"]}),
            (
                "Goods may be returned within 30 days from the delivery "
                "when the customer is in BE or NL."
            ),
        ),
        (rule("fee", {"percent": "12.50"}), "A restocking fee of 12.5 % is kept."),
        (
            rule("approval", {"needed": "above", "above": "100", "four_eyes_above": "500"}),
            "Approval is needed above 100.00 EUR, above 500.00 EUR by somebody else than who asks.",
        ),
        (
            rule("shipping", {"refund_original": "full"}, {"min_amount": "50"}),
            (
                "Shipping of the sale is credited when everything comes back "
                "when it would credit 50.00 EUR or more."
            ),
        ),
        (rule("refund", {"approval_above": None}), "Refunds need no approval."),
    ],
)
def test_rules_read_as_sentences(given, said):
    assert sentence(read(given).rules[0]) == said
