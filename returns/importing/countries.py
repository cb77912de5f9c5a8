"""Countries as ledgers spell them."""

from __future__ import annotations

from typing import Final

_NAMES: Final = {
    "AE": "United Arab Emirates",
    "AT": "Austria",
    "AU": "Australia",
    "BE": "Belgium",
    "BH": "Bahrain",
    "BR": "Brazil",
    "CA": "Canada",
    "CH": "Switzerland",
    "CY": "Cyprus",
    "CZ": "Czech Republic",
    "DE": "Germany",
    "DK": "Denmark",
    "ES": "Spain",
    "FI": "Finland",
    "FR": "France",
    "GB": "United Kingdom",
    "GR": "Greece",
    "HK": "Hong Kong",
    "IE": "Ireland",
    "IL": "Israel",
    "IS": "Iceland",
    "IT": "Italy",
    "JP": "Japan",
    "LB": "Lebanon",
    "LT": "Lithuania",
    "LU": "Luxembourg",
    "MT": "Malta",
    "NL": "Netherlands",
    "NO": "Norway",
    "PL": "Poland",
    "PT": "Portugal",
    "SA": "Saudi Arabia",
    "SE": "Sweden",
    "SG": "Singapore",
    "US": "United States",
    "ZA": "South Africa",
}
_CODES: Final = {name.lower(): code for code, name in _NAMES.items()} | {
    "eire": "IE",
    "usa": "US",
    "uk": "GB",
}


def country_code(text: str) -> str:
    """The ISO 3166 letters of a country; "" for one that is not known by this spelling."""
    known = _CODES.get(text.lower())
    if known:
        return known
    return text.upper() if len(text) == 2 and text.isascii() and text.isalpha() else ""
