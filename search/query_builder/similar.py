"""The query for products like one product."""

from __future__ import annotations

from datetime import datetime

from catalog.models import Product
from search import images
from search.candidates.vector_query import VectorQuery
from search.engine import IndexSnapshot
from search.looks.wearers import of_the_other_sex
from search.query import BUYABLE, Filters, SearchQuery
from search.query_builder.encoding import encode_text
from search.query_builder.prepared import PreparedQuery


def prepare_similar(product: Product, snapshot: IndexSnapshot, *, top_k: int, now: datetime) -> PreparedQuery:
    """The query for products like this one that can be bought: its own document vector, its style left out.

    The other colours of a style are the same product; its page lists them. Nor is a woman's product answered
    with men's, however alike. A product too new for the index is looked for by its title.
    """
    rows = snapshot.columns.rows_of([product.pk])
    unfit = Filters(gender=of_the_other_sex(product.gender, snapshot.columns.gender.values))
    query = SearchQuery(image_id=images.product_image_id(product), weight=1.0, top_k=top_k)
    if len(rows):
        vector_query = VectorQuery(
            weight=1.0,
            filters=BUYABLE,
            excluded_values=unfit,
            image=snapshot.index.vectors[rows[0]],
            excluded_keys=tuple(snapshot.columns.keys_of_styles([product.pk])),
        )
    else:
        vector_query = VectorQuery(
            weight=0.0, filters=BUYABLE, excluded_values=unfit, text=encode_text(product.title, now)
        )
    return PreparedQuery(query=query, query_type="image", vector_query=vector_query, image_id=query.image_id)
