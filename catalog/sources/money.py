"""How many decimals prices have, by currency."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision

from rest.prices import DECIMALS, without_idle_thousandths

# ISO 4217 gives them two decimals, which no shop writes.
_WHOLE_IN_SHOPS = {"IDR", "HUF", "COP", "IRR", "LAK", "MMK", "KHR", "UZS", "LBP", "SYP", "TZS"}


@lru_cache(maxsize=512)
def decimals(currency: str) -> int:
    """The digits after the decimal mark that prices in this currency have in use; 2 for an unknown one."""
    if currency in _WHOLE_IN_SHOPS:
        return 0
    return get_currency_precision(currency) if currency else 2


def rounded(price: Decimal, currency: str) -> Decimal:
    """To hundredths, and to thousandths in a currency that has them; halves up.

    Raises InvalidOperation for more digits than a context holds.
    """
    places = min(max(decimals(currency), 2), DECIMALS)
    # Shops round halves up: PHP's and JavaScript's formats of a computed price such as 12.605.
    return without_idle_thousandths(price.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
