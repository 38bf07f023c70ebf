"""What a report tells of a feed besides its counts: how it was read, and what in it nobody read."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.attributes import is_known
from catalog.sources.feeds.columns import looks_like
from catalog.sources.feeds.dialects.base import Dialect
from catalog.sources.feeds.formats.feed_file import FeedFile
from catalog.sources.feeds.mapping import READ_BESIDE
from catalog.sources.feeds.reading import Reading

_NAMED = 30


def review(file: FeedFile, dialect: Dialect, reading: Reading) -> Iterator[str]:
    """Sentences for a person, the most important first."""
    yield from _undecided(reading, file)
    yield from dialect.notes()
    yield from _unread(file, dialect, reading)
    if file.guessed:
        yield f"The text was taken for {file.guessed}; --encoding says another one."
    rows = reading.survey.rows
    yield f"Read as: {dialect.name}, {rows:,} {'row' if rows == 1 else 'rows'}."


def _undecided(reading: Reading, file: FeedFile) -> Iterator[str]:
    for column, evidence in reading.survey.evidence.items():
        if evidence.undecided and column in reading.asked_columns and not reading.decimal_of(column):
            example = evidence.example
            yield (
                f"Column {file.columns.get(column, column)}: {evidence.undecided:,} values such as "
                f"{example!r} can be read in two ways, and nothing in the feed decides; their rows are "
                "rejected. Say with --decimal . or --decimal , which mark begins the decimals."
            )


def _unread(file: FeedFile, dialect: Dialect, reading: Reading) -> Iterator[str]:
    columns = [name for name in file.columns if name and not _is_read(name, dialect, reading)]
    for kind in ("price", "picture"):
        alike = [name for name in columns if looks_like(name, reading.survey.samples.get(name, "")) == kind]
        if alike:
            named = _list(file, alike)
            field = "price" if kind == "price" else "image"
            yield (
                f"Nobody read {named}, which {'looks' if len(alike) == 1 else 'look'} like a {kind}; "
                f"--map {file.columns[alike[0]]!r}={field} reads it."
            )
    filled = [name for name in columns if reading.survey.filled[name]]
    if filled:
        became = "They became attributes." if dialect.keeps_the_rest else "They were left out."
        yield f"Columns that are no field: {_list(file, filled)}. {became}"


def _is_read(name: str, dialect: Dialect, reading: Reading) -> bool:
    if name in reading.columns.mapped or dialect.reads(name) or name in READ_BESIDE:
        return True
    return dialect.keeps_the_rest and (reading.columns.holds_field(name) or is_known(name))


def _list(file: FeedFile, names: list[str]) -> str:
    shown = ", ".join(file.columns[name] for name in names[:_NAMED])
    more = len(names) - _NAMED
    return f"{shown} and {more} more" if more > 0 else shown
