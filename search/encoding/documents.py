"""What of a product is embedded: its words, its cover picture, and how the two vectors become one."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from catalog.models import Product
from search.vectors import Vectors

# Raised whenever `embedding_text` would say the same product differently: all are embedded again then.
TEXT_VERSION = 1
# Encoders read 20 to 77 tokens; the rest is for the lexical index.
LONGEST_TEXT = 300
# What a picture shows or a shopper says; sizes, codes and care labels only crowd the few tokens there are.
SPOKEN_ATTRIBUTES = ("material", "pattern", "usage", "occasion", "season", "fit", "style", "sleeve", "neck")


def embedding_text(product: Product) -> str:
    """The product in a shopper's words: title, colour and category, gender, brand, a few attributes.

    A part whose words have all been said already is left out, as titles often hold brand and colour.
    """
    said: set[str] = set()
    parts = []
    for part in _parts(product):
        words = set(re.findall(r"\w+", part.casefold()))
        if words - said:
            parts.append(" ".join(part.split()))
            said |= words
    return ", ".join(parts)[:LONGEST_TEXT]


def _parts(product: Product) -> Iterator[str]:
    yield product.title
    yield f"{product.colour} {product.category}"
    yield product.gender
    yield product.brand
    attributes = {str(key).casefold(): value for key, value in product.attributes.items()}
    for name in SPOKEN_ATTRIBUTES:
        if isinstance(value := attributes.get(name), str):
            yield value


def embedding_hash(text: str, picture: str) -> str:
    """sha256 over what is embedded: the words, and the cover's content hash ("" for none)."""
    return hashlib.sha256(json.dumps([TEXT_VERSION, text, picture]).encode()).hexdigest()


def document_vectors(images: Vectors, texts: Vectors, pictured: NDArray[np.bool_], share: float) -> Vectors:
    """One unit vector a product: unit(share·image + (1 - share)·text), (n, d) float32.

    `pictured` (n,) is false where there is no picture: the text stands alone. Such a product scores
    higher for words that describe it, and lower for pictures, than one that shows what it says.
    """
    weights = np.where(pictured, np.float32(share), np.float32(0.0))[:, None]
    mixed = weights * images + (1 - weights) * texts
    lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
    # Exactly opposed vectors cancel; the words are then the better half.
    usable = lengths > 1e-6
    return np.where(usable, mixed / np.where(usable, lengths, 1), texts).astype(np.float32)
