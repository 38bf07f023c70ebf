"""From a shop's product with its variants to catalogue products: one for each colour, with its sizes."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.utils.text import slugify

from catalog.attributes import BRAND, COLOUR, GENDER, SIZE, SOLD_OUT_SIZES, column_name
from catalog.sources.base import MAX_ID, InvalidProduct, Offer, Rejected, SourceProduct
from catalog.sources.feeds.mapping import capitalised
from catalog.sources.feeds.values.genders import GENDERS

SLUG = 40


@dataclass(frozen=True)
class Variant:
    """What can be put into a basket. Prices are decimal numbers as text, "" or None where none is stated;
    ``quantity`` None: not counted. ``options`` are named as in the shop: {"Color": "Navy", "Size": "M"}.
    ``sku``, ``gtin`` and ``mpn`` are article numbers: the shop's own, the trade's and the manufacturer's.
    """

    options: Mapping[str, str]
    price: str | None
    list_price: str | None
    in_stock: bool
    quantity: int | None
    images: tuple[str, ...] = ()
    url: str = ""
    sku: str = ""
    gtin: str = ""
    mpn: str = ""


@dataclass(frozen=True)
class Style:
    """What variants share. ``attributes`` are lists of texts by the shop's names; ``gender_words`` are
    tags and categories, which name a gender in most shops. ``line`` is its place in the crawl.
    """

    external_id: str
    title: str
    line: int
    currency: str
    description: str = ""
    brand: str = ""
    category_path: str = ""
    url: str = ""
    images: tuple[str, ...] = ()
    attributes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    gender_words: tuple[str, ...] = ()
    sku: str = ""


def products(style: Style, variants: Sequence[Variant]) -> Iterator[SourceProduct | Rejected]:
    """One product for each colour (id ``<id>-<colour>``, all sharing the style), or one without colours."""
    groups = _by_colour(variants)
    for key, group in groups.items():
        external_id = f"{style.external_id}-{key}" if key else style.external_id
        others = [variant for other, of_other in groups.items() if other != key for variant in of_other]
        try:
            yield _product(style, external_id, group, others)
        except InvalidProduct as error:
            yield Rejected(style.line, external_id[:MAX_ID], str(error))


def sold(variants: Sequence[Variant]) -> list[Variant]:
    """Those that state a price, 0 included; all, where none does: nobody can order the others."""
    return [variant for variant in variants if variant.price not in (None, "")] or list(variants)


def unreadable(line: int, number: object, shop: str, error: Exception) -> Rejected:
    """The rejected row for a product whose JSON differs from the shop's documentation."""
    problem = f"{shop}'s answer cannot be read: {type(error).__name__} {error}"
    return Rejected(line, str(number or "")[:MAX_ID], " ".join(problem.split())[:200])


def offer_among(rows: Iterable[SourceProduct | Rejected], external_id: str) -> Offer | None:
    """The offer of the product with this id: GONE where no row has it, None where a refused one may be it."""
    refused = False
    for row in rows:
        if isinstance(row, Rejected):
            # A style that is refused as a whole ("7") may have it ("7-navy").
            refused = refused or external_id.startswith(row.external_id)
        elif row.external_id == external_id:
            return Offer(row.price, row.list_price, row.currency, row.in_stock, row.quantity)
    return None if refused else GONE


# No price: the last one known stays.
GONE = Offer(price=None, list_price=None, currency="", in_stock=False, quantity=0)


def _by_colour(variants: Sequence[Variant]) -> dict[str, list[Variant]]:
    groups: dict[str, list[Variant]] = {}
    for variant in variants:
        groups.setdefault(_key(_named(variant.options, COLOUR)), []).append(variant)
    return groups


def _key(colour: str) -> str:
    """A colour as part of an id: readable, and the same from crawl to crawl."""
    if not colour.strip():
        return ""
    digest = hashlib.sha256(colour.strip().casefold().encode(errors="replace")).hexdigest()[:8]
    whole = slugify(colour)
    slug = whole[:SLUG].strip("-")
    # What a slug leaves of "黒/BLACK 2" and of "白/BLACK 2" is the same, and the beginning of two long names.
    if slug and (len(whole) > SLUG or any(map(_is_of_another_script, colour))):
        return f"{slug}-{digest}"
    return slug or digest


def _is_of_another_script(char: str) -> bool:
    """Whether it is a letter that slugs leave out: of any script but Latin."""
    return char.isalpha() and "LATIN" not in unicodedata.name(char, "")


def _product(
    style: Style, external_id: str, group: Sequence[Variant], others: Sequence[Variant]
) -> SourceProduct:
    attributes = {name: list(values) for name, values in style.attributes.items()}
    colours, brands, genders = (_take(attributes, names) for names in (COLOUR, BRAND, GENDER))
    colour = _named(group[0].options, COLOUR) or "/".join(colours[:3])
    cheapest = _cheapest(group)
    price, before = amount(cheapest.price), amount(cheapest.list_price)
    return SourceProduct(
        external_id=external_id,
        title=style.title,
        description=style.description,
        brand=style.brand or next(iter(brands), ""),
        category=style.category_path.rpartition(" > ")[2],
        category_path=style.category_path,
        colour=capitalised(colour),
        gender=_gender(genders) or _gender(style.gender_words),
        price=price,
        list_price=before if price is not None and before is not None and before > price else None,
        currency=style.currency if price is not None else "",
        in_stock=any(variant.in_stock for variant in group),
        quantity=_quantity(group),
        url=(external_id != style.external_id and group[0].url) or style.url,
        item_group_id=style.external_id if external_id != style.external_id else "",
        attributes=_attributes(attributes, group),
        images=_images(style, group, others),
        article_numbers=_article_numbers(style, group),
        line=style.line,
    )


def _named(options: Mapping[str, str], names: set[str]) -> str:
    return next((value for name, value in options.items() if column_name(name) in names), "")


def _take(attributes: dict[str, list[str]], names: set[str]) -> list[str]:
    """The values of the first attribute with one of these names, which is then removed."""
    name = next((name for name in attributes if column_name(name) in names), None)
    return attributes.pop(name) if name is not None else []


def _gender(words: Iterable[str]) -> str:
    """The gender that these words name, "" where they name none or several."""
    named = {GENDERS[word] for word in (word.strip().lower() for word in words) if word in GENDERS}
    return named.pop() if len(named) == 1 else ""


def amount(text: str | None) -> Decimal | None:
    """A price as an API states it, "59.00"; None for an empty text and for 0. Raises InvalidProduct."""
    if text is None or not str(text).strip():
        return None
    try:
        price = Decimal(str(text).strip())
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite():
        raise InvalidProduct(f"the price {str(text)[:60]!r} is not a number")
    return price or None


def _cheapest(group: Sequence[Variant]) -> Variant:
    """Of those that can be bought, else of all; a variant without a price only where none has one."""
    buyable = [variant for variant in group if variant.in_stock] or list(group)
    return min(buyable, key=_price_or_infinity)


def _price_or_infinity(variant: Variant) -> Decimal:
    price = amount(variant.price)
    return Decimal("Infinity") if price is None else price


def _quantity(group: Sequence[Variant]) -> int | None:
    """All sizes together, None where one that can be bought is not counted. Oversold sizes count as none."""
    if any(variant.quantity is None and variant.in_stock for variant in group):
        return None
    counted = [max(0, variant.quantity) for variant in group if variant.quantity is not None]
    return sum(counted) if counted else None


def _attributes(stated: dict[str, list[str]], group: Sequence[Variant]) -> dict[str, str | list[str]]:
    sizes = _take(stated, SIZE)
    there = _options(variant for variant in group if variant.in_stock)
    every = _options(group)
    attributes: dict[str, str | list[str]] = {
        column_name(name): values[0] if len(values) == 1 else values
        for name, values in stated.items()
        if values and column_name(name) not in ("sizes", SOLD_OUT_SIZES)
    }
    for name, values in every.items():
        if name not in COLOUR | SIZE:
            attributes[name] = values[0] if len(values) == 1 else values
    all_sizes = next((every[name] for name in every if name in SIZE), sizes)
    left = next((there[name] for name in there if name in SIZE), [])
    if all_sizes:
        # A page lists the sizes that can be bought; once none can, all sizes that there are.
        attributes["sizes"] = left or all_sizes
    if left and (sold_out := [size for size in all_sizes if size not in left]):
        attributes[SOLD_OUT_SIZES] = sold_out
    return attributes


def _options(variants: Iterable[Variant]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for variant in variants:
        for name, value in variant.options.items():
            values = found.setdefault(column_name(name), [])
            if value and value not in values:
                values.append(value)
    return found


def _article_numbers(style: Style, group: Sequence[Variant]) -> dict[str, list[str]]:
    return {
        "sku": [style.sku, *(variant.sku for variant in group)],
        "gtin": [variant.gtin for variant in group],
        "mpn": [variant.mpn for variant in group],
    }


def _images(style: Style, group: Sequence[Variant], others: Sequence[Variant]) -> tuple[str, ...]:
    """The colour's own pictures, then those that no other colour claims."""
    own = [image for variant in group for image in variant.images]
    claimed = {image for variant in others for image in variant.images} - set(own)
    return (*own, *(image for image in style.images if image not in claimed))
