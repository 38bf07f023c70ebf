"""How the feed of one source is read where its own columns do not say it."""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from catalog.attributes import column_name
from catalog.sources.feeds.languages import LANGUAGES
from catalog.sources.feeds.values.currencies import is_code

# The names of fields as --map and saved mappings write them; "ignore" reads a column as nothing.
FIELDS = (
    *("id", "title", "description", "brand", "category", "colour", "gender", "price", "sale_price"),
    *("sale_starts", "sale_ends", "list_price", "currency", "availability", "quantity", "link", "style"),
    *("sizes", "image", "more_images", "sku", "gtin", "mpn", "ignore"),
)
_SPELLINGS = {"color": "colour", "images": "image", "size": "sizes", "url": "link", "stock": "quantity"}
DECIMAL_MARKS = (".", ",")


class InvalidOptions(ValueError):
    """A mapping that cannot be; the message says what is allowed."""


@dataclass(frozen=True)
class FeedOptions:
    """``columns`` maps columns (by column_name) to FIELDS. ``decimal`` is the mark before the fraction,
    "" where the columns decide; ``currency`` the ISO code of prices that state none; ``media`` the address
    that relative pictures belong to; ``language`` the code of the one that is read first ("de").
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    decimal: str = ""
    currency: str = ""
    media: str = ""
    language: str = ""

    def __post_init__(self) -> None:
        if self.decimal not in ("", *DECIMAL_MARKS):
            raise InvalidOptions(f"{self.decimal!r} is not a decimal mark; it is '.' or ','.")
        if self.currency and not is_code(self.currency):
            raise InvalidOptions(f"{self.currency!r} is no currency's ISO code.")
        if self.media and not is_url(self.media):
            raise InvalidOptions(f"{self.media!r} is not an address that begins with http:// or https://.")
        if self.encoding:
            check_encoding(self.encoding)
        if self.language:
            check_language(self.language)

    def over(self, saved: FeedOptions) -> FeedOptions:
        """These options, and those of ``saved`` where these say nothing."""
        return FeedOptions(
            columns={**saved.columns, **self.columns},
            encoding=self.encoding or saved.encoding,
            decimal=self.decimal or saved.decimal,
            currency=self.currency or saved.currency,
            media=self.media or saved.media,
            language=self.language or saved.language,
        )


def is_url(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))


def check_language(code: str) -> None:
    """Raises InvalidOptions for what is not the code of a language that columns are known in."""
    if code.lower() not in LANGUAGES:
        known = ", ".join(sorted(LANGUAGES))
        raise InvalidOptions(f"{code!r} is not the code of a language; the codes are {known}.")


def check_encoding(name: str) -> None:
    """Raises InvalidOptions for an encoding that Python does not know, or that is none of text."""
    try:
        # A feed is decoded piece by piece, with damaged characters replaced.
        codecs.getincrementaldecoder(name)("replace").decode("id".encode(name))
    except (LookupError, ValueError):
        raise InvalidOptions(f"{name!r} is not an encoding, such as utf-8 or cp1252.") from None


def read_mapping(pairs: Iterable[str]) -> dict[str, str]:
    """``column=field`` texts as a mapping by column_name. Raises InvalidOptions."""
    return checked_mapping(_pair(text) for text in pairs if text.strip())


def checked_mapping(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Columns in any spelling to fields. Raises InvalidOptions for a field that there is not."""
    mapping = {}
    for column, stated in pairs:
        name = stated.strip().lower().replace("-", "_").replace(" ", "_")
        name = _SPELLINGS.get(name, name)
        if name not in FIELDS:
            raise InvalidOptions(f"{stated.strip()!r} is not a field; the fields are {', '.join(FIELDS)}.")
        if not column_name(column):
            raise InvalidOptions(f"{column!r} is not a column.")
        mapping[column_name(column)] = name
    return mapping


def _pair(text: str) -> tuple[str, str]:
    column, mark, name = text.rpartition("=")
    if not mark:
        raise InvalidOptions(f"{text.strip()!r} is not column=field.")
    return column, name


def options_of_file(source: str) -> FeedOptions:
    """The source's table in the TOML file of ``settings.FEED_OPTIONS``. Raises InvalidOptions."""
    path = settings.FEED_OPTIONS
    if not path:
        return FeedOptions()
    try:
        with Path(path).open("rb") as file:
            table: Any = tomllib.load(file).get(source, {})
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InvalidOptions(f"FEED_OPTIONS={path} cannot be read: {error}.") from error
    unknown = set(table) - {"columns", "encoding", "decimal", "currency", "media", "language"}
    if unknown:
        raise InvalidOptions(f"FEED_OPTIONS={path}: [{source}] does not know {', '.join(sorted(unknown))}.")
    columns = table.pop("columns", {})
    return FeedOptions(
        columns=checked_mapping((str(column), str(name)) for column, name in columns.items()),
        **{name: str(value) for name, value in table.items()},
    )
