"""Feeds with a row for each product, or for each size of it: Google's, Facebook's, Awin's, and any other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from catalog.sources.base import InvalidProduct, Rejected, Skipped, SourceProduct, SourceRow
from catalog.sources.feeds.dialects.base import Columns, Dialect, text_of
from catalog.sources.feeds.mapping import read_product, stated_id
from catalog.sources.feeds.reading import Reading
from catalog.sources.feeds.rows import Row
from catalog.sources.feeds.visibility import VISIBILITY, unknown_states, why_hidden
from catalog.sources.variants import Style, Variant, products

_STYLE = ("item_group_id", "group_id", "parent_sku", "parent_id", "style_id", "parent_product_id")
_SIZE = ("size", "size_name", "sizes", "fashion_size", "größe", "taille")
_COLOUR = ("color", "colour", "farbe", "couleur")
# What makes two articles of one style and colour.
_APART = ("material", "pattern", "fashion_material", "fashion_pattern", "gender", "age_group")
_SEVERAL = re.compile(r"[,|;]")
_NAMED_STATES = 5


class GenericFeed(Dialect):
    """A row for each product. Rows of one style and colour that differ in their size are one product."""

    name = "product feed"
    keeps_the_rest = True

    def __init__(self) -> None:
        self._sizes: dict[str, str] = {}
        self._has_size_rows = False
        self._unknown_states: dict[str, set[str]] = {}

    @classmethod
    def recognises(cls, columns: Columns) -> bool:
        return True

    def key(self, row: Row) -> str:
        style, size = row.first(*_STYLE), row.first(*_SIZE)
        if not style or not size or _SEVERAL.search(size):
            return ""
        apart = (row.first(*_COLOUR), *(row.first(name) for name in _APART))
        key = "\x1f".join((style, *apart)).casefold()
        if not self._has_size_rows:
            self._has_size_rows = self._sizes.setdefault(key, size) != size
        return key

    def resolve(self, key: str) -> str:
        # A feed that states one size of each product has a row for each product, whose ids stay.
        return key if self._has_size_rows else ""

    def read(self, rows: Sequence[Row], reading: Reading) -> Iterator[SourceRow]:
        is_style = bool(rows) and bool(self.resolve(self.key(rows[0])))
        yield from self.read_rows(rows, reading, is_style=is_style)

    def read_rows(
        self, rows: Sequence[Row], reading: Reading, *, is_style: bool = False
    ) -> Iterator[SourceRow]:
        """A product of each row, or one of all of them where they are the sizes of one style."""
        shown: list[SourceProduct] = []
        for row in rows:
            try:
                reason = why_hidden(row, reading.now)
                if reason:
                    yield Skipped(row.line, self.id_of(row), reason)
                    continue
                shown.append(read_product(row, reading))
                self._note_states(row)
            except InvalidProduct as error:
                # The style's id, so that what is known of its other sizes stays.
                grouped = is_style and row.first(*_STYLE)
                yield Rejected(row.line, (grouped or stated_id(row, reading))[:80], str(error))
        if not is_style:
            yield from shown
        elif shown:
            yield from _with_sizes(shown)

    def _note_states(self, row: Row) -> None:
        for column, text in unknown_states(row):
            known = self._unknown_states.setdefault(column, set())
            if len(known) < _NAMED_STATES:
                known.add(text[:30])

    def notes(self) -> Iterator[str]:
        for column, texts in self._unknown_states.items():
            stated = ", ".join(map(repr, sorted(texts)))
            yield (
                f"Column {column}: {stated} says neither that a product is shown nor that it is hidden; "
                "such products are shown."
            )

    def id_of(self, row: Row) -> str:
        return row.first("id", "sku", "aw_product_id", "product_id")[:80]

    def reads(self, column: str) -> bool:
        return column in self.unused or column in VISIBILITY


def _with_sizes(rows: Sequence[SourceProduct]) -> Iterator[SourceRow]:
    """Rows of one style and colour as one product with its sizes."""
    first = rows[0]
    style = Style(
        external_id=first.item_group_id,
        title=_without_size(first),
        line=first.line,
        currency=next((row.currency for row in rows if row.price is not None), ""),
        description=first.description,
        brand=first.brand,
        category_path=first.category_path,
        url=first.url,
        attributes=_shared(rows),
        gender_words=(first.gender,) if first.gender else (),
    )
    if len({row.currency for row in rows if row.price is not None}) > 1:
        yield Rejected(first.line, first.item_group_id, "its sizes have prices in several currencies")
        return
    yield from products(style, [_variant(row) for row in rows])


def _variant(row: SourceProduct) -> Variant:
    options = {"color": row.colour} if row.colour else {}
    numbers = {kind: next(iter(stated), "") for kind, stated in row.article_numbers.items()}
    return Variant(
        options={**options, "size": _size(row)},
        price=text_of(row.price),
        list_price=text_of(row.list_price),
        in_stock=row.in_stock,
        quantity=row.quantity,
        images=row.images,
        url=row.url,
        # The id that the shop gives each size is how its staff look for it.
        sku=numbers.get("sku") or row.external_id,
        gtin=numbers.get("gtin", ""),
        mpn=numbers.get("mpn", ""),
    )


def _size(row: SourceProduct) -> str:
    return next(iter(row.attributes.get("sizes", [])), "")


def _without_size(row: SourceProduct) -> str:
    size = re.escape(_size(row))
    return re.sub(rf"\s*[-–—,/|(:]\s*(?:size\s+)?{size}\)?$", "", row.title, flags=re.IGNORECASE) or row.title


def _shared(rows: Sequence[SourceProduct]) -> dict[str, list[str]]:
    """What every size states alike, by the first row's names."""
    shared = {}
    for name, value in rows[0].attributes.items():
        if name != "sizes" and all(row.attributes.get(name) == value for row in rows):
            shared[name] = value if isinstance(value, list) else [value]
    return shared


class GoogleFeed(GenericFeed):
    name = "Google product feed"

    @classmethod
    def recognises(cls, columns: Columns) -> bool:
        return {"id", "title", "price", "image_link"} <= columns and bool(
            {"availability", "item_group_id", "google_product_category", "gtin", "condition"} & columns
        )


class FacebookFeed(GenericFeed):
    name = "Facebook catalogue"

    @classmethod
    def recognises(cls, columns: Columns) -> bool:
        own = {
            "fb_product_category",
            "quantity_to_sell_on_facebook",
            "style_0",
            "video_0_url",
            "product_tags_0",
        }
        return {"id", "title"} <= columns and bool(own & columns)


class AwinFeed(GenericFeed):
    name = "Awin product feed"
    aliases = {
        "id": ("aw_product_id", "merchant_product_id"),
        "title": ("product_name",),
        "description": ("description", "product_short_description"),
        "link": ("merchant_deep_link", "aw_deep_link"),
        "price": ("search_price", "store_price", "display_price"),
        "list_price": ("rrp_price", "product_price_old"),
        "category": (
            "merchant_product_category_path",
            "merchant_category",
            "category_name",
            "fashion_category",
        ),
        "gender": ("fashion_suitable_for",),
        "sizes": ("fashion_size",),
        "image": ("merchant_image_url", "large_image", "aw_image_url"),
        "quantity": ("stock_quantity",),
        "sku": ("merchant_product_id",),
    }
    unused = frozenset(
        {
            *("merchant_name", "merchant_id", "category_id", "delivery_cost", "language", "last_updated"),
            *(
                "data_feed_id",
                "saving",
                "savings_percent",
                "base_price",
                "base_price_amount",
                "base_price_text",
            ),
            *("merchant_thumb_url", "aw_thumb_url", "delivery_time", "valid_from", "valid_to", "web_offer"),
            *("pre_order", "number_available", "commission_group", "merchant_product_second_category"),
            *("merchant_product_third_category", "average_rating", "reviews", "rating", "number_stars"),
        }
    )

    @classmethod
    def recognises(cls, columns: Columns) -> bool:
        return "aw_product_id" in columns or {"aw_deep_link", "search_price"} <= columns
