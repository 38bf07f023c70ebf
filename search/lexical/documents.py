"""The words of a product for the lexical index, weighted by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.models import Product
from search.language.tokens import stems, words

# How often each field's words count. A brand or a category is a fact, a title may be decoration.
_FIELD_COUNTS = {"brand": 3, "categories": 3, "colour": 2, "gender": 2, "title": 2, "attributes": 1}
# Words of the description have this prefix: they may find a product but must not exclude one.
DESCRIBED = "~"
_ARTICLE_NUMBERS = frozenset({"sku", "gtin", "ean", "mpn", "article_number", "style"})


@dataclass(frozen=True)
class LexicalDocument:
    """The words of one product, field by field. ``codes`` are article numbers, found whole or in parts."""

    title: str
    brand: str = ""
    category: str = ""
    colour: str = ""
    gender: str = ""
    attributes: str = ""
    description: str = ""
    codes: tuple[str, ...] = ()
    # The steps that lead to ``category``: "Apparel > Dresses".
    category_path: str = ""

    @classmethod
    def of(cls, product: Product) -> LexicalDocument:
        return cls(
            title=product.title,
            brand=product.brand,
            category=product.category,
            colour=product.colour,
            gender=product.gender,
            attributes=" ".join(_texts(product.attributes)),
            description=product.description,
            codes=(
                *(product.product_id, product.external_id),
                *_texts(product.article_numbers),
                *_article_numbers(product.attributes),
            ),
            category_path=product.category_path,
        )

    @property
    def categories(self) -> str:
        return f"{self.category} {self.category_path}"

    def tokens(self) -> Iterator[str]:
        """Every token, repeated as often as its field counts."""
        stated: set[str] = set()
        for field, count in _FIELD_COUNTS.items():
            for token in stems(getattr(self, field)):
                stated.add(token)
                yield from [token] * count
        for code in self.codes:
            yield from _code_tokens(code)
        yield from (DESCRIBED + token for token in set(stems(self.description)) - stated)

    def written_words(self) -> set[str]:
        """The words as they are written, for spelling correction."""
        return {word for field in _FIELD_COUNTS for word in words(getattr(self, field))}


def _article_numbers(attributes: Mapping[str, Any]) -> list[str]:
    return [str(value) for key, value in attributes.items() if key.casefold() in _ARTICLE_NUMBERS and value]


def _texts(value: object) -> Iterator[str]:
    """Every text and number within a JSON value, without its keys: those are the shop's field names."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)


def _code_tokens(code: str) -> set[str]:
    parts = words(code)
    return {part for part in [*parts, "".join(parts)] if any(map(str.isdigit, part))}
