"""What a scanned text says by itself: commands, GS1 messages, GTINs, plain codes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from returns.services.counts import Command, read_code

FORMS = ("4006825631142", "04006825631142")


@pytest.mark.parametrize(
    ("raw", "command", "quantity"),
    [
        ("FINISH", Command.FINISH, None),
        ("undo\r", Command.UNDO, None),
        (" Park ", Command.PARK, None),
        ("QTY 5", Command.QUANTITY, Decimal(5)),
        ("qty:2,5", Command.QUANTITY, Decimal("2.5")),
        ("QTY 0", None, None),
        ("FINISHED", None, None),
    ],
)
def test_command_codes_are_known_however_they_are_typed(raw, command, quantity):
    code = read_code(raw)

    assert (code.command, code.quantity) == (command, quantity)


@pytest.mark.parametrize(
    ("raw", "skus", "serial", "batch", "quantity", "sscc"),
    [
        ("]C1010400682563114221S1\x1d3705", FORMS, "S1", "", Decimal(5), ""),
        ("010400682563114221S1\x1d10LOT7", FORMS, "S1", "LOT7", None, ""),
        ("(01)04006825631142(21)ABC(30)5", FORMS, "ABC", "", Decimal(5), ""),
        ("]d2010400682563114210LOT7", FORMS, "", "LOT7", None, ""),
        ("0104006825631142", FORMS, "", "", None, ""),
        ("00340123450000000017", (), "", "", None, "340123450000000017"),
        ("(00)340123450000000017", (), "", "", None, "340123450000000017"),
        ("4006825631142", FORMS, "", "", None, ""),
        # No check digit holds, and no symbology says what it is: a text like any other.
        ("0112345678901234", ("0112345678901234",), "", "", None, ""),
        ("4006825631143", ("4006825631143",), "", "", None, ""),
        ("]C0RMA-1042\r\n", ("RMA-1042",), "", "", None, ""),
        ("RMA-1042", ("RMA-1042",), "", "", None, ""),
        ("", (), "", "", None, ""),
        ("\x00\x1d \t", (), "", "", None, ""),
        ("(01)nonsense", ("(01)nonsense",), "", "", None, ""),
    ],
)
def test_a_code_is_taken_apart_as_far_as_it_says_itself(raw, skus, serial, batch, quantity, sscc):
    code = read_code(raw)

    assert code.command is None
    assert (code.skus, code.serial, code.batch) == (skus, serial, batch)
    assert (code.quantity, code.sscc) == (quantity, sscc)


def test_ten_thousand_characters_are_a_code_of_two_hundred():
    assert read_code("x" * 10_000).text == "x" * 200
