"""Prices in the minor units of ISO 4217, as the protocol states them: EUR 39.00 is 3900, JPY 3900 is 3900."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

# Decimals of currencies in ISO 4217 (list one) that are not two. CLDR's, which the feeds go by, are those in
# use in shops, and differ.
_DECIMALS = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV"), 0
    ),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


def to_minor(amount: Decimal, currency: str) -> int:
    return int(amount.scaleb(_decimals(currency)).to_integral_value(ROUND_HALF_UP))


def from_minor(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-_decimals(currency))


def _decimals(currency: str) -> int:
    return _DECIMALS.get(currency, 2)
