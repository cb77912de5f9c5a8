"""What a scanned or typed text says by itself, before anybody looks into the books."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from biip import ParseError
from biip.gs1_messages import GS1Message
from biip.gtin import Gtin

MOST: Final = 200
#: What a scanner puts before the data to say which symbology it read.
SYMBOLOGY: Final = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
#: The symbology identifiers whose data is a GS1 message.
GS1_SYMBOLOGIES: Final = ("]C1", "]d2", "]e0", "]Q3")
SEPARATOR: Final = "\x1d"
QUANTITY: Final = re.compile(r"^QTY[ :=]?(\d{1,6}(?:[.,]\d{1,5})?)$", re.IGNORECASE)
#: Lengths of GTINs as they are printed; all are the same number with zeros in front.
GTIN_LENGTHS: Final = (8, 12, 13, 14)


class Command(StrEnum):
    """What a command code asks for."""

    FINISH = "finish"
    UNDO = "undo"
    PARK = "park"
    QUANTITY = "qty"


@dataclass(frozen=True)
class Code:
    """A text taken apart: a command, or what it may name.

    `text` is the code as a person would read it. `skus` are the ways in which a part may be
    filed that it names; `serial`, `batch` and `sscc` only where the code itself says so.
    """

    text: str
    command: Command | None = None
    quantity: Decimal | None = None
    skus: tuple[str, ...] = ()
    serial: str = ""
    batch: str = ""
    sscc: str = ""

    @property
    def named(self) -> bool:
        """Whether the code says itself what its pieces are, so that nothing is guessed."""
        return bool(self.serial or self.batch or self.sscc)


def read_code(raw: str) -> Code:
    """Take a scanned text apart. Never refuses: what means nothing here is a text like any other.

    Knows command codes, GS1 element strings (GTIN, serial, batch, count, SSCC) with or without
    separators and brackets, and GTINs.
    """
    text = "".join(sign for sign in raw if sign.isprintable() or sign == SEPARATOR)
    text = text.strip()[:MOST]
    marked = SYMBOLOGY.match(text)
    symbology = marked[0] if marked else ""
    text = text.removeprefix(symbology)
    certain = symbology in GS1_SYMBOLOGIES or SEPARATOR in text
    told = _command(text) or _message(text, certain=certain)
    if told is not None:
        return told
    text = text.replace(SEPARATOR, "")
    return Code(text, skus=(text, *_gtins(text)) if text else ())


def _command(text: str) -> Code | None:
    word = text.casefold()
    for command in (Command.FINISH, Command.UNDO, Command.PARK):
        if word == command:
            return Code(text.upper(), command=command)
    if found := QUANTITY.match(text):
        amount = Decimal(found[1].replace(",", "."))
        return Code(text.upper(), command=Command.QUANTITY, quantity=amount) if amount else None
    return None


def _message(text: str, *, certain: bool) -> Code | None:
    """The code as a GS1 message; only where a symbology, a separator or a check digit says so."""
    try:
        if re.match(r"^\(\d{2,4}\)", text):
            message = GS1Message.parse_hri(text)
        elif certain or re.match(r"^(01\d{14}|00\d{18}$)", text):
            message = GS1Message.parse(text)
        else:
            return None
    except (ParseError, ValueError):
        return None
    values = {row.ai.ai: row for row in message.element_strings}
    if not certain and any(row.gtin_error or row.sscc_error for row in message.element_strings):
        return None
    return _from_elements({ai: row.value for ai, row in values.items()})


def _from_elements(values: dict[str, str]) -> Code | None:
    gtin = values.get("01") or values.get("02", "")
    serial, sscc = values.get("21", ""), values.get("00", "")
    if not (gtin or serial or sscc):
        return None
    count = values.get("30") or values.get("37", "")
    shown = " ".join(filter(None, (gtin.lstrip("0"), serial, sscc)))
    return Code(
        shown,
        quantity=Decimal(count) if count.isdigit() and int(count) else None,
        skus=_forms(gtin) if gtin else (),
        serial=serial[:64],
        batch=values.get("10", "")[:64],
        sscc=sscc,
    )


def _gtins(text: str) -> tuple[str, ...]:
    if not (text.isascii() and text.isdigit() and len(text) in GTIN_LENGTHS):
        return ()
    try:
        Gtin.parse(text)
    except ParseError:
        return ()
    return tuple(form for form in _forms(text) if form != text)


def _forms(gtin: str) -> tuple[str, ...]:
    """One GTIN in every length in which it can be written."""
    digits = gtin.lstrip("0")
    return tuple(digits.zfill(length) for length in GTIN_LENGTHS if len(digits) <= length)
