"""What of a product is embedded (a text and its cover picture), and the fusion of their two vectors."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator

import numpy as np

from catalog.models import Product
from search.lexical.documents import IndexedFields
from search.vectors import Mask, Vectors

# Increase it when `embedding_text` gives another text for the same product: all are embedded again then.
TEXT_VERSION = 1
# In characters. Encoders read 20 to 77 tokens; the rest is for the lexical index.
LONGEST_TEXT = 300
# What a picture shows or a shopper types; sizes, codes and care labels would use up the few tokens.
EMBEDDED_ATTRIBUTES = ("material", "pattern", "usage", "occasion", "season", "fit", "style", "sleeve", "neck")
_WORD = re.compile(r"\w+")


def embedding_text(product: Product | IndexedFields) -> str:
    """Title, colour and category, gender, brand and a few attributes, separated by commas.

    A part without a new word is left out, because titles often contain brand and colour.
    """
    seen: set[str] = set()
    parts = []
    for part in _parts(product):
        words = _WORD.findall(part.casefold())
        if not seen.issuperset(words):
            parts.append(" ".join(part.split()))
            seen.update(words)
    return ", ".join(parts)[:LONGEST_TEXT]


def _parts(product: Product | IndexedFields) -> Iterator[str]:
    yield product.title
    yield f"{product.colour} {product.category}"
    yield product.gender
    yield product.brand
    attributes = {str(key).casefold(): value for key, value in product.attributes.items()}
    for name in EMBEDDED_ATTRIBUTES:
        if isinstance(value := attributes.get(name), str):
            yield value


def embedding_hash(text: str, picture: str) -> str:
    """sha256 over what is embedded: the text, and the cover's content hash ("" for none)."""
    return hashlib.sha256(json.dumps([TEXT_VERSION, text, picture]).encode()).hexdigest()


def document_vectors(images: Vectors, texts: Vectors, pictured: Mask, share: float) -> Vectors:
    """One unit vector per product: unit(share·image + (1 - share)·text), (n, d) float32.

    `pictured` (n,) is false where there is no picture; the text vector is then used alone. Such a product
    scores higher for text queries that describe it, and lower for pictures, than one with a picture.
    """
    weights = np.where(pictured, np.float32(share), np.float32(0.0))[:, None]
    mixed = weights * images + (1 - weights) * texts
    lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
    # Exactly opposed vectors cancel; the text describes the product more reliably than its picture.
    usable = lengths > 1e-6
    return np.where(usable, mixed / np.where(usable, lengths, 1), texts).astype(np.float32)
