"""Money as columns and API fields hold it: "12.50", and "12.345" where a price has thousandths."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from rest_framework import serializers

# Before and after the decimal point. Kuwait's dinar has 1,000 fils.
DIGITS, DECIMALS = 10, 3

_CENT = Decimal("0.01")
# The smallest step between two prices as they are kept.
THOUSANDTH = Decimal(1).scaleb(-DECIMALS)


def without_idle_thousandths(amount: Decimal) -> Decimal:
    """12.50 for 12.500, and 12.345 as it is. Raises InvalidOperation for more digits than a context holds."""
    cents = amount.quantize(_CENT)
    # Of an expression such as a minimum SQLite gives more digits than of a column.
    return cents if cents == amount else amount.quantize(THOUSANDTH)


class PriceColumn(models.DecimalField):  # type: ignore[type-arg]  # Django takes no parameters at run time
    """A column with thousandths, which only the prices that have some show."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_digits": DIGITS + DECIMALS, "decimal_places": DECIMALS, **options})

    def from_db_value(self, value: Decimal | None, *_of_the_query: Any) -> Decimal | None:
        return None if value is None else without_idle_thousandths(value)


class PriceField(serializers.DecimalField):
    """The same of the API: a string such as "12.50"; refuses more digits than the column holds."""

    def __init__(self, **options: Any) -> None:
        super().__init__(DIGITS + DECIMALS, DECIMALS, **options)

    def quantize(self, value: Decimal) -> Decimal:
        return without_idle_thousandths(super().quantize(value))
