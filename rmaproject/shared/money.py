"""Money: ISO 4217 currencies, their digits, and the one rounding rule."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.db.models import Case, F, Func, IntegerField, Q, Value, When
from django.db.models.lookups import LessThanOrEqual

ZERO: Final = Decimal(0)

#: Currencies without minor units, and with three digits of them (ISO 4217, list one).
NO_DIGITS: Final = frozenset(
    ("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF").split()
)
THREE_DIGITS: Final = frozenset(("BHD IQD JOD KWD LYD OMR TND").split())
TWO_DIGITS: Final = frozenset(
    (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD "
        "CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP "
        "GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD "
        "LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB "
        "PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC "
        "SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG"
    ).split()
)
CURRENCIES: Final = NO_DIGITS | TWO_DIGITS | THREE_DIGITS


def digits(currency: str) -> int:
    """How many decimals an amount of this currency may carry."""
    if currency in NO_DIGITS:
        return 0
    return 3 if currency in THREE_DIGITS else 2


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount in whole minor units of the currency, half away from zero."""
    return amount.quantize(Decimal(1).scaleb(-digits(currency)), rounding=ROUND_HALF_UP)


def tax_within(gross: Decimal, vat_percent: Decimal, currency: str) -> Decimal:
    """The tax contained in a gross amount at this rate, in minor units of the currency."""
    return gross - rounded(gross * 100 / (100 + vat_percent), currency)


def plain(value: Decimal) -> str:
    """A decimal as text without trailing zeros or exponent: 2, 0.5, 1000."""
    text = format(value, "f") if value else "0"
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text


def amount(value: Decimal, currency: str) -> str:
    """An amount as text with just the digits of its currency: 12.50, 800, 1.250."""
    return format(rounded(value, currency), "f")


def digits_of(currency: str) -> Case:
    """In a query: how many decimals an amount in the currency of this column may carry."""
    return Case(
        When(**{f"{currency}__in": sorted(NO_DIGITS)}, then=Value(0)),
        When(**{f"{currency}__in": sorted(THREE_DIGITS)}, then=Value(3)),
        default=Value(2),
        output_field=IntegerField(),
    )


def follows_currency(*columns: str, currency: str = "currency") -> Q:
    """A CHECK: none of these amounts has more decimals than the currency of its row."""
    allowed = digits_of(currency)
    condition = Q()
    for column in columns:
        used = Func(
            Func(F(column), function="trim_scale"), function="scale", output_field=IntegerField()
        )
        condition &= Q(LessThanOrEqual(used, allowed))
    return condition
