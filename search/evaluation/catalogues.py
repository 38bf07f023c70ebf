"""The catalogues for evaluation: the synced one with the index in service, or a labelled file."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog.models import Product
from catalog.pictures.decoding import InvalidImage, open_image
from search.encoding.documents import document_vectors
from search.encoding.encoder import Encoder
from search.evaluation.metrics import Catalogue, Search
from search.index.product_index import ProductIndex
from search.models import ProductEmbedding
from search.vectors import Rows, Vectors, from_bytes

# Attributes that hold the specific type of a product; without one, the category is its type.
TYPE_NAMES = ("article_type", "type", "kind", "product_type")


class NothingToMeasure(Exception):
    """No products with pictures and titles to measure on; the message names the remedy."""


def synced_catalogue(index: ProductIndex, fingerprint: str) -> tuple[Catalogue, Search]:
    """The products in the index that have a picture, and the index as a search over them.

    Raises NothingToMeasure when there are none.
    """
    row_of = {int(key): row for row, key in enumerate(index.keys)}
    stored = ProductEmbedding.objects.filter(fingerprint=fingerprint, image_vector__isnull=False)
    pictures = {
        key: from_bytes(vector or b"") for key, vector in stored.values_list("product_id", "image_vector")
    }
    products = [p for p in Product.objects.active().order_by("pk") if p.pk in pictures and p.pk in row_of]
    if not products:
        raise NothingToMeasure(
            "No product with a picture is in the index. Run manage.py sync and reindex first."
        )
    rows = np.array([row_of[product.pk] for product in products], np.int64)
    catalogue = Catalogue(
        images=np.stack([pictures[product.pk] for product in products]),
        documents=np.asarray(index.vectors[rows], np.float32),
        titles=[product.title for product in products],
        labels=_labels([labels_of(product) for product in products]),
    )
    return catalogue, _index_search(index, rows)


def _index_search(index: ProductIndex, rows: Rows) -> Search:
    position_of = np.full(len(index), -1, np.int64)
    position_of[rows] = np.arange(len(rows))

    def search(queries: Vectors, depth: int) -> Rows:
        found = np.full((len(queries), depth), -1, np.int64)
        for number, query in enumerate(queries):
            nearest, _similarities = index.nearest(query, depth)
            found[number, : len(nearest)] = position_of[nearest]
        return found

    return search


def labels_of(product: Product) -> dict[str, str]:
    attributes = {str(key).casefold(): str(value) for key, value in product.attributes.items()}
    kind = next((attributes[name] for name in TYPE_NAMES if attributes.get(name)), product.category)
    return {
        "category": product.category,
        "type": kind,
        "colour": product.colour,
        "usage": attributes.get("usage", ""),
    }


def labelled_file(path: Path, encoder: Encoder, share: float) -> Catalogue:
    """A CSV file with columns title and image (a path beside the file), and any of category,
    article_type, colour and usage. Its pictures are encoded here; ``share`` in [0, 1] is the picture's part
    of a document.

    Raises NothingToMeasure when the file cannot be read or names no readable picture.
    """
    rows, images = [], []
    for row in _rows(path):
        try:
            images.append(open_image((path.parent / row["image"]).read_bytes(), at_least=encoder.image_size))
        except (OSError, InvalidImage):
            continue  # a missing or broken picture only makes the sample smaller; its size is reported
        rows.append(row)
    if not rows:
        raise NothingToMeasure(f"{path} names no picture that can be read.")
    pictures, titles = encoder.encode_images(images), encoder.encode_text([row["title"] for row in rows])
    return Catalogue(
        images=pictures,
        documents=document_vectors(pictures, titles, np.ones(len(rows), bool), share),
        titles=[row["title"] for row in rows],
        labels=_labels([_from_row(row) for row in rows]),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NothingToMeasure(f"{path} cannot be read as CSV: {error}") from error
    if rows and not {"title", "image"} <= rows[0].keys():
        raise NothingToMeasure(f"{path} needs the columns title and image.")
    return rows


def _from_row(row: Mapping[str, str]) -> dict[str, str]:
    kind = next((row[name] for name in TYPE_NAMES if row.get(name)), row.get("category", ""))
    category = row.get("category") or row.get("master_category") or ""
    return {
        "category": category,
        "type": kind,
        "colour": row.get("colour", ""),
        "usage": row.get("usage", ""),
    }


def _labels(products: Sequence[Mapping[str, str]]) -> dict[str, NDArray[np.str_]]:
    labels = {
        name: np.array([product[name] for product in products])
        for name in ("category", "type", "colour", "usage")
    }
    both = [
        f"{product['colour']} {product['type']}" if product["colour"] and product["type"] else ""
        for product in products
    ]
    return labels | {"colour and type": np.array(both)}
