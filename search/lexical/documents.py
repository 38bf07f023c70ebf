"""The words of a product for the lexical index, weighted by field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple

from search.language.lexicon import GARMENTS
from search.language.tokens import fold, stems, words

if TYPE_CHECKING:
    from catalog.models import Product

# How often each field's words count. A brand or a category is a fact, a title may be decoration.
_FIELD_COUNTS = {"brand": 3, "categories": 3, "colour": 2, "gender": 2, "title": 2, "attributes": 1}
# Words of the description have this prefix: they may find a product but must not exclude one.
DESCRIBED = "~"
# Article numbers as one token each, and nouns with the word before them ("+sneaker sock").
CODE, COMPOUND = "#", "+"
# A shorter part of an article number is hardly one.
_MIN_CODE, _MIN_CODE_PART, _MAX_CODE_PARTS = 3, 4, 8
_SEPARATORS = re.compile(r"[-_./]")
_ARTICLE_NUMBERS = frozenset({"sku", "gtin", "ean", "mpn", "article_number", "style"})


class IndexedFields(NamedTuple):
    """The columns of a product from which its words and its embedded text are made, read without a model."""

    pk: int
    product_id: str
    external_id: str
    title: str
    description: str
    brand: str
    category: str
    category_path: str
    colour: str
    gender: str
    attributes: Mapping[str, Any]
    article_numbers: Mapping[str, Any]


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
    # Those of them that the shop calls article numbers: ids may be words, such as "wrap-dress".
    numbers: tuple[str, ...] = ()
    # The steps that lead to ``category``: "Apparel > Dresses".
    category_path: str = ""

    @classmethod
    def of(cls, product: Product | IndexedFields) -> LexicalDocument:
        numbers = (*_texts(product.article_numbers), *_article_numbers(product.attributes))
        return cls(
            title=product.title,
            # Many products share these texts: each is held once.
            brand=intern(product.brand),
            category=intern(product.category),
            colour=intern(product.colour),
            gender=intern(product.gender),
            attributes=" ".join(_texts(product.attributes)),
            description=product.description,
            codes=(product.product_id, product.external_id, *numbers),
            numbers=numbers,
            category_path=intern(product.category_path),
        )

    @property
    def categories(self) -> str:
        return f"{self.category} {self.category_path}"

    def tokens(self) -> Iterator[str]:
        """Every token, repeated as often as its field counts."""
        stated: set[str] = set()
        for field, count in _FIELD_COUNTS.items():
            tokens = self._stated(field)
            stated.update(tokens)
            yield from tokens * count
        yield from {token for code in self.codes for token in _code_tokens(code)}
        yield from {CODE + spelled for number in self.numbers if (spelled := spelled_number(number))}
        yield from {COMPOUND + f"{first} {noun}" for first, noun in self.compounds()}
        described = set(stems(self.description)).union(*self.compounds())
        yield from (DESCRIBED + token for token in described - stated)

    def compounds(self) -> Iterator[tuple[str, str]]:
        """Neighbours in the title of which the second is a garment: what it is, behind what describes it."""
        title = stems(self.title)
        yield from (pair for pair in pairwise(title) if pair[1] in GARMENTS)

    def _stated(self, field: str) -> list[str]:
        """The words of a field that say what the product is or has.

        A garment that only describes the next one ("sneaker socks") is left out: it is no sneaker.
        """
        tokens = stems(getattr(self, field))
        if field != "title":
            return tokens
        describing = [
            first in GARMENTS and noun in GARMENTS and first != noun for first, noun in pairwise(tokens)
        ]
        return [token for token, is_first in zip(tokens, [*describing, False], strict=False) if not is_first]

    def written_words(self) -> set[str]:
        """The words as they are written, for spelling correction."""
        return {word for field in _FIELD_COUNTS for word in words(getattr(self, field))}


def spelled_number(text: str) -> str:
    """ "wd-n-s" for "WD_N_S": an article number of letters alone, found as a whole; "" for any other text.

    Words may be written like that, so its parts and "wd n s" are not it.
    """
    parts = _SEPARATORS.split(fold(text.strip()))
    is_one = len(parts) > 1 and all(map(str.isalpha, parts)) and len("".join(parts)) >= _MIN_CODE
    return "-".join(parts) if is_one else ""


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


def _code_tokens(code: str) -> Iterator[str]:
    """Its parts and the whole as words, and every run of parts joined as an article number."""
    parts = words(code)[:_MAX_CODE_PARTS]
    yield from (part for part in [*parts, "".join(parts)] if any(map(str.isdigit, part)))
    for start, end in combinations(range(len(parts) + 1), 2):
        joined = "".join(parts[start:end])
        least = _MIN_CODE_PART if end - start == 1 < len(parts) else _MIN_CODE
        if len(joined) >= least and any(map(str.isdigit, joined)):
            yield CODE + joined
