"""When a sale is on, by the dates that exports state."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import product

from babel.dates import get_month_names

from catalog.sources.base import InvalidProduct
from catalog.sources.feeds.values.currencies import LOCALES
from catalog.sources.feeds.values.prices import is_nothing

_ISO = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)
_PARTS = re.compile(
    r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?)?"
)
# "4 May 2026", "4. Mai 2026", "04-May-2026"; "May 4, 2026".
_NAMED = re.compile(
    r"(?:(?P<day>\d{1,2})\.?[\s-](?:de\s)?(?P<month>[^\W\d_]{3,12})\.?[\s-](?:de\s)?"
    r"|(?P<first>[^\W\d_]{3,12})\.?\s(?P<second>\d{1,2}),?\s)(?P<year>\d{4})(?P<clock>\s\d{1,2}:\d{2}(?::\d{2})?)?"
)
# The days from 2000 to 2099 as spreadsheets number them.
_SERIAL_0 = date(1899, 12, 30)
_SERIALS = (36_526, 73_051)
_NO_DATE = {"", "0000-00-00", "0000-00-00 00:00:00", "0", "never", "always", "nie"}


class NotADate(InvalidProduct):
    """A text that states no day; one that may be either of two days is none of these."""


def is_on(starts: str, ends: str, now: datetime) -> bool:
    """Whether ``now`` lies between two stated times, either of which may be missing. A day at the end is part
    of the sale. Raises InvalidProduct, also where day and month could be meant either way and it matters.
    """
    after = {now >= moment for moment in _readings(starts, now)} or {True}
    before = {now <= moment for moment in _readings(ends, now, end=True)} or {True}
    outcomes = {first and last for first in after for last in before}
    if len(outcomes) > 1:
        raise InvalidProduct(f"the sale dates {f'{starts} - {ends}'[:60]!r} do not say which is the month")
    return outcomes.pop()


def is_on_interval(interval: str, now: datetime) -> bool:
    """As is_on, for "start/end" in ISO 8601, as Google writes it; no interval means always."""
    if not interval.strip() or is_nothing(interval):
        return True
    starts, slash, ends = (part.strip() for part in interval.partition("/"))
    if (
        not slash
        or not all(_ISO.fullmatch(part) or not part for part in (starts, ends))
        or not (starts or ends)
    ):
        raise InvalidProduct(f"the sale dates {interval[:60]!r} are not two ISO 8601 times")
    return is_on(starts, ends, now)


def is_date(text: str) -> bool:
    """Whether a text states a day, or that there is none."""
    try:
        _readings(text, datetime.now(UTC))
    except NotADate:
        return False
    return True


def _readings(text: str, now: datetime, *, end: bool = False) -> list[datetime]:
    text = text.strip()
    if text.casefold() in _NO_DATE or is_nothing(text):
        return []
    if re.fullmatch(r"\d{10}", text):
        return [datetime.fromtimestamp(int(text), UTC)]
    text = _plain(text)
    iso, parts = _ISO.fullmatch(text), _PARTS.fullmatch(text)
    found = []
    if iso:
        found = [_moment((iso[1], iso[2], iso[3]), iso.group(4, 5, 6), iso[7] or "", now, end=end)]
    elif parts:
        day_first = parts[2] == "."
        orders = [(parts[4], parts[3], parts[1])] + ([] if day_first else [(parts[4], parts[1], parts[3])])
        clock = _clock(parts.group(5, 6, 7), parts[8])
        found = [_moment(order, clock, "", now, end=end) for order in orders]
    readings = [moment for moment in found if moment is not None]
    if not readings:
        raise NotADate(f"the sale date {text[:40]!r} is not a date, such as 2026-05-04")
    return readings


def _plain(text: str) -> str:
    """In figures: a spreadsheet's number of a day, and a day whose month is named, as ISO 8601."""
    if re.fullmatch(r"\d{5}", text) and _SERIALS[0] <= int(text) < _SERIALS[1]:
        return (_SERIAL_0 + timedelta(days=int(text))).isoformat()
    named = _NAMED.fullmatch(text)
    if named is None:
        return text
    month = _months().get((named["month"] or named["first"]).casefold())
    day = named["day"] or named["second"]
    return f"{named['year']}-{month:02}-{int(day):02}{named['clock'] or ''}" if month else text


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Names and abbreviations of months in the languages of LOCALES that mean one month in all of them."""
    found: dict[str, set[int]] = {}
    for locale, width in product(LOCALES, ("wide", "abbreviated")):
        for number, name in get_month_names(width, locale=locale).items():  # type: ignore[arg-type]
            found.setdefault(name.casefold().rstrip("."), set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


def _clock(parts: tuple[str | None, ...], half: str | None) -> tuple[str | None, ...]:
    hour, *rest = parts
    if hour is None or half is None:
        return parts
    return (str(int(hour) % 12 + (12 if half.lower() == "pm" else 0)), *rest)


def _moment(
    day_of: tuple[str, str, str], clock: tuple[str | None, ...], zone: str, now: datetime, *, end: bool
) -> datetime | None:
    year, month, day = (int(part) for part in day_of)
    try:
        midnight = datetime.combine(datetime(year + (2000 if year < 100 else 0), month, day).date(), time())  # noqa: DTZ001
        moment = midnight + timedelta(
            hours=int(clock[0] or 0), minutes=int(clock[1] or 0), seconds=int(clock[2] or 0)
        )
        if clock[0] is None and end:
            moment += timedelta(days=1) - timedelta(seconds=1)
        offset = datetime.fromisoformat(f"2000-01-01T00:00{zone}").tzinfo
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=offset or now.tzinfo)
