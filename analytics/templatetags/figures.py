"""Filters that format the dashboard's numbers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template.defaultfilters import date as date_filter
from django.utils.formats import number_format
from django.utils.translation import pgettext

from analytics.dashboard.tables import Column
from analytics.models import Event
from catalog.templatetags.shop import money as amount

register = template.Library()
UNKNOWN = "–"


@register.filter
def share(value: float | None) -> str:
    """0.1234 as "12.3 %"; an en dash where there is nothing to divide by."""
    return UNKNOWN if value is None else f"{rounded(100 * Decimal(str(value)), 1)} %"


@register.filter
def count(value: float | None) -> str:
    """With thousands separators."""
    return UNKNOWN if value is None else number_format(value, use_l10n=True, force_grouping=True)


@register.filter
def ms(value: float | None) -> str:
    """Milliseconds: one decimal under ten, none above."""
    return UNKNOWN if value is None else rounded(value, 1 if value < 10 else 0)


def rounded(value: float | Decimal, places: int) -> str:
    """A number in the reader's language; Django's own formatting cuts what is behind the places."""
    return number_format(round(Decimal(str(value)), places), places)


@register.filter
def day(value: date | None) -> str:
    """ "26 Nov 2026", as the reader's language writes it."""
    return str(date_filter(value, pgettext("format of a date", "j M Y")))


@register.filter
def moment(value: datetime | None) -> str:
    """The day and the minute."""
    return str(date_filter(value, pgettext("format of a date", "j M Y H:i")))


@register.filter
def cell(value: Any, column: Column) -> str:
    """A table's cell, formatted by the kind of its column."""
    if column.kind == "day":
        return day(value)
    if column.kind in {"text", "query", "product"}:
        return UNKNOWN if value in (None, "") else str(value)
    if column.kind == "money":
        return _amounts(value)
    if column.kind == "source":
        return str(Event.Source(value).label)
    return {"share": share, "ms": ms}.get(column.kind, count)(value)


@register.filter
def money(value: dict[str, str]) -> str:
    """Amounts by currency; an en dash for none."""
    return _amounts(value)


@register.filter
def change(now: float | None, before: float | None) -> str:
    """The change from the period before, as "+12 %"; "" without a number to compare with."""
    if now is None or not before:
        return ""
    return f"{round(100 * (now - before) / before):+d} %"


@register.filter
def plain(value: float | None) -> str:
    """For scripts: with a decimal point in every language, "" for an unknown value."""
    return "" if value is None else repr(value)


def _amounts(value: dict[str, str]) -> str:
    """ "€37,506.98 · $12.00", as the reader's language writes them; an en dash for none."""
    return " · ".join(amount(Decimal(sum_), currency) for currency, sum_ in value.items()) or UNKNOWN
